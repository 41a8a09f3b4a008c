"""Vitals: how much waits in the database, and since when; numbers of everything, of interest to operators alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from service.store import events
from service.store.engine import Session
from service.store.imports import IMPORTS, OPEN
from service.store.records import RECORDS
from service.store.values import RecordState


@dataclass(frozen=True, slots=True)
class Vitals:
    """What waits, and what happened last. Moments are None where there is nothing."""

    pending: int  # records that wait to be compared
    imports: dict[str, int]  # unfinished, by state
    oldest_import: datetime | None  # the unfinished file that came first
    newest_event: datetime | None


def read(session: Session) -> Vitals:
    """Return how much waits; every question is answered by an index."""
    waiting = select(func.count()).where(RECORDS.c.state == RecordState.PENDING.value)
    open_ones = IMPORTS.c.state.in_(OPEN)
    by_state = select(IMPORTS.c.state, func.count()).where(open_ones).group_by(IMPORTS.c.state)
    return Vitals(
        pending=int(session.execute(waiting).scalar_one()),
        imports={row[0]: row[1] for row in session.execute(by_state)},
        oldest_import=session.execute(select(func.min(IMPORTS.c.created_at)).where(open_ones)).scalar(),
        newest_event=events.last_moment(session),
    )
