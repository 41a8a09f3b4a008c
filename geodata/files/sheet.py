"""A table of text, as somebody saved it: every cell a text, every row with the number a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.rows import RowProblem

#: As many as the largest sheet of a workbook has.
MOST_COLUMNS = 16_384


class UnreadableTable(Exception):
    """A file cannot be read as a table at all; `hint` says how to mend it."""

    def __init__(self, message: str, *, hint: str) -> None:
        """Say what is wrong and what to do."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True)
class Table:
    """Columns of text (an empty cell is "" or null), and where each row stood.

    `rows` are 1-based: the header of a CSV file or sheet is row 1; features and Parquet rows count from 1. `shapes` is
    the geometry beside the columns, as WKB in WGS 84 with x = longitude, null where there is none. `known` is what the
    format itself says about columns, part -> header ({"id": "_id"}); it goes before what the headers say.
    """

    columns: pa.Table
    rows: NDArray[np.int64]
    problems: tuple[RowProblem, ...] = field(default=())
    shapes: pa.Array | None = None
    known: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(self.columns.num_rows)

    @property
    def headers(self) -> list[str]:
        """The headers, as written."""
        return list(self.columns.column_names)

    def take(self, keep: NDArray[np.bool_]) -> Table:
        """Return the rows where `keep` is true."""
        mask = pa.array(keep)
        shapes = None if self.shapes is None else self.shapes.filter(mask)
        return replace(self, columns=self.columns.filter(mask), rows=self.rows[keep], shapes=shapes)


def require_few_columns(number: int) -> None:
    """Raise `UnreadableTable` for more columns than any table has; each costs as much as a table of its own."""
    if number > MOST_COLUMNS:
        msg = f"the table has {number:,} columns, and no more than {MOST_COLUMNS:,} are read"
        raise UnreadableTable(msg, hint="check how its values are parted; if they are columns, leave out most of them")


def headers_of(cells: Sequence[str], row: int = 1) -> tuple[list[str], tuple[RowProblem, ...]]:
    """Return distinct headers: an empty one is named after its place, a repeated one gets a number.

    `row` is the number of the row they stand in. Raises `UnreadableTable` for more than `MOST_COLUMNS`.
    """
    require_few_columns(len(cells))
    headers: dict[str, None] = {}  # in their order, and quickly asked
    repeats: dict[str, int] = {}
    problems: list[RowProblem] = []
    for place, cell in enumerate(cells, start=1):
        header = wanted = cell.strip() or f"column {place}"
        repeat = repeats.get(wanted, 1)
        while header in headers:
            repeat += 1
            header = f"{wanted} ({repeat})"
        if repeat > 1:
            message = f"the header stands {repeat} times; this one is read as {header!r}"
            problems.append(RowProblem(row, wanted, None, message, "give each column its own header", fatal=False))
        headers[header] = None
        repeats[wanted] = repeat
    return list(headers), tuple(problems)


def from_cells(header: Sequence[str], cells: Sequence[Sequence[str]], numbers: Sequence[int]) -> Table:
    """Build a table from rows of cells, all as long as the header."""
    headers, problems = headers_of(header)
    columns = list(zip(*cells, strict=True)) if cells else [()] * len(headers)
    arrays = [pa.array(column, type=pa.string()) for column in columns]
    return Table(pa.Table.from_arrays(arrays, names=headers), np.asarray(numbers, dtype=np.int64), problems)
