"""A file of decisions about pairs, for a comparison without a server: which record is which entry, and which not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from geodata.files.cellwise import Refusal
from geodata.files.dates import date_reader
from geodata.files.tables import read_table
from geodata.places import Places
from geodata.rows import RowProblem
from matchers.memory.decisions import NOTHING, Answer, Memory, Ruling, decide
from service.errors import INVALID, Problem

_COLUMNS = ("record_id", "official_id", "decision", "decided_on")
_EXPECTED = ", ".join(answer.value for answer in Answer)


@dataclass(frozen=True, slots=True)
class Decisions:
    """What is remembered, and what of the file could not be used."""

    memory: Memory = NOTHING
    problems: tuple[RowProblem, ...] = ()


class _Line(NamedTuple):
    row: int  # as a spreadsheet shows it
    ruling: Ruling

    @property
    def on(self) -> date:
        return self.ruling.on


def read_decisions(path: Path | None, citizen: Places, official: Places) -> Decisions:
    """Return the decisions of a file about rows of two others, the latest about each pair; nothing where none is named.

    Columns: record_id, official_id, decision (same, different or unsure), decided_on. Such a file does not tell what a
    decision rested on, so it holds as long as it stands there. Raises `UnreadableTable` when it cannot be read at all,
    `Problem` (invalid) when a column is missing. A line that cannot be used is a problem of that line.
    """
    if path is None:
        return Decisions()
    table = read_table(path)
    headers = {"_".join(header.casefold().split()): header for header in table.headers}
    missing = [column for column in _COLUMNS if column not in headers]
    if missing:
        detail = f"{path} lacks the columns {', '.join(missing)}; a file of decisions has {', '.join(_COLUMNS)}."
        raise Problem(INVALID, detail)
    columns = [[(cell or "").strip() for cell in table.columns[headers[name]].to_pylist()] for name in _COLUMNS]
    day_of = date_reader(columns[-1])
    read = [
        _line(row, cells, day_of(cells[-1]))
        for row, *cells in zip(table.rows.tolist(), *columns, strict=True)
        if any(cells)
    ]
    lines = sorted((line for line in read if isinstance(line, _Line)), key=attrgetter("on"))
    decided = decide([line.ruling for line in lines], citizen, official)
    unknown = _unknown(lines, {one.ruling for one in decided}, citizen)
    problems = (*table.problems, *(line for line in read if isinstance(line, RowProblem)), *unknown)
    return Decisions(Memory.of(decided), tuple(sorted(problems, key=lambda problem: problem.row or 0)))


def _line(row: int, cells: list[str], day: date | Refusal) -> _Line | RowProblem:
    record_id, official_id, decision, on = cells
    if decision.casefold() not in {answer.value for answer in Answer}:
        return RowProblem(row, "decision", decision, "is no decision", f"write one of {_EXPECTED}")
    if isinstance(day, Refusal):
        return RowProblem(row, "decided_on", on, day.message, day.hint)
    return _Line(row, Ruling(record_id, official_id, Answer(decision.casefold()), day))


def _unknown(lines: list[_Line], decided: set[Ruling], citizen: Places) -> Iterator[RowProblem]:
    """Say which lines speak of rows that are in neither file."""
    ids = set(citizen.ids) if len(decided) < len(lines) else set()
    for line in lines:
        if line.ruling not in decided:
            mine = line.ruling.record_id not in ids
            column, value = ("record_id", line.ruling.record_id) if mine else ("official_id", line.ruling.official_id)
            side = "citizen" if mine else "official"
            message = f"the {side} file has no row {value!r}"
            yield RowProblem(
                line.row, column, value, message, "check the identifier, or leave the line: it does no harm"
            )
