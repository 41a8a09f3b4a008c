"""What was wrong in the files that were imported: one row for each thing, in the order of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import insert, select

from service.store.engine import Session
from service.store.import_tables import ImportProblemRow

PROBLEMS = ImportProblemRow.__table__

#: What is kept of one file; who has more mends these first.
MOST = 100_000
_READ = 5_000  # at a time


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that was wrong in one place of a file."""

    row: int | None  # as a spreadsheet numbers it; None for the whole file
    column: str | None
    value: str | None
    message: str
    hint: str
    kept: bool  # the row was, without this value
    proposal: dict[str, Any] | None = None  # what would be right, where one guess stands out


def add(session: Session, import_id: str, found: Sequence[Fault]) -> None:
    """Keep what was wrong."""
    if found:
        session.execute(insert(PROBLEMS), [asdict(fault) | {"import_id": import_id} for fault in found])


def of(session: Session, import_id: str, limit: int = MOST) -> Iterator[Fault]:
    """Return what was wrong in a file, in the order it was found."""
    after = 0
    while limit > 0:
        query = select(PROBLEMS).where(PROBLEMS.c.import_id == import_id, PROBLEMS.c.seq > after)
        rows = session.execute(query.order_by(PROBLEMS.c.seq).limit(min(_READ, limit))).all()
        if not rows:
            return
        limit -= len(rows)
        after = rows[-1].seq
        for row in rows:
            yield Fault(row.row, row.column, row.value, row.message, row.hint, row.kept, row.proposal)
