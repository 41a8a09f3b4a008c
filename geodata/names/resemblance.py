"""How alike two folded names are, 0 (nothing shared) to 1 (the same letters), over columns of pairs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist


def resemblance(one: Sequence[str], other: Sequence[str]) -> NDArray[np.float64]:
    """Return for each pair of folded cores how alike they are, elementwise; symmetric.

    The greater of two readings: the letters without spaces ("redrose", "red rose"), and the words in alphabetical order
    ("cruz santa", "santa cruz"). Each is the greater of Jaro-Winkler and optimal string alignment (one minus edits over
    length). An empty core is like nothing, not even another empty one.
    """
    if not one:
        return np.zeros(0)
    best = _alike([core.replace(" ", "") for core in one], [core.replace(" ", "") for core in other])
    at = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if " " in a or " " in b]
    if at:
        words = _alike([" ".join(sorted(one[i].split())) for i in at], [" ".join(sorted(other[i].split())) for i in at])
        best[at] = np.maximum(best[at], words)
    best[[i for i, (a, b) in enumerate(zip(one, other, strict=True)) if not a or not b]] = 0.0
    return best


def _alike(one: Sequence[str], other: Sequence[str]) -> NDArray[np.float64]:
    edits = cpdist(one, other, scorer=OSA.normalized_similarity, dtype=np.float64)
    letters = cpdist(one, other, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    return np.asarray(np.maximum(edits, letters), dtype=np.float64)
