"""Columns of short texts as bytes, one after the other: what compiled code reads, and files hold, without an object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Texts:
    """A column of texts in UTF-8. Folded names are ASCII, so that there one byte is one letter."""

    offsets: NDArray[np.int64]  # where each text begins in `data`; one longer than the texts
    data: NDArray[np.uint8]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Self:
        """Write texts one after the other."""
        encoded = [text.encode() for text in texts]
        offsets = np.zeros(len(encoded) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, encoded), np.int64, len(encoded)), out=offsets[1:])
        return cls(offsets, np.frombuffer(b"".join(encoded), np.uint8))

    @classmethod
    def of_column(cls, column: pa.Array) -> Self:
        """Take the texts of an Arrow column, without copying them; null counts as empty."""
        column = (pc.fill_null(column, "") if column.null_count else column).cast(pa.large_string())
        if not len(column):
            return cls.of(())
        _, offsets, data = column.buffers()
        begin = np.frombuffer(offsets, np.int64, len(column) + 1, column.offset * 8)
        whole = np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(0, np.uint8)
        return cls(begin - begin[0], whole[begin[0] : begin[-1]])

    @property
    def column(self) -> pa.Array:
        """The texts as an Arrow column, without copying them."""
        offsets, data = (pa.py_buffer(np.ascontiguousarray(each)) for each in (self.offsets, self.data))
        return pa.Array.from_buffers(pa.large_string(), len(self), [None, offsets, data])

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.offsets) - 1

    def __getitem__(self, position: int) -> str:
        """Return one text; positions from the end are not known."""
        return self.data[self.offsets[position] : self.offsets[position + 1]].tobytes().decode()

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many bytes each text has."""
        return np.diff(self.offsets)

    def tolist(self) -> list[str]:
        """Return the texts."""
        whole, ends = self.data.tobytes(), self.offsets.tolist()
        return [whole[start:end].decode() for start, end in pairwise(ends)]

    def take(self, rows: NDArray[np.integer[Any]]) -> Self:
        """Return the texts at some positions."""
        begins = self.offsets[rows]
        sizes = self.offsets[rows + 1] - begins
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        at = np.arange(int(offsets[-1])) + np.repeat(begins - offsets[:-1], sizes)
        return type(self)(offsets, self.data[at])

    def without(self, letter: str) -> Self:
        """Return the texts without one ASCII letter."""
        return self.where(self.data != ord(letter))

    def where(self, kept: NDArray[np.bool_]) -> Self:
        """Return the texts with only some of their bytes."""
        before = np.zeros(len(kept) + 1, np.int64)
        np.cumsum(kept, out=before[1:])
        return type(self)(before[self.offsets], self.data[kept])

    def replaced(self, rows: NDArray[np.integer[Any]], texts: Texts) -> Self:
        """Return the texts with others at some rows, as long as those they replace."""
        data = self.data.copy()
        begins, sizes = self.offsets[rows], texts.sizes
        data[np.arange(len(texts.data)) + np.repeat(begins - texts.offsets[:-1], sizes)] = texts.data
        return type(self)(self.offsets, data)


def agree(one: tuple[Texts, NDArray[Any]], other: tuple[Texts, NDArray[Any]]) -> NDArray[np.bool_]:
    """Return elementwise whether texts are the same, given columns and positions in them."""
    (mine, a), (theirs, b) = one, other
    same: NDArray[np.bool_] = mine.offsets[a + 1] - mine.offsets[a] == theirs.offsets[b + 1] - theirs.offsets[b]
    level = np.flatnonzero(same)
    first, second = mine.take(a[level]), theirs.take(b[level])
    differing = np.concatenate(([0], np.cumsum(first.data != second.data)))
    same[level] = differing[first.offsets[1:]] == differing[first.offsets[:-1]]
    return same
