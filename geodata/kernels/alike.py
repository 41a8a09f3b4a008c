"""How alike pairs of texts of two columns are, compiled or by RapidFuzz: the same values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from geodata.kernels.arrays import columns, whole
from geodata.kernels.jit import COMPILED
from geodata.texts import Texts

Floats = NDArray[np.float64]
Rows = NDArray[np.integer[Any]]


def alike(one: Texts, other: Texts, a: Rows, b: Rows) -> Floats:
    """Return how alike text `a[i]` of one column and text `b[i]` of the other are, 0 (nothing shared) to 1 (the same).

    The greater of Jaro-Winkler and optimal string alignment (one minus edits over length), on bytes: folded names,
    which are ASCII, letter by letter. Two empty texts are the same. Threads may call it at the same time.
    """
    if not COMPILED:
        return plain_alike(one, other, a, b)
    from geodata.kernels.likeness import likenesses  # noqa: PLC0415 - loads numba, which takes half a second

    return likenesses(columns(one), columns(other), whole(a), whole(b))


def plain_alike(one: Texts, other: Texts, a: Rows, b: Rows) -> Floats:
    """Return the same without compiled code."""
    if not len(a):
        return np.zeros(0)
    pairs = _taken(one, a), _taken(other, b)
    edits = cpdist(*pairs, scorer=OSA.normalized_similarity, dtype=np.float64)
    letters = cpdist(*pairs, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    return np.asarray(np.maximum(edits, letters), dtype=np.float64)


def _taken(texts: Texts, rows: Rows) -> list[bytes]:
    whole = texts.data.tobytes() if len(rows) > len(texts) else b""
    starts, ends = texts.offsets[rows].tolist(), texts.offsets[rows + 1].tolist()
    if whole:
        return [whole[start:end] for start, end in zip(starts, ends, strict=True)]
    return [texts.data[start:end].tobytes() for start, end in zip(starts, ends, strict=True)]
