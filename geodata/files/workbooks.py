"""Spreadsheets (XLSX, ODS, XLS): one sheet as text; a code that the program took for a number keeps no ".0"."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from geodata.files.sheet import Table, UnreadableTable, from_cells


def read_workbook(content: bytes, sheet: str | None = None) -> Table:
    """Read the named sheet, or the first one that holds anything.

    Raises `UnreadableTable` when the file is locked, damaged or empty, or has no such sheet.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows = _rows(workbook, sheet)
    except PasswordError as error:
        msg = "the workbook is locked with a password"
        raise UnreadableTable(msg, hint="save it without a password") from error
    except (CalamineError, ZipError, OSError, ValueError) as error:
        msg = f"the workbook cannot be opened: {error}"
        raise UnreadableTable(msg, hint="open it in a spreadsheet program and save it again as XLSX or CSV") from error
    filled = [(number, cells) for number, cells in enumerate(rows, start=1) if any(cell.strip() for cell in cells)]
    if not filled:
        msg = "the sheet is empty"
        raise UnreadableTable(msg, hint="put a header in its first row, or name another sheet")
    (_, header), *data = _below_the_title(filled)
    width = max(_width(header), *(_width(cells) for _, cells in data), 0)
    return from_cells(
        [*header, *[""] * width][:width],
        [[*cells, *[""] * width][:width] for _, cells in data],
        [number for number, _ in data],
    )


def _rows(workbook: CalamineWorkbook, sheet: str | None) -> list[list[str]]:
    if sheet is not None and sheet not in workbook.sheet_names:
        msg = f"there is no sheet {sheet!r}"
        raise UnreadableTable(msg, hint=f"name one of {', '.join(workbook.sheet_names)}")
    for name in [sheet] if sheet else workbook.sheet_names:
        rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if rows:
            return [[as_text(cell) for cell in row] for row in rows]
    return []


def _below_the_title(filled: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Leave out lines of title above the header: they fill one cell where the table fills several."""
    filled_cells = [sum(bool(cell.strip()) for cell in cells) for _, cells in filled]
    if max(filled_cells) == 1:
        return filled
    return filled[next(place for place, cells in enumerate(filled_cells) if cells > 1) :]


def _width(cells: list[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def as_text(cell: Any) -> str:
    """Return a typed cell as the text a person would have typed: 2301.0 is 2301, a midnight is a day, null is empty."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.replace(hour=0, minute=0, second=0, microsecond=0)
        return cell.date().isoformat() if cell == midnight else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell) if not isinstance(cell, timedelta) else f"{cell.total_seconds():g} s"
