"""Columns of short texts as bytes, one after the other: what compiled code reads, and files hold, without an object."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np
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
        sizes = self.sizes[rows]
        offsets = np.zeros(len(rows) + 1, np.int64)
        np.cumsum(sizes, out=offsets[1:])
        at = np.arange(int(offsets[-1])) + np.repeat(self.offsets[rows] - offsets[:-1], sizes)
        return type(self)(offsets, self.data[at])
