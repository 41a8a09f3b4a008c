"""Names as the stems of their words, numbered as one official list knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.names import NameForm, NameForms

Rows = NDArray[np.int64]

WORDS = 8  # words of a core that are looked at
_NO_WORD = -1
_BITS = 64


class Stems(NamedTuple):
    """The stems of a column of distinct names."""

    table: Rows  # name x WORDS: numbers of its stems, -1 where it has fewer, lower where the list has no such stem
    mask: NDArray[np.uint64]  # one bit for each stem the list has; names that share no bit share no stem

    @classmethod
    def of(cls, names: NameForms, numbers: Mapping[str, int]) -> Stems:
        """Give the stems of names the numbers they have in a list."""
        table = np.full((len(names.parts), WORDS), _NO_WORD, np.int64)
        for row, part in enumerate(names.parts):
            for column, stem in enumerate(stems_of(part)):
                table[row, column] = numbers.get(stem, -2 - column)
        bits = np.left_shift(np.uint64(1), (table % _BITS).astype(np.uint64))
        return cls(table, np.bitwise_or.reduce(np.where(table >= 0, bits, np.uint64(0)), axis=1))


def stems_of(part: NameForm) -> list[str]:
    """Return the distinct words of a core without plural or possessive endings, at most `WORDS`."""
    stems = dict.fromkeys(_stem(word) for word in part.core.split())
    return list(stems)[:WORDS]


def _stem(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004 - "Laos" is no plural
