"""Spreadsheets (XLSX, ODS, XLS): one sheet as text; a code that the program took for a number keeps no ".0"."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

from geodata.files.packed import ZIP
from geodata.files.sheet import Table, UnreadableTable, from_cells
from geodata.files.spans import require_bearable
from geodata.rows import RowProblem


def read_workbook(content: bytes, sheet: str | None = None) -> Table:
    """Read the named sheet, or the first one that holds anything.

    Cells that were joined are told: only the first of them holds anything. Raises `UnreadableTable` when the file is
    locked, damaged, empty or a trap, or has no such sheet.
    """
    if content.startswith(ZIP):
        require_bearable(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        rows, joined = _rows(workbook, sheet)
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
    (first, header), *data = _below_the_title(filled)
    width = max(_width(header), *(_width(cells) for _, cells in data), 0)
    table = from_cells(
        [*header, *[""] * width][:width],
        [[*cells, *[""] * width][:width] for _, cells in data],
        [number for number, _ in data],
    )
    return replace(table, problems=(*table.problems, *_told(joined, first)))


#: Corners of cells that were joined to one: first row and column, last row and column, from 0.
_Joined = list[tuple[tuple[int, int], tuple[int, int]]]


def _told(joined: _Joined, header: int) -> list[RowProblem]:
    """Tell of joined cells in the header and below it; those of a title above say nothing about the table."""
    return [
        RowProblem(
            top + 1,
            None,
            None,
            f"cells are joined down to row {bottom + 1}" if bottom > top else "cells are joined",
            "only the first of them holds the value; undo it (unmerge) and fill each cell",
            fatal=False,
        )
        for (top, _), (bottom, _) in joined
        if bottom + 1 >= header
    ]


def _rows(workbook: CalamineWorkbook, sheet: str | None) -> tuple[list[list[str]], _Joined]:
    if sheet is not None and sheet not in workbook.sheet_names:
        msg = f"there is no sheet {sheet!r}"
        raise UnreadableTable(msg, hint=f"name one of {', '.join(workbook.sheet_names)}")
    for name in [sheet] if sheet else workbook.sheet_names:
        page = workbook.get_sheet_by_name(name)
        rows = page.to_python(skip_empty_area=False)
        if rows:
            return [[as_text(cell) for cell in row] for row in rows], page.merged_cell_ranges or []
    return [], []


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
