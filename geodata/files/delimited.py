"""CSV, TSV and their kin: any usual delimiter and encoding; a broken row is told, the good rows stay.

Two ways to the same table. A clean file (no blank line, no broken row, no line break inside a value) is read by Arrow
in one sweep; anything else goes row by row, carefully. Row numbers are those of a spreadsheet: a value with a line
break inside is still one row, and blank lines count.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from geodata.files.encodings import to_utf8
from geodata.files.sheet import Table, UnreadableTable, from_cells, headers_of
from geodata.rows import RowProblem

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 50

#: A quoted value may run over so many lines; after that its quotation mark was a slip.
_LONGEST_VALUE_LINES = 200

_NEVER_CLOSED = "opens a quotation mark that is never closed"
_IN_THE_MIDDLE = "has a quotation mark in the middle of a quoted value"

csv.field_size_limit(10_000_000)  # bytes; an outline of a large area in WKT passes the default of 131,072


def read_delimited(content: bytes, encoding: str | None = None) -> Table:
    """Read delimited text. Raises `UnreadableTable` when there is no header or the bytes are not text."""
    body, problems = to_utf8(content, encoding)
    first = 1
    if body[:4].lower() == b"sep=":  # how Excel is told the delimiter; not a row of data
        body, first = body.partition(b"\n")[2], 2
    if not body.strip():
        msg = "the file is empty"
        raise UnreadableTable(msg, hint="save it again with a header and at least one row")
    delimiter = sniff(body)
    table = (_swift(body, delimiter) if first == 1 else None) or _careful(body, delimiter, first)
    return Table(table.columns, table.rows, (*problems, *table.problems))


def sniff(body: bytes) -> str:
    """Return the delimiter: the one that cuts the first lines into the most columns, equally many each."""
    sample = body[:65_536].decode(errors="ignore").replace("\r", "\n").split("\n")
    lines = [line for line in sample if line.strip()][:_SNIFFED_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines]
    if not widths or widths[0] == 1:
        return 0.0, 0
    return sum(width == widths[0] for width in widths) / len(widths), widths[0]


def _swift(body: bytes, delimiter: str) -> Table | None:
    """Read a clean file in one sweep; None when anything about it asks for care."""
    top = body.partition(b"\n")[0]
    if any(blank in body for blank in (b"\n\n", b"\n\r\n", b"\r\r")) or not top.strip() or top.count(b'"') % 2:
        return None
    if b"\r" in top[:-1]:  # line ends of an old Macintosh
        return None
    broken: list[object] = []

    def refuse(row: object) -> str:
        broken.append(row)
        return "skip"

    header = next(csv.reader([top.decode()], delimiter=delimiter))
    headers, problems = headers_of(header)
    try:
        columns = pacsv.read_csv(
            io.BytesIO(body),
            read_options=pacsv.ReadOptions(column_names=headers, skip_rows=1),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, invalid_row_handler=refuse),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(headers, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if broken or columns.num_rows + 1 != lines or any(_is_odd(column) for column in columns.columns):
        return None  # Arrow drops what an open quotation mark swallowed up to the end of its block, without a word
    return Table(columns, np.arange(2, columns.num_rows + 2), problems)


def _is_odd(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring_regex(column, r'[\n\r"]')).as_py())


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: list[str]
    slip: str | None  # what is wrong with its quotation marks


def _careful(body: bytes, delimiter: str, first: int) -> Table:
    """Read row by row; `first` is the number of the first line."""
    lines = io.StringIO(body.decode(), newline=None).read().split("\n")
    rows = (row for row in _rows(lines, delimiter, first) if any(row.cells) and "".join(row.cells).strip())
    header = next(rows)
    width = len(header.cells)
    kept: list[_Row] = []
    problems: list[RowProblem] = []
    for row in rows:
        cells = row.cells if len(row.cells) <= width or any(row.cells[width:]) else row.cells[:width]
        if row.slip or len(cells) != width:
            problems.append(_broken(row, width, delimiter))
        else:
            kept.append(_Row(row.number, cells, None))
    table = from_cells(header.cells, [row.cells for row in kept], [row.number for row in kept])
    return Table(table.columns, table.rows, (*table.problems, *problems))


def _rows(lines: list[str], delimiter: str, first: int) -> Iterator[_Row]:
    number, at, width = first, 0, 0
    while at < len(lines):
        if '"' in lines[at]:
            cells, used, slip = _quoted(lines, at, delimiter)
            if used > 1 and width and len(cells) != width:  # what it swallowed were rows of their own
                cells, used, slip = lines[at].split(delimiter), 1, _NEVER_CLOSED
        else:
            cells, used, slip = lines[at].split(delimiter), 1, None
        yield _Row(number, cells, slip)
        number, at, width = number + 1, at + used, width or (len(cells) if any(cells) else 0)


def _quoted(lines: list[str], at: int, delimiter: str) -> tuple[list[str], int, str | None]:
    """Return the cells of the row that begins on a line, the lines it takes, and what is wrong with its quotes."""
    for used in range(1, min(_LONGEST_VALUE_LINES, len(lines) - at) + 1):
        if '"' not in lines[at + used - 1]:
            continue  # nothing on this line could end the value
        try:
            cells = next(csv.reader(["\n".join(lines[at : at + used])], delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                continue
            return lines[at].split(delimiter), 1, _NEVER_CLOSED if used > 1 else _IN_THE_MIDDLE
        return cells, used, None
    return lines[at].split(delimiter), 1, _NEVER_CLOSED


def _broken(row: _Row, width: int, delimiter: str) -> RowProblem:
    value = delimiter.join(row.cells)[:200]
    if row.slip:
        return RowProblem(row.number, None, value, row.slip, 'write a quotation mark inside a value twice, as ""')
    message = f"has {len(row.cells)} values where the header has {width}"
    hint = f'put values that hold "{delimiter}" in quotation marks'.replace("\t", "a tab")
    return RowProblem(row.number, None, value, message, hint)
