"""A file of any size as tables of at most 20,000 rows each; delimited text never stands in memory as a whole.

The parts are what `read_table` would read, cut: the same headers, the original row numbers, the problems of their rows.
What a column's cells decide together (whether 03/04 is in March) is decided within each part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from geodata.files.delimited import begin, read_rows, row_ends, with_plain_ends
from geodata.files.encodings import decoded, encoding_of
from geodata.files.footing import without_totals
from geodata.files.hxl import without_tags
from geodata.files.sheet import Table, UnreadableTable
from geodata.files.tables import is_delimited, read_table
from geodata.forms.submissions import as_submissions
from geodata.rows import RowProblem

#: Rows of one part: what SQLite keeps in about a second, while which others wait to write.
PART_ROWS = 20_000

#: Bytes read at a time.
_CHUNK = 4 << 20

#: Bytes of one part, when its rows are long.
_PART_BYTES = 32 << 20

#: Files of other formats are read whole; 200 MB of them unpack to what fits in a gibibyte.
LARGEST_WHOLE = 200_000_000


def open_tables(path: Path, name: str | None = None, sheet: str | None = None) -> Iterator[Table]:
    """Yield the rows of a file in parts of at most `PART_ROWS`, at least one part.

    `name` and `sheet` are those of `read_table`. Raises `UnreadableTable` as that does, and when a file that is not
    delimited text is larger than `LARGEST_WHOLE` bytes.
    """
    name = name or path.name
    with _opened(path) as file:
        start = file.read(_CHUNK)
    if is_delimited(start, name):
        yield from _delimited(path)
        return
    size = path.stat().st_size
    if size > LARGEST_WHOLE:
        msg = f"{name} has {size:,} bytes; a file that is not CSV is read up to {LARGEST_WHOLE:,}"
        raise UnreadableTable(msg, hint="save it as CSV, which may have any size, or cut it into smaller files")
    yield from _slices(read_table(path, name, sheet))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            yield file
    except FileNotFoundError as error:
        msg = f"there is no file {path.name}"
        raise UnreadableTable(msg, hint="check the path") from error
    except OSError as error:
        msg = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableTable(msg, hint="check the path and the permissions") from error


def _delimited(path: Path) -> Iterator[Table]:
    encoding = encoding_of(_chunks(path))
    pieces = ((with_plain_ends(text), problems) for text, problems in decoded(_chunks(path), encoding))
    blocks = _blocks(pieces)
    body, problems = next(blocks)
    layout, told, body = begin(body)
    told = (*encoding.problems, *problems, *told)
    waiting: Table | None = None
    for text, doubts in chain([(body, told)], blocks):
        part = read_rows(text, layout)
        layout = replace(layout, first=part.following)
        table = replace(part.table, problems=(*doubts, *part.table.problems))
        if waiting is None:
            table = without_tags(table)
        else:
            yield as_submissions(waiting)
        waiting = table
    if waiting is not None:
        yield as_submissions(without_totals(waiting))


def _chunks(path: Path) -> Iterator[bytes]:
    with _opened(path) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _blocks(
    pieces: Iterable[tuple[bytes, tuple[RowProblem, ...]]],
) -> Iterator[tuple[bytes, tuple[RowProblem, ...]]]:
    """Cut the text where rows end, so that no block holds more rows than a part; yield at least one block."""
    rest = b""
    problems: tuple[RowProblem, ...] = ()
    for text, more in pieces:
        rest += text
        problems += more
        while cut := _cut(rest):
            yield rest[:cut], problems
            rest, problems = rest[cut:], ()
    yield rest, problems


def _cut(text: bytes) -> int:
    """Return where a part ends, 0 where the text has too few rows for one.

    A line break inside quotation marks ends no row. A mark that is never closed would make every line look as if it
    stood inside; so where the last sound end is far back, the last line is taken for one.
    """
    ends, outside = row_ends(text)
    if not len(ends) or (len(ends) < PART_ROWS and len(text) < _PART_BYTES):
        return 0
    ends, outside = ends[:PART_ROWS], outside[:PART_ROWS]
    last = int(ends[-1])
    sound = int(ends[outside][-1]) if outside.any() else 0
    return (sound if 2 * sound > last else last) + 1


def _slices(table: Table) -> Iterator[Table]:
    for at in range(0, max(len(table), 1), PART_ROWS):
        place = np.arange(len(table))
        yield replace(table.take((place >= at) & (place < at + PART_ROWS)), problems=table.problems if at == 0 else ())
