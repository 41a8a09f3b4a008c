"""Opening: a file as tables of rows, a part at a time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from geodata.files.sheet import Table
from geodata.files.tables import read_table


def open_tables(path: Path, name: str | None = None, sheet: str | None = None) -> Iterator[Table]:
    """Yield the rows of a file in parts with the same headers and their original numbers."""
    yield read_table(path.read_bytes(), name, sheet)
