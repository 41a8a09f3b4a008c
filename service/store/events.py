"""Events: what happened, to what, by whom. Rows are only ever added; the database refuses anything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import func, insert, select

from service.caller import ANONYMOUS, Caller
from service.store import bulk
from service.store.engine import Session
from service.store.tables import EventRow

EVENTS = EventRow.__table__
_ADD = insert(EVENTS).inline()


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `by` nobody in particular is the service itself; `data` holds no name and no place."""

    kind: str  # noun and participle, e.g. "record.created"
    subject: str  # identifier of the noun
    at: datetime
    by: Caller = ANONYMOUS
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Series:
    """Things that happened to many subjects of one noun at one moment, by one caller."""

    noun: str
    kinds: pa.Array  # as in `Event`
    subjects: pa.Array
    data: pa.Array  # JSON
    at: datetime
    by: Caller = ANONYMOUS


def add(session: Session, events: Sequence[Event]) -> None:
    """Keep events, in this order."""
    if events:
        session.execute(_ADD, [_row(event) for event in events])


def add_series(session: Session, series: Series) -> None:
    """Keep a series of events, in its order."""
    columns = {
        "kind": series.kinds,
        "noun": series.noun,
        "noun_id": series.subjects,
        "organisation": series.by.organisation,
        "key_id": series.by.key_id,
        "data": series.data,
        "created_at": series.at,
    }
    bulk.insert(session, EVENTS, columns, len(series.subjects))


def about(session: Session, noun: str, subject: str) -> tuple[Event, ...]:
    """Return what happened to one thing, oldest first."""
    query = select(EVENTS).where(EVENTS.c.noun == noun, EVENTS.c.noun_id == subject).order_by(EVENTS.c.seq)
    return tuple(
        Event(row.kind, row.noun_id, row.created_at, Caller(row.organisation, row.key_id, None), row.data)
        for row in session.execute(query)
    )


def mark(session: Session) -> int:
    """Return up to where events go; it moves with everything that happens."""
    return int(session.execute(select(func.max(EVENTS.c.seq))).scalar() or 0)


def last_moment(session: Session) -> datetime | None:
    """Return when something happened last, None where nothing ever did."""
    return session.execute(select(EVENTS.c.created_at).order_by(EVENTS.c.seq.desc()).limit(1)).scalar()


def _row(event: Event) -> dict[str, Any]:
    return {
        "kind": event.kind,
        "noun": event.kind.partition(".")[0],
        "noun_id": event.subject,
        "organisation": event.by.organisation,
        "key_id": event.by.key_id,
        "data": event.data,
        "created_at": event.at,
    }
