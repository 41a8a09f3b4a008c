"""How alike two folded names are, 0 (nothing shared) to 1 (the same letters), over columns of pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.alike import alike
from geodata.names.sound import skeleton
from geodata.texts import Texts

Rows = NDArray[np.integer[Any]]

#: Consonants alone never make names more alike than this: near, not the same.
_BY_SOUND = 0.94
_TELLING = 3  # consonants that both names must have for that


class Readings(NamedTuple):
    """The ways in which folded cores are read, as columns."""

    letters: Texts  # without spaces: "redrose", "red rose"
    words: Texts  # in alphabetical order: "cruz santa", "santa cruz"
    size: NDArray[np.int64]  # how many words
    vowelless: NDArray[np.bool_]  # whether the script leaves vowels out

    @classmethod
    def of(cls, cores: Sequence[str], vowelless: NDArray[np.bool_] | None = None) -> Readings:
        """Read a column of folded cores, given which are written without vowels (none, where it is not said)."""
        words = [sorted(core.split()) for core in cores]
        return cls(
            Texts.of(core.replace(" ", "") for core in cores),
            Texts.of(" ".join(each) for each in words),
            np.fromiter(map(len, words), np.int64, len(words)),
            np.zeros(len(words), np.bool_) if vowelless is None else vowelless,
        )

    def take(self, rows: Rows) -> Readings:
        """Return the readings of some names."""
        return Readings(self.letters.take(rows), self.words.take(rows), self.size[rows], self.vowelless[rows])


def resemblance(one: Readings, other: Readings, a: Rows | None = None, b: Rows | None = None) -> NDArray[np.float64]:
    """Return for each pair of names how alike they are: of name `a[i]` and name `b[i]`, or elementwise; symmetric.

    The greater of two readings: the letters without spaces, and the words in alphabetical order. Each is the greater of
    Jaro-Winkler and optimal string alignment (one minus edits over length). Where only one of the names is written with
    its vowels, their consonants are a third reading, at most 0.94: Arabic جباليا is "jbalya". An empty core is like
    nothing, not even another empty one.
    """
    a = np.arange(len(one.size)) if a is None else a
    b = np.arange(len(other.size)) if b is None else b
    sizes, others = one.size[a], other.size[b]
    best = alike(one.letters, other.letters, a, b)
    several = np.flatnonzero((sizes > 1) | (others > 1))
    if len(several):
        best[several] = np.maximum(best[several], alike(one.words, other.words, a[several], b[several]))
    across = np.flatnonzero(one.vowelless[a] != other.vowelless[b])
    if len(across):
        best[across] = np.maximum(best[across], _alike_in_sound(one.letters, other.letters, a[across], b[across]))
    best[(sizes == 0) | (others == 0)] = 0.0
    return best


def _alike_in_sound(one: Texts, other: Texts, a: Rows, b: Rows) -> NDArray[np.float64]:
    (mine, a), (theirs, b) = _sounds(one, a), _sounds(other, b)
    telling = np.minimum(mine.sizes[a], theirs.sizes[b]) >= _TELLING
    return np.where(telling, _BY_SOUND * alike(mine, theirs, a, b), 0.0)


def _sounds(letters: Texts, rows: Rows) -> tuple[Texts, Rows]:
    """Return the consonants of the distinct names among some, and for each of them which it is."""
    distinct, which = np.unique(rows, return_inverse=True)
    return Texts.of(map(skeleton, letters.take(distinct).tolist())), which
