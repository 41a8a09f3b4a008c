"""The writer of delimited text: rows of values in, bytes out, piece by piece, so that many need little memory."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from service.writing.formats import Row, cell
from service.writing.spreadsheets.dialects import PLAIN, Dialect
from service.writing.spreadsheets.guarding import kept

_MARK = "\ufeff"
_TOGETHER = 500  # rows written as one piece


def pieces(columns: Sequence[str], rows: Iterable[Row], dialect: Dialect = PLAIN) -> Iterator[bytes]:
    """Yield rows as delimited text with a header, some hundreds at a time; without rows the header alone.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, in every dialect; numbers, negative
    ones too, stay numbers. For people the same keeps texts that a spreadsheet would change, such as codes with leading
    zeros; a moment is written so that it is read as one, in UTC.
    """
    written = told_to_people(dialect) if dialect.for_people else cell
    out = io.StringIO()
    writer = csv.writer(out, delimiter=dialect.separator, lineterminator="\r\n")
    out.write(_MARK if dialect.mark else "")
    writer.writerow(columns)
    for number, row in enumerate(rows, start=1):
        writer.writerow([written(row.get(column)) for column in columns])
        if number % _TOGETHER == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    if out.tell():
        yield out.getvalue().encode()


def told_to_people(dialect: Dialect) -> Callable[[Any], str]:
    """Return what writes a value as a cell that a spreadsheet of this dialect shows as it is meant."""

    def written(value: Any) -> str:
        if isinstance(value, bool) or value is None:
            return cell(value)
        if isinstance(value, int | float):
            return repr(value).replace(".", dialect.decimal)
        if isinstance(value, datetime):
            return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
        if hasattr(value, "isoformat"):
            return cell(value)
        return kept(value) if isinstance(value, str) else kept(cell(value))

    return written
