"""A column of texts as a sequence: read from Arrow where it is asked for, so that a million cost nothing to have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import pyarrow as pa

_FEW = 10_000  # texts up to which a list is made at once: reading it is quicker, and it takes little


class TextColumn(Sequence[str]):
    """The texts of an Arrow column; nothing is null."""

    def __init__(self, column: pa.Array) -> None:
        """Look at a column."""
        self._column = column

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self._column)

    @overload
    def __getitem__(self, at: int) -> str: ...

    @overload
    def __getitem__(self, at: slice) -> list[str]: ...

    def __getitem__(self, at: int | slice) -> str | list[str]:
        """Return one text, or some."""
        if isinstance(at, slice):
            return list(self)[at]
        text: str = self._column[at].as_py()
        return text

    def __iter__(self) -> Iterator[str]:
        """Go through the texts."""
        return iter(self._column.to_pylist())

    def index(self, value: str, start: int = 0, stop: int | None = None) -> int:
        """Return where a text stands first. Raises `ValueError`."""
        length = (len(self) if stop is None else stop) - start
        found = self._column.slice(start, length).index(value).as_py()
        if found < 0:
            msg = f"{value!r} is not in the column"
            raise ValueError(msg)
        return int(found) + start


def texts_of(column: pa.Array) -> Sequence[str]:
    """Return the texts of an Arrow column without nulls; of a long one, each where it is asked for."""
    few: list[str] = column.to_pylist() if len(column) <= _FEW else []
    return few or TextColumn(column)
