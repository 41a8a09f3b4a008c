"""How alike two folded names are, 0 (nothing shared) to 1 (the same letters), over columns of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist


class Readings(NamedTuple):
    """The two ways in which folded cores are read, as columns."""

    letters: NDArray[np.object_]  # without spaces: "redrose", "red rose"
    words: NDArray[np.object_]  # in alphabetical order: "cruz santa", "santa cruz"
    size: NDArray[np.int64]  # how many words

    @classmethod
    def of(cls, cores: Sequence[str]) -> Readings:
        """Read a column of folded cores."""
        words = [sorted(core.split()) for core in cores]
        return cls(
            np.array([core.replace(" ", "") for core in cores], np.object_),
            np.array([" ".join(each) for each in words], np.object_),
            np.fromiter(map(len, words), np.int64, len(words)),
        )

    def take(self, rows: NDArray[np.integer[Any]]) -> Readings:
        """Return the readings of some names."""
        return Readings(self.letters[rows], self.words[rows], self.size[rows])


def resemblance(one: Readings, other: Readings) -> NDArray[np.float64]:
    """Return for each pair of names how alike they are, elementwise; symmetric.

    The greater of two readings: the letters without spaces, and the words in alphabetical order. Each is the greater of
    Jaro-Winkler and optimal string alignment (one minus edits over length). An empty core is like nothing, not even
    another empty one.
    """
    best = _alike(one.letters, other.letters)
    several = np.flatnonzero((one.size > 1) | (other.size > 1))
    if len(several):
        best[several] = np.maximum(best[several], _alike(one.words[several], other.words[several]))
    best[(one.size == 0) | (other.size == 0)] = 0.0
    return best


def _alike(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    if not len(one):
        return np.zeros(0)
    columns = one.tolist(), other.tolist()
    edits = cpdist(*columns, scorer=OSA.normalized_similarity, dtype=np.float64)
    letters = cpdist(*columns, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    return np.asarray(np.maximum(edits, letters), dtype=np.float64)
