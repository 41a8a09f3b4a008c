"""Comma-separated values that a spreadsheet program opens by a double click, without mangling or running anything."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from service.formats import Row, cell
from service.settings import Settings
from service.spool import Spool
from service.streams import Items

#: Languages in whose countries the comma separates decimals, so that a semicolon separates cells.
_SEMICOLON = frozenset({"cs", "da", "de", "el", "es", "fi", "fr", "hu", "id", "it", "nb", "nl", "pl", "pt", "ro"}) | {
    "ru",
    "sv",
    "tr",
    "uk",
    "vi",
}
#: A text that a spreadsheet would read as a number, losing its zeros or digits.
_LOOKS_LIKE_A_NUMBER = re.compile(r"[+-]?[\d.,]+([eE][+-]?\d+)?")
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def separator_of(locale: str) -> str:
    """Return what separates cells in the spreadsheets of a locale, such as fr, pt-BR or en_GB."""
    return ";" if re.split(r"[-_]", locale.casefold())[0] in _SEMICOLON else ","


class SpreadsheetStream:
    """A table with a byte order mark, the separator and the decimal comma of a locale, and texts that stay texts."""

    def __init__(
        self, settings: Settings, columns: Sequence[str], flat: Callable[[Any], Row], locale: str = "en"
    ) -> None:
        """Begin with the header; `flat` makes a row of an item."""
        self._out, self._columns, self._flat = Spool(settings), columns, flat
        self._separator = separator_of(locale)
        self._out.write((_BOM + self._lines([list(columns)])).encode())

    def take(self, items: Items) -> None:
        """Write some items as rows."""
        rows = map(self._flat, items)
        self._out.write(self._lines([[self._cell(row.get(name)) for name in self._columns] for row in rows]).encode())

    def done(self, _told: Mapping[str, Any]) -> Spool:
        """Return the table."""
        return self._out

    def _cell(self, value: Any) -> str:
        if isinstance(value, float) and self._separator == ";":
            return repr(value).replace(".", ",")
        if isinstance(value, str) and _LOOKS_LIKE_A_NUMBER.fullmatch(value):
            return f'="{value}"'  # a constant: the only way to say text that every spreadsheet understands
        return cell(value)

    def _lines(self, rows: Sequence[Sequence[str]]) -> str:
        out = io.StringIO()
        csv.writer(out, delimiter=self._separator, lineterminator="\r\n").writerows(rows)
        return out.getvalue()
