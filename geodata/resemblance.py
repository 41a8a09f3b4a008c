"""How alike two folded names are, 0 (nothing shared) to 1 (the same letters), over columns of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist


def resemblance(one: Sequence[str], other: Sequence[str]) -> NDArray[np.float64]:
    """Return for each pair of folded cores the greatest of three similarities, elementwise; symmetric.

    Jaro-Winkler of the letters without spaces ("redrose", "red rose"), Jaro-Winkler of the words in alphabetical order
    ("cruz santa", "santa cruz"), and optimal string alignment, one minus edits over length. An empty core is like
    nothing, not even another empty one.
    """
    if not one:
        return np.zeros(0)
    joined = [core.replace(" ", "") for core in one], [core.replace(" ", "") for core in other]
    best = np.maximum(_pairs(*joined, JaroWinkler), _pairs(*joined, OSA))
    several = np.fromiter((" " in a or " " in b for a, b in zip(one, other, strict=True)), np.bool_, len(one))
    if several.any():
        at = np.flatnonzero(several).tolist()
        words = [" ".join(sorted(one[i].split())) for i in at], [" ".join(sorted(other[i].split())) for i in at]
        best[at] = np.maximum(best[at], _pairs(*words, JaroWinkler))
    empty = np.fromiter((not a or not b for a, b in zip(one, other, strict=True)), np.bool_, len(one))
    best[empty] = 0.0
    return best


def _pairs(one: Sequence[str], other: Sequence[str], metric: ModuleType) -> NDArray[np.float64]:
    scores = cpdist(one, other, scorer=metric.normalized_similarity, dtype=np.float64)
    return np.asarray(scores, dtype=np.float64)
