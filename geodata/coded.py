"""Columns of texts that recur: each distinct text once, and of each row the number of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.texts import Texts


@dataclass(frozen=True, eq=False)
class Coded:
    """A column of texts, most of them few or empty."""

    code: NDArray[np.int32]  # of each row, the position of its text in `words`; 0 where it has none
    words: Texts  # distinct; the first is the empty one

    @classmethod
    def of(cls, texts: Sequence[str]) -> Coded:
        """Give texts numbers as they come."""
        if not any(texts):
            return cls(np.zeros(len(texts), np.int32), _NO_WORDS)
        number = {"": 0}
        code = [number.setdefault(text, len(number)) for text in texts]
        return cls(np.array(code, np.int32), Texts.of(number))

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.code)

    def __getitem__(self, row: int) -> str:
        """Return the text of a row."""
        code = int(self.code[row])
        return self.words[code] if code else ""

    def tolist(self) -> list[str]:
        """Return the text of every row."""
        words = self.words.tolist()
        return [words[code] for code in self.code.tolist()]

    def take(self, rows: NDArray[np.integer[Any]]) -> NDArray[np.object_]:
        """Return the texts of some rows."""
        return np.array([self[row] for row in rows.tolist()], np.object_)

    def spread(self, rows: NDArray[np.integer[Any]], count: int) -> Coded:
        """Return a column of `count` rows with these texts at some rows, and none elsewhere."""
        code = np.zeros(count, np.int32)
        code[rows] = self.code
        return Coded(code, self.words)

    def paired(self, other: Coded) -> tuple[Coded, Coded, NDArray[np.int64]]:
        """Return the distinct pairs of this column and another, and which of them each row has.

        The pair of two empty texts is always the first.
        """
        span = len(other.words)
        if span == 1 == len(self.words):
            nothing = np.zeros(1, np.int32)
            return Coded(nothing, self.words), Coded(nothing, other.words), np.zeros(len(self), np.int64)
        pair = np.append(self.code.astype(np.int64) * span + other.code, 0)
        distinct, which = np.unique(pair, return_inverse=True)
        mine, theirs = (part.astype(np.int32) for part in (distinct // span, distinct % span))
        return Coded(mine, self.words), Coded(theirs, other.words), which[:-1].astype(np.int64)


_NO_WORDS = Texts.of([""])
