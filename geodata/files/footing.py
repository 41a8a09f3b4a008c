"""Lines below a table that are no rows of it: totals and the notes under them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from geodata.files.headers import fold
from geodata.files.sheet import Table
from geodata.rows import RowProblem

#: Totals stand at the very end.
_LAST_ROWS = 5

_TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "subtotal", "total general", "totaux", "somme", "total geral", "totales"}
    | {"gran total", "soma", "suma", "jumla", "المجموع", "الإجمالي", "الاجمالي", "المجموع الكلي"}
)
_NOTES = frozenset(
    {"source", "sources", "note", "notes", "nb", "fuente", "fuentes", "nota", "notas", "fonte", "chanzo"}
)


def without_totals(table: Table) -> Table:
    """Return the table without totals and notes in its last rows, each told."""
    keep = np.ones(len(table), dtype=bool)
    problems = []
    for at in range(len(table) - 1, max(len(table) - 1 - _LAST_ROWS, -1), -1):
        cells = [text for column in table.columns.columns if (text := (column[at].as_py() or "").strip())]
        if not cells:
            continue
        message = _told(cells, table.columns.num_columns)
        if message is None:
            break
        keep[at] = False
        hint = "if it is a place after all, put it above the totals and notes, under its own name"
        problems.append(RowProblem(int(table.rows[at]), None, cells[0][:200], message, hint))
    return replace(table.take(keep), problems=(*table.problems, *problems)) if problems else table


def _told(cells: list[str], width: int) -> str | None:
    """Return what a last row is if it is none of the table's own, else None."""
    word = fold(cells[0]).rstrip(" :")
    if word in _TOTALS and all(_is_figure(cell) for cell in cells[1:]) and len(cells) > 1:
        return "is a total, not a place; it was left out"
    if len(cells) == 1 and width > 2 and (fold(cells[0].partition(":")[0]) in _NOTES or cells[0].startswith("*")):  # noqa: PLR2004 - of two columns one may be left empty
        return "is a note under the table; it was left out"
    return None


def _is_figure(cell: str) -> bool:
    return not any(letter.isalpha() for letter in cell)
