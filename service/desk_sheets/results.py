"""Results: what became of each row of a filled sheet, flat, so that it stands in a table beside the sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.context import Context
from service.deciding.asking import Outcome, What
from service.deciding.carrying_out import carry_out
from service.deciding.checking import Deciding
from service.deciding.foreseeing import foresee
from service.deciding.telling import refusal_told
from service.desk_sheets.filled import Filled, Line
from service.errors import Problem

#: What a table of results says of each row, in this order.
COLUMNS = (
    "row",
    "flag_id",
    "name",
    "outcome",
    "decision",
    "reason_code",
    "status_before",
    "version",
    "column",
    "problem",
    "hint",
)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row: an outcome, or the problem with what it says."""

    line: Line
    outcome: Outcome | None = None

    @property
    def what(self) -> What:
        """What became of it."""
        return What.REFUSED if self.outcome is None else self.outcome.what

    @property
    def problem(self) -> Problem | None:
        """What stood in the way."""
        return self.line.problem if self.outcome is None else self.outcome.problem


def results(context: Context, filled: Filled, by: Deciding, *, preview: bool) -> Iterator[Result]:
    """Yield what became of each row that decides something, in their order; in a preview, what would."""
    asked = [line.asked for line in filled.lines if line.asked is not None]
    became = foresee(context, asked, by) if preview else carry_out(context, asked, by)
    for line in filled.lines:
        yield Result(line, None if line.asked is None else next(became))


def told(found: Iterable[Result]) -> Iterator[dict[str, Any]]:
    """Return results as rows with `COLUMNS`; `version` is the one at which the flag stands then, or would stand."""
    for one in found:
        outcome, asked, wrong = one.outcome, one.line.asked, refusal_told(one.problem)
        yield {
            "row": one.line.row,
            "flag_id": one.line.flag_id,
            "name": outcome.name if outcome else None,
            "outcome": one.what.value,
            "decision": asked.decision.value if asked else None,
            "reason_code": asked.reason_code if asked else None,
            "status_before": outcome.before.value if outcome and outcome.before else None,
            "version": outcome.version if outcome else None,
            "column": wrong["column"] if wrong else None,
            "problem": wrong["detail"] if wrong else None,
            "hint": wrong["hint"] if wrong else None,
        }
