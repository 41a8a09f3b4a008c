"""One column of text, its cells read one by one: what cannot be read is set aside and told, with its row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.sheet import Table
from geodata.rows import RowProblem

#: White space of any script, and characters without width that editors and web pages leave behind.
_BLANK = (
    " \t\n\r\f\v\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
)

#: Control characters, and the marks that turn text around (UAX 9), as RE2 has them: with them one name is shown as
#: another. Zero-width joiners stay, because Indic scripts need them.
_UNSEEN = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x{9f}\x{202a}-\x{202e}\x{2066}-\x{2069}]"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell cannot be read, and how to mend it."""

    message: str
    hint: str


@dataclass(frozen=True)
class Column:
    """The cells of one column, null where blank, with the original number of each row."""

    header: str
    cells: pa.Array
    rows: NDArray[np.int64]

    def read(self, reader: Callable[[str], Any], kind: pa.DataType) -> tuple[pa.Array, list[RowProblem]]:
        """Read each distinct cell once; a cell that `reader` answers with a `Refusal` becomes null and a problem."""
        encoded = self.cells.dictionary_encode()
        answers = [reader(text) for text in encoded.dictionary.to_pylist()]
        values = pa.array([None if isinstance(answer, Refusal) else answer for answer in answers], type=kind)
        indices = encoded.indices
        refused = np.array([isinstance(answer, Refusal) for answer in answers], dtype=bool)
        if not refused.any():
            return values.take(indices), []
        where = np.asarray(pc.fill_null(pa.array(refused).take(indices), fill_value=False))
        codes = np.asarray(indices.fill_null(0))
        problems = [
            self.problem(row, answers[codes[row]].message, answers[codes[row]].hint)
            for row in np.flatnonzero(where).tolist()
        ]
        return values.take(indices), problems

    def problem(self, row: int, message: str, hint: str) -> RowProblem:
        """Return the problem of one cell, by its place in the column (from 0); the value was set aside."""
        return RowProblem(int(self.rows[row]), self.header, self.cells[row].as_py(), message, hint, fatal=False)

    def problems(self, where: NDArray[np.bool_], message: str, hint: str) -> Iterator[RowProblem]:
        """Yield the same problem for every row where `where` is true."""
        return (self.problem(row, message, hint) for row in np.flatnonzero(where).tolist())


def cleaned(table: Table) -> Table:
    """Return the table with trimmed cells, blank ones and `<Null>` as null, and without rows that hold nothing.

    Characters that cannot be seen are left out and told by row.
    """
    table, told = _visible(table)
    table = replace(table, problems=(*table.problems, *told))
    columns = [_trimmed(column.combine_chunks()) for column in table.columns.columns]
    shapes = [] if table.shapes is None else [table.shapes]
    filled = np.zeros(len(table), dtype=bool)
    for column in (*columns, *shapes):
        filled |= np.asarray(column.is_valid())
    clean = replace(table, columns=pa.Table.from_arrays(columns, names=table.headers))
    return clean if filled.all() else clean.take(filled)


def _visible(table: Table) -> tuple[Table, list[RowProblem]]:
    told: list[RowProblem] = []
    for at, header in enumerate(table.headers):
        cells = table.columns.column(at)
        hidden = pc.fill_null(pc.match_substring_regex(cells, _UNSEEN), fill_value=False)
        if not pc.any(hidden).as_py():
            continue
        message, hint = (
            "holds characters that cannot be seen, which were left out",
            "type it again instead of copying it",
        )
        rows = table.rows[np.asarray(hidden)].tolist()
        told += [RowProblem(row, header, None, message, hint, fatal=False) for row in rows]
        shown = pc.replace_substring_regex(cells, _UNSEEN, "")
        table = replace(table, columns=table.columns.set_column(at, header, shown))
    return table, told


def _trimmed(cells: pa.Array) -> pa.Array:
    cells = pc.utf8_trim(cells, _BLANK)
    blank = pc.or_(pc.equal(cells, ""), pc.equal(pc.ascii_lower(cells), "<null>"))
    return pc.if_else(blank, pa.scalar(None, pa.string()), cells)


def column_of(table: Table, header: str) -> Column:
    """Return one column of a cleaned table."""
    return Column(header, table.columns.column(header).combine_chunks(), table.rows)
