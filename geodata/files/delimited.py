"""CSV, TSV and their kin: any usual delimiter and encoding; a broken row is told, the good rows stay.

Two ways to the same rows. What Arrow reads as its dialect says (no blank line, no broken row, no slip of a quotation
mark) is read by Arrow in one sweep; anything else goes row by row, carefully. Row numbers are those of a spreadsheet: a
value with a line break inside is still one row, and blank lines count.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from geodata.files.encodings import to_utf8
from geodata.files.heading import find_heading
from geodata.files.sheet import Table, UnreadableTable, from_cells, headers_of, require_few_columns
from geodata.rows import RowProblem

_DELIMITERS = ",;\t|"
_SNIFFED_LINES = 50

#: A quoted value may run over so many lines; after that its quotation mark was a slip.
_LONGEST_VALUE_LINES = 200

#: Rows looked at for titles and headers.
_HEAD_ROWS = 40

_NEVER_CLOSED = "opens a quotation mark that is never closed"
_IN_THE_MIDDLE = "has a quotation mark in the middle of a quoted value"

_QUOTE, _NEWLINE = ord('"'), ord("\n")

csv.field_size_limit(10_000_000)  # bytes; an outline of a large area in WKT passes the default of 131,072


@dataclass(frozen=True, slots=True)
class Layout:
    """How the rows below the header are written; `first` is the number of the first of them."""

    delimiter: str
    headers: tuple[str, ...]
    first: int


@dataclass(frozen=True, slots=True)
class Part:
    """Rows read, and the number of the row that follows them."""

    table: Table
    following: int


def read_delimited(content: bytes, encoding: str | None = None) -> Table:
    """Read delimited text. Raises `UnreadableTable` when there is no header or the bytes are not text."""
    body, problems = to_utf8(content, encoding)
    layout, told, rest = begin(with_plain_ends(body))
    table = read_rows(rest, layout).table
    return Table(table.columns, table.rows, (*problems, *told, *table.problems))


def with_plain_ends(body: bytes) -> bytes:
    """Return the text with every line ended by a line feed, as none of Windows and old Macintosh is."""
    return body.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in body else body


def begin(body: bytes) -> tuple[Layout, tuple[RowProblem, ...], bytes]:
    """Return how the rows are written, what is wrong with the header, and the text below it.

    `body` is the text from its beginning, at least as far as the header. Raises `UnreadableTable` without a header.
    """
    first = 1
    delimiter = None
    if body[:4].lower() == b"sep=":  # how Excel is told the delimiter; not a row of data
        line, _, body = body.partition(b"\n")
        first, delimiter = 2, line[4:5].decode(errors="replace") or None
    if not body.strip():
        msg = "the file is empty"
        raise UnreadableTable(msg, hint="save it again with a header and at least one row")
    delimiter = delimiter or sniff(body)
    rows = _head(body, delimiter, first)
    if not rows:
        msg = "the file has no header: its first lines hold nothing but blanks and delimiters"
        raise UnreadableTable(msg, hint="save it again with a header and at least one row")
    require_few_columns(max(len(row.cells) for row in rows))
    heading = find_heading([row.cells for row in rows])
    headers, problems = headers_of(heading.cells, rows[heading.below - 1].number)
    last = rows[heading.below - 1]
    return Layout(delimiter, tuple(headers), last.number + 1), problems, _after(body, last.lines)


def _head(body: bytes, delimiter: str, first: int) -> list[_Row]:
    """Return the first rows that hold anything."""
    lines = body[:1_000_000].decode(errors="replace").split("\n")
    rows: list[_Row] = []
    for row in _rows(lines, delimiter, first, 0):
        if "".join(row.cells).strip():
            rows.append(row)
        if len(rows) == _HEAD_ROWS:
            break
    return rows


def _after(body: bytes, lines: int) -> bytes:
    """Return what follows so many lines."""
    at = 0
    for _ in range(lines):
        at = body.find(b"\n", at) + 1
        if not at:
            return b""
    return body[at:]


def sniff(body: bytes) -> str:
    """Return the delimiter: the one that cuts the first lines into the most columns, equally many in the most lines."""
    sample = body[:65_536].decode(errors="ignore").replace("\r", "\n").split("\n")
    lines = [line for line in sample if line.strip()][:_SNIFFED_LINES]
    return max(_DELIMITERS, key=lambda delimiter: _agreement(lines, delimiter))


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in lines]
    if not widths:
        return 0.0, 0
    # A title above the header has a width of its own, so the usual width counts, not that of the first line.
    width, agreed = max(Counter(widths).items(), key=lambda usual: (usual[1], usual[0]))
    return (agreed / len(widths), width) if width > 1 else (0.0, 0)


def read_rows(body: bytes, layout: Layout) -> Part:
    """Read rows without a header; `body` ends where a row ends."""
    if not body.strip():
        return Part(from_cells(layout.headers, [], []), layout.first + body.count(b"\n"))
    return _swift(body, layout) or _careful(body, layout)


def row_ends(body: bytes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return where the lines end, and for each end whether it stands outside of quotation marks."""
    letters = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(letters == _NEWLINE)
    if b'"' not in body:
        return ends, np.ones(len(ends), dtype=bool)
    return ends, np.searchsorted(np.flatnonzero(letters == _QUOTE), ends) % 2 == 0


def _swift(body: bytes, layout: Layout) -> Part | None:
    """Read clean rows in one sweep; None when anything about them asks for care."""
    if body.startswith(b"\n") or b"\n\n" in body or body.count(b'"') % 2:
        return None
    broken: list[object] = []

    def refuse(row: object) -> str:
        broken.append(row)
        return "skip"

    _, outside = row_ends(body)
    headers = list(layout.headers)
    try:
        columns = pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(column_names=headers),
            parse_options=pacsv.ParseOptions(
                delimiter=layout.delimiter, invalid_row_handler=refuse, newlines_in_values=not outside.all()
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(headers, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    rows = int(outside.sum()) + (not body.endswith(b"\n"))
    if broken or columns.num_rows != rows or any(_holds_quotes(column) for column in columns.columns):
        return None  # Arrow drops what an open quotation mark swallowed up to the end of its block, without a word
    following = layout.first + rows
    return Part(Table(columns.combine_chunks(), np.arange(layout.first, following, dtype=np.int64)), following)


def _holds_quotes(column: pa.ChunkedArray) -> bool:
    return bool(pc.any(pc.match_substring(column, '"')).as_py())


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: list[str]
    slip: str | None  # what is wrong with its quotation marks
    lines: int  # how many lines end with it


def _careful(body: bytes, layout: Layout) -> Part:
    lines = body.removesuffix(b"\n").decode().split("\n")
    width = len(layout.headers)
    kept: list[_Row] = []
    problems: list[RowProblem] = []
    number = layout.first - 1
    for row in _rows(lines, layout.delimiter, layout.first, width):
        number = row.number
        cells = row.cells if len(row.cells) <= width or any(row.cells[width:]) else row.cells[:width]
        if not "".join(cells).strip():
            continue
        if row.slip or len(cells) != width:
            problems.append(_broken(row, width, layout.delimiter))
        else:
            kept.append(_Row(row.number, cells, None, row.lines))
    table = from_cells(layout.headers, [row.cells for row in kept], [row.number for row in kept])
    return Part(Table(table.columns, table.rows, tuple(problems)), number + 1)


def _rows(lines: list[str], delimiter: str, first: int, width: int) -> Iterator[_Row]:
    """Yield the rows of the lines; `width` is that of the header, or 0 where it is still to come."""
    number, at = first, 0
    while at < len(lines):
        if '"' in lines[at]:
            cells, used, slip = _quoted(lines, at, delimiter)
            if used > 1 and width and len(cells) != width:  # what it swallowed were rows of their own
                cells, used, slip = lines[at].split(delimiter), 1, _NEVER_CLOSED
        else:
            cells, used, slip = lines[at].split(delimiter), 1, None
        at += used
        yield _Row(number, cells, slip, at)
        number, width = number + 1, width or (len(cells) if any(cells) else 0)


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
