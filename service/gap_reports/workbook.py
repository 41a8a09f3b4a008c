"""An edition as a workbook: what it is, its flags, candidates, decisions, lists and codes, each on a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import xlsxwriter

from service.configuration.settings import Settings
from service.gap_reports import rows
from service.writing.formats import Row, cell
from service.writing.spool import Aside, Spool
from service.writing.streams import Items

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)  # the same content, the same bytes
_WIDE = frozenset({"reason", "name", "other_names", "note", "withheld", "label", "title", "official_name"})
_LARGEST = 2**53  # numbers up to here are exact in a spreadsheet
_MOST_ROWS = 1_048_575  # below the header; a workbook has no more
_LONGEST = 32_767  # characters of a cell


class WorkbookStream:
    """Writes row after row to a file of its own, so that any number takes little memory.

    Numbers are numbers, moments are dates, and every text is a text: identifiers keep their zeros, and nothing runs.
    """

    def __init__(self, settings: Settings) -> None:
        """Begin with empty sheets."""
        self._file = Aside(settings, "report.xlsx")
        self._book = xlsxwriter.Workbook(str(self._file.path), {**_OPTIONS, "tmpdir": str(self._file.folder)})
        self._book.set_properties({"title": "Gap report", "created": _EPOCH})
        self._head = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._about = self._book.add_worksheet("README")
        self._sheets = {
            name: _Sheet(self, name, columns)
            for name, columns in (
                ("flags", rows.FLAG_COLUMNS),
                ("candidates", rows.CANDIDATE_COLUMNS),
                ("decisions", rows.DECISION_COLUMNS),
                ("sources", rows.SOURCE_COLUMNS),
                ("code lists", rows.CODE_COLUMNS),
            )
        }

    def take(self, items: Items) -> None:
        """Write some flags, with their candidates and decisions."""
        for item in items:
            self._sheets["flags"].add([rows.flag_row(item)])
            self._sheets["candidates"].add(rows.candidate_rows(item))
            self._sheets["decisions"].add(rows.decision_rows(item))

    def done(self, told: Mapping[str, Any]) -> Spool:
        """Return the workbook."""
        self._sheets["sources"].add(told["snapshots"])
        self._sheets["code lists"].add(rows.code_rows())
        self._about.set_column(0, 0, 44)
        self._about.set_column(1, 1, 120)
        wrapped = self._book.add_format({"text_wrap": True, "valign": "top"})
        cut = [
            (f"Only the first {_MOST_ROWS:,} rows are on the sheet", name)
            for name, sheet in self._sheets.items()
            if sheet.cut
        ]
        for at, (what, said) in enumerate([*cut, *rows.about_rows(told)]):
            self._about.write_string(at, 0, what, self._head)
            self.write(self._about, (at, 1), said, wrapped)
        for sheet in self._sheets.values():
            sheet.close()
        self._book.close()
        return self._file.spooled()

    def write(self, sheet: Any, at: tuple[int, int], value: Any, form: Any = None) -> None:
        """Write one cell by its kind; a value that is not known is an empty cell."""
        if isinstance(value, datetime):
            sheet.write_datetime(*at, value.astimezone(UTC).replace(tzinfo=None), self._moment)
        elif isinstance(value, date):
            sheet.write_datetime(*at, value, self._day)
        elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _LARGEST:
            sheet.write_number(*at, value, form)
        elif value is not None:
            text = value if isinstance(value, str) else cell(value)
            sheet.write_string(*at, text[:_LONGEST], form)

    def header(self, name: str, columns: Sequence[str]) -> Any:
        """Return a new sheet with a header that stays in sight."""
        sheet = self._book.add_worksheet(name)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, 40 if column in _WIDE else max(12, len(column) + 2))
            sheet.write_string(0, at, column, self._head)
        sheet.freeze_panes(1, 0)
        return sheet


class _Sheet:
    """One sheet of rows with the same columns."""

    def __init__(self, book: WorkbookStream, name: str, columns: Sequence[str]) -> None:
        self._book, self._columns, self._last = book, columns, 0
        self._sheet = book.header(name, columns)
        self.cut = False

    def add(self, added: Iterable[Row]) -> None:
        for row in added:
            if self._last == _MOST_ROWS:
                self.cut = True
                return
            self._last += 1
            for at, column in enumerate(self._columns):
                self._book.write(self._sheet, (self._last, at), row.get(column))

    def close(self) -> None:
        self._sheet.autofilter(0, 0, self._last, len(self._columns) - 1)
