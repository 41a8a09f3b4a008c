"""Spreadsheets (XLSX, ODS, XLS): one sheet as text; a code that the program took for a number keeps no ".0"."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, ZipError

from geodata.files.heading import find_heading
from geodata.files.oldspans import COMPOUND, require_bearable_sheets
from geodata.files.packed import ZIP, opened
from geodata.files.sheet import Table, UnreadableTable, from_cells
from geodata.files.spans import require_bearable
from geodata.rows import RowProblem

#: What the reader raises where it meets what it held for impossible; no `Exception`, and of a module nobody can import.
_PANIC = "PanicException"

#: Rows looked at for titles and headers.
_HEAD_ROWS = 40

#: Rows over which cells may be joined, all joins together; joins that lie on one another would take for ever.
_FARTHEST = 5_000_000

#: A cell of XLSX with a formula and no result, as programs leave it that do not reckon.
_UNRECKONED = re.compile(
    rb"<c\s[^<>]*?r=\"([A-Z]{1,3}\d{1,7})\"[^<>]*><f[^<>]*(?:/>|>[^<>]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>"
)


def read_workbook(content: bytes, sheet: str | None = None) -> Table:
    """Read the named sheet, or the first one that holds anything.

    A value in cells that were joined downwards is read for each of their rows; results of formulas are read, and
    formulas without one are told. Raises `UnreadableTable` when the file is locked, damaged, empty or a trap, or has
    no such sheet.
    """
    if content.startswith(ZIP):
        require_bearable(content)
    with _opened(content) as workbook:
        page = _page(workbook, sheet)
    filled = [(number, cells) for number, cells in enumerate(page.rows, start=1) if any(cell.strip() for cell in cells)]
    if not filled:
        msg = "the sheet is empty"
        raise UnreadableTable(msg, hint="put a header in its first row, or name another sheet")
    heading = find_heading([cells for _, cells in filled[:_HEAD_ROWS]])
    data = filled[heading.below :]
    header_row = filled[heading.below - 1][0]
    told = _fill(page, header_row)
    data = [(number, page.rows[number - 1]) for number, _ in data]
    width = max(_width(heading.cells), *(_width(cells) for _, cells in data), 0)
    table = from_cells(
        [*heading.cells, *[""] * width][:width],
        [[*cells, *[""] * width][:width] for _, cells in data],
        [number for number, _ in data],
    )
    return replace(table, problems=(*table.problems, *told, *_unreckoned(content)))


def filled_sheets(content: bytes) -> list[str]:
    """Return the names of the sheets that hold anything, in their order. Raises `UnreadableTable`."""
    with _opened(content) as workbook:
        return [name for name in workbook.sheet_names if workbook.get_sheet_by_name(name).height]


@contextmanager
def _opened(content: bytes) -> Iterator[CalamineWorkbook]:
    if content.startswith(COMPOUND):
        require_bearable_sheets(content)
    try:
        yield CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError as error:
        msg = "the workbook is locked with a password"
        raise UnreadableTable(msg, hint="save it without a password") from error
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise _unopened(str(error)) from error
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        why = "its parts contradict one another"
        raise _unopened(why) from error


def _unopened(why: str) -> UnreadableTable:
    msg = f"the workbook cannot be opened: {why}"
    return UnreadableTable(msg, hint="open it in a spreadsheet program and save it again as XLSX or CSV")


@dataclass(frozen=True)
class _Page:
    """The cells of a sheet, and the corners of those joined to one: first row and column, last row and column."""

    rows: list[list[str]]
    joined: list[tuple[tuple[int, int], tuple[int, int]]]  # from 0


def _page(workbook: CalamineWorkbook, sheet: str | None) -> _Page:
    if sheet is not None and sheet not in workbook.sheet_names:
        msg = f"there is no sheet {sheet!r}"
        raise UnreadableTable(msg, hint=f"name one of {', '.join(workbook.sheet_names)}")
    for name in [sheet] if sheet else workbook.sheet_names:
        page: CalamineSheet = workbook.get_sheet_by_name(name)
        rows = page.to_python(skip_empty_area=False)
        if rows:
            return _Page([[as_text(cell) for cell in row] for row in rows], page.merged_cell_ranges or [])
    return _Page([], [])


def _fill(page: _Page, header_row: int) -> list[RowProblem]:
    """Write the value of cells joined below the header into each of their rows, and tell of all that are joined."""
    problems = []
    reach = sum(min(bottom, len(page.rows)) - top for (top, _), (bottom, _) in page.joined)
    if reach > _FARTHEST:
        msg = f"the sheet joins cells over {reach:,} rows in all"
        raise UnreadableTable(msg, hint="undo it (unmerge), or save the sheet as CSV")
    for (top, left), (bottom, right) in page.joined:
        if top < header_row:
            continue  # a group of columns, which the header keeps
        down = bottom > top
        if down and bottom < len(page.rows) and left < len(page.rows[top]):
            for row in page.rows[top + 1 : bottom + 1]:
                row[left] = row[left] or page.rows[top][left]
        message = f"cells are joined down to row {bottom + 1}; each row is read with their value" if down else ""
        if right > left:
            message = "cells of several columns are joined; only the first column has their value"
        hint = "undo it (unmerge) and fill each cell, if that is not meant"
        problems.append(RowProblem(top + 1, None, None, message, hint, fatal=False))
    return problems


def _unreckoned(content: bytes) -> list[RowProblem]:
    """Tell of formulas that no program has reckoned: their cells look empty."""
    if not content.startswith(ZIP):
        return []
    cells: list[str] = []
    with opened(content) as archive:
        for name in archive.names:
            if "/worksheets/" in name:
                tail = b""
                for chunk in archive.chunks(name):
                    cells += [cell.decode() for cell in _UNRECKONED.findall(tail + chunk)]
                    tail = (tail + chunk)[-1_024:] if b"<f" in chunk else b""
    cells = list(dict.fromkeys(cells))
    if not cells:
        return []
    message = f"formulas without a result in {len(cells):,} cells, {cells[0]} the first; they are read as empty"
    hint = "open the file in a spreadsheet program and save it, or paste the values"
    return [RowProblem(None, None, None, message, hint, fatal=False)]


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
