"""How alike two folded names are, 0 (nothing shared) to 1 (the same letters), over columns of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from geodata.names.sound import skeleton

#: Consonants alone never make names more alike than this: near, not the same.
_BY_SOUND = 0.94
_TELLING = 3  # consonants that both names must have for that


class Readings(NamedTuple):
    """The ways in which folded cores are read, as columns."""

    letters: NDArray[np.object_]  # without spaces: "redrose", "red rose"
    words: NDArray[np.object_]  # in alphabetical order: "cruz santa", "santa cruz"
    size: NDArray[np.int64]  # how many words
    vowelless: NDArray[np.bool_]  # whether the script leaves vowels out

    @classmethod
    def of(cls, cores: Sequence[str], vowelless: NDArray[np.bool_] | None = None) -> Readings:
        """Read a column of folded cores, given which are written without vowels (none, where it is not said)."""
        words = [sorted(core.split()) for core in cores]
        return cls(
            np.array([core.replace(" ", "") for core in cores], np.object_),
            np.array([" ".join(each) for each in words], np.object_),
            np.fromiter(map(len, words), np.int64, len(words)),
            np.zeros(len(words), np.bool_) if vowelless is None else vowelless,
        )

    def take(self, rows: NDArray[np.integer[Any]]) -> Readings:
        """Return the readings of some names."""
        return Readings(self.letters[rows], self.words[rows], self.size[rows], self.vowelless[rows])


def resemblance(one: Readings, other: Readings) -> NDArray[np.float64]:
    """Return for each pair of names how alike they are, elementwise; symmetric.

    The greater of two readings: the letters without spaces, and the words in alphabetical order. Each is the greater of
    Jaro-Winkler and optimal string alignment (one minus edits over length). Where only one of the names is written with
    its vowels, their consonants are a third reading, at most 0.94: Arabic جباليا is "jbalya". An empty core is like
    nothing, not even another empty one.
    """
    best = _alike(one.letters, other.letters)
    several = np.flatnonzero((one.size > 1) | (other.size > 1))
    if len(several):
        best[several] = np.maximum(best[several], _alike(one.words[several], other.words[several]))
    across = np.flatnonzero(one.vowelless != other.vowelless)
    if len(across):
        best[across] = np.maximum(best[across], _alike_in_sound(one.letters[across], other.letters[across]))
    best[(one.size == 0) | (other.size == 0)] = 0.0
    return best


def _alike_in_sound(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    sounds = [np.array([skeleton(letters) for letters in side.tolist()], np.object_) for side in (one, other)]
    telling = np.array([min(map(len, pair)) >= _TELLING for pair in zip(*sounds, strict=True)], np.bool_)
    return np.where(telling, _BY_SOUND * _alike(*sounds), 0.0)


def _alike(one: NDArray[np.object_], other: NDArray[np.object_]) -> NDArray[np.float64]:
    if not len(one):
        return np.zeros(0)
    columns = one.tolist(), other.tolist()
    edits = cpdist(*columns, scorer=OSA.normalized_similarity, dtype=np.float64)
    letters = cpdist(*columns, scorer=JaroWinkler.normalized_similarity, dtype=np.float64)
    return np.asarray(np.maximum(edits, letters), dtype=np.float64)
