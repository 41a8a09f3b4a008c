"""The table of an edition that a spreadsheet program opens by a double click, written as its flags come."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.configuration.settings import Settings
from service.writing.formats import Row
from service.writing.spool import Spool
from service.writing.spreadsheets.delimited import told_to_people
from service.writing.spreadsheets.dialects import Dialect
from service.writing.streams import Items

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"


class SpreadsheetStream:
    """A table in the dialect of a region, whose texts stay texts."""

    def __init__(
        self, settings: Settings, columns: Sequence[str], flat: Callable[[Any], Row], dialect: Dialect
    ) -> None:
        """Begin with the header; `flat` makes a row of an item."""
        self._out, self._columns, self._flat = Spool(settings), columns, flat
        self._separator, self._cell = dialect.separator, told_to_people(dialect)
        self._out.write((_MARK + self._lines([list(columns)])).encode())

    def take(self, items: Items) -> None:
        """Write some items as rows."""
        rows = map(self._flat, items)
        self._out.write(self._lines([[self._cell(row.get(name)) for name in self._columns] for row in rows]).encode())

    def done(self, _told: Mapping[str, Any]) -> Spool:
        """Return the table."""
        return self._out

    def _lines(self, rows: Sequence[Sequence[str]]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self._separator, lineterminator="\r\n").writerows(rows)
        return out.getvalue()
