"""How far the sheets of a workbook reach, found out before anything makes room for them.

The reader of workbooks makes room for every cell between the first and the last that hold something: one stray cell at
the far end of a sheet asks for billions, and a cell of ODS may say that it stands a million times. A file of a few
hundred bytes would end the whole process. Formats: ECMA-376 part 1, 18.3.1; OpenDocument 1.3 part 3, 9.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.parsers import expat

from geodata.files.packed import Packed, opened
from geodata.files.repeats import MOST_TEXT, refuse_text, require_bearable_text
from geodata.files.sheet import UnreadableTable

#: Cells between the first and the last of a sheet; a million rows of twenty columns.
MOST_CELLS = 20_000_000

#: A cell of XLSX by its reference, and what follows when it is empty and only coloured.
_CELL = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,9})[\"']((?:\s+s\s*=\s*[\"'][0-9]+[\"'])?\s*/>)?")
_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\sr\s*=\s*[\"']([0-9]{1,9})[\"'][^<>]*[^/<>]>")
_DECLARED = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)")

_DOCUMENT = "content.xml"  # the one part of ODS that holds all sheets

_OVERLAP = 1_024  # bytes of a part that are looked at again with the next, so that no tag falls between them


def require_bearable(content: bytes) -> None:
    """Unpack all of a workbook once, counting. Raises `UnreadableTable` for what no reader should be given."""
    with opened(content) as archive:
        for name in archive.names:
            if name == _DOCUMENT:
                _require_document(archive)
            else:
                _require_part(archive, name)
        require_bearable_text(archive)


def _require_part(archive: Packed, name: str) -> None:
    """Check one part of XLSX; where the sheets are, only other parts say, so each is looked at as if it were one."""
    tail, width, height = b"", 0, 0
    for chunk in archive.chunks(name):
        text = tail + chunk
        if name.endswith((".xml", ".rels")) and _DECLARED.search(text):
            raise _declaring(name)
        filled = [(letters, number) for letters, number, empty in _CELL.findall(text) if not empty]
        width = max((width, *(_column(letters) for letters in {letters for letters, _ in filled})))
        height = max((height, *map(int, {number for _, number in filled}), *map(int, _ROW.findall(text))))
        _require_span(height, width)
        tail = text[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """Return the number of a column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _require_span(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        msg = f"a sheet reaches over {rows:,} rows and {columns:,} columns"
        raise UnreadableTable(msg, hint="delete the stray cells at its far end, or save the table as CSV")


def _declaring(name: str) -> UnreadableTable:
    msg = f"{name} in the workbook declares XML entities, which no spreadsheet program does"
    return UnreadableTable(msg, hint="open it in a spreadsheet program and save it again as XLSX or CSV")


@dataclass
class _Span:
    """Where the reading of an OpenDocument sheet stands, and the last cell that held something."""

    row: int = 0  # rows before the one being read
    repeated: int = 1  # times the row being read stands
    column: int = 0
    rows: int = 0
    columns: int = 0
    times: int = 1  # that the cell being read stands in its row
    text: int = 0  # characters that the sheets stand for
    row_text: int = 0

    def enter(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self.row = self.rows = self.columns = 0
        elif name == "table:table-row":
            self.repeated, self.column = _times(attributes.get("table:number-rows-repeated")), 0
        elif name in {"table:table-cell", "table:covered-table-cell"}:
            self.times = _times(attributes.get("table:number-columns-repeated"))
            self.column += self.times
            if any(key.endswith(":value-type") for key in attributes):
                self.rows, self.columns = self.row + self.repeated, max(self.columns, self.column)
                _require_span(self.rows, self.columns)

    def write(self, text: str) -> None:
        self.row_text += len(text) * self.times

    def leave(self, name: str) -> None:
        if name == "table:table-row":
            self.row += self.repeated
            self.text += self.row_text * self.repeated
            self.row_text, self.times = 0, 1
            if self.text > MOST_TEXT:
                raise refuse_text()


def _times(said: str | None) -> int:
    return max(1, int(said)) if said and said.isdigit() else 1


def _require_document(archive: Packed) -> None:
    """Check an ODS file."""

    def refuse(*_: object) -> None:
        raise _declaring(_DOCUMENT)

    span, parser = _Span(), expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler, parser.EndElementHandler = span.enter, span.leave
    parser.CharacterDataHandler, parser.buffer_text = span.write, True
    try:
        for chunk in archive.chunks(_DOCUMENT):
            parser.Parse(chunk)
        parser.Parse(b"", True)  # noqa: FBT003 - this function takes no keywords
    except expat.ExpatError as error:
        msg = f"the workbook is broken: {_DOCUMENT}, {error}"
        raise UnreadableTable(msg, hint="open it in a spreadsheet program and save it again") from error
