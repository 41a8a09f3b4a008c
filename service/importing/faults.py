"""Faults: what was wrong in a file, as people mend it: a table with the row and column of their own spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from geodata.rows import RowProblem
from service.importing.rows import refused
from service.store.import_problems import Fault

#: What a file of errors says of each, in this order.
COLUMNS = ("row", "column", "value", "problem", "hint", "proposal", "kept")

_LONGEST = 300  # characters of a value that is told


def faults(problems: Iterable[RowProblem]) -> list[Fault]:
    """Return problems as they are kept, in the order of their rows.

    A row that could not even be cut into cells is told without its text, which nobody looked through for people.
    """
    found = list(problems)
    gone = refused(found)
    return [_fault(problem, kept=problem.row not in gone) for problem in sorted(found, key=lambda one: one.row or 0)]


def told(found: Iterable[Fault]) -> Iterator[dict[str, Any]]:
    """Return faults as rows with `COLUMNS`."""
    return (
        {
            "row": fault.row,
            "column": fault.column,
            "value": fault.value,
            "problem": fault.message,
            "hint": fault.hint,
            "proposal": proposed(fault),
            "kept": "without this value" if fault.kept and fault.row else "yes" if fault.kept else "no",
        }
        for fault in found
    )


def proposed(fault: Fault) -> str | None:
    """Return what would be right, where one guess stands out: "lat=-1.3133; lon=36.7876"."""
    return "; ".join(f"{name}={value}" for name, value in fault.proposal.items()) if fault.proposal else None


def _fault(problem: RowProblem, *, kept: bool) -> Fault:
    value = problem.value if problem.column is not None else None
    return Fault(
        row=problem.row,
        column=problem.column,
        value=value if value is None else value.replace("\x00", "\ufffd")[:_LONGEST],
        message=problem.message,
        hint=problem.hint,
        kept=kept,
        proposal=dict(problem.proposal) if problem.proposal else None,
    )
