"""The writer of workbooks that people open: one sheet of text and numbers, of which nothing runs as a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import xlsxwriter

from service.writing.formats import Row, cell, unformulated

_WIDEST = 60  # characters
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same content, the same bytes
_LARGEST = 2**53  # numbers up to here are exact in a spreadsheet


def workbook(title: str, columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return rows as XLSX with a header that stays in sight and can be filtered. Needs little memory for any number.

    Numbers stay numbers; a text that a spreadsheet would run as a formula gets an apostrophe in front.
    """
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": title, "created": _EPOCH})
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _WIDEST if column in {"problem", "hint", "reason"} else max(12, len(column) + 2))
        sheet.write_string(0, at, column, head)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = row.get(column)
            if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST:
                sheet.write_number(last, at, value, wrapped)
            elif value is not None:
                sheet.write_string(last, at, unformulated(cell(value)), wrapped)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    return out.getvalue()
