"""Events: what happened, to what, by whom. Rows are only ever added; the database refuses anything else.

They are written at the end of the transaction that adds them, because each is chained to the one before it
(`service.store.chain`), and for the end of the chain all writers take turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import func, insert, select

from service.callers.caller import ANONYMOUS, Caller
from service.store import bulk, chain
from service.store.chain import Head, Said, microseconds
from service.store.engine import Session, at_the_end
from service.store.tables import EventRow

EVENTS = EventRow.__table__
_ADD = insert(EVENTS).inline()
_ESCAPED = r'["\\\x00-\x1f]'  # what JSON does not write as it is


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


#: What one call adds: rows of single events, or a series.
_Added: TypeAlias = list[dict[str, Any]] | Series


def add(session: Session, events: Sequence[Event]) -> None:
    """Keep events, in this order. Raises `ValueError` for a moment without a zone."""
    if events:
        added: _Added = [_row(event) for event in events]
        at_the_end(session, _keep, added)


def add_series(session: Session, series: Series) -> None:
    """Keep a series of events, in its order. Raises `ValueError` for a moment without a zone."""
    if len(series.subjects):
        microseconds(series.at)
        added: _Added = series
        at_the_end(session, _keep, added)


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


def before(session: Session, moment: datetime) -> int:
    """Return the number of the last event before a moment, 0 where there was none.

    Numbers have no gaps and moments rise with them, so that twenty looks find one of a million.
    """
    low, high = 0, mark(session)
    while low < high:
        middle = (low + high + 1) // 2
        at = session.execute(select(EVENTS.c.created_at).where(EVENTS.c.seq == middle)).scalar()
        low, high = (middle, high) if at is not None and at < moment else (low, middle - 1)
    return low


def link(session: Session, seq: int) -> str | None:
    """Return the link of an event by its number, None where there is no such event."""
    return session.execute(select(EVENTS.c.link).where(EVENTS.c.seq == seq)).scalar()


def _keep(session: Session, added: list[_Added]) -> None:
    end, rows = chain.held(session), list[dict[str, Any]]()
    for one in added:
        if isinstance(one, Series):
            end, rows = _keep_series(session, _keep_rows(session, end, rows), one), []
        else:
            rows += one
    chain.move(session, _keep_rows(session, end, rows))


def _keep_rows(session: Session, end: Head, rows: list[dict[str, Any]]) -> Head:
    if not rows:
        return end
    made = chain.links(end, map(_told, rows))
    session.execute(
        _ADD,
        [row | {"seq": seq, "link": link} for seq, (row, link) in enumerate(zip(rows, made, strict=True), end.seq + 1)],
    )
    return Head(end.seq + len(made), made[-1])


def _keep_series(session: Session, end: Head, series: Series) -> Head:
    made = chain.links(end, _told_of(series))
    columns = {
        "seq": pa.array(range(end.seq + 1, end.seq + 1 + len(made)), pa.int64()),
        "kind": series.kinds,
        "noun": series.noun,
        "noun_id": series.subjects,
        "organisation": series.by.acts_for,
        "key_id": series.by.key_id,
        "data": series.data,
        "created_at": series.at,
        "link": pa.array(made, pa.string()),
    }
    bulk.insert(session, EVENTS, columns, len(made))
    return Head(end.seq + len(made), made[-1])


def _told(row: dict[str, Any]) -> str:
    who = (row["organisation"], row["key_id"])
    said = Said(row["kind"], row["noun"], row["noun_id"], *who, microseconds(row["created_at"]))
    return chain.told(said, orjson.dumps(row["data"]).decode())  # as the engine writes it


def _told_of(series: Series) -> list[str]:
    """Return the same of each event of a series, written as columns where that gives the same."""
    same = (series.noun, "", series.by.acts_for, series.by.key_id, microseconds(series.at))
    if pc.any(pc.match_substring_regex(series.subjects, _ESCAPED)).as_py():
        rows = zip(series.kinds.to_pylist(), series.subjects.to_pylist(), series.data.to_pylist(), strict=True)
        return [chain.told(Said(kind, same[0], subject, *same[2:]), data) for kind, subject, data in rows]
    before, after = chain.told(Said("", *same), "").split('""', 1)[1].split('""', 1)
    parts = (series.kinds, f'"{before}"', series.subjects, f'"{after}', series.data)
    told: list[str] = pc.binary_join_element_wise('"', *parts, "").to_pylist()
    return told


def last_moment(session: Session) -> datetime | None:
    """Return when something happened last, None where nothing ever did."""
    return session.execute(select(EVENTS.c.created_at).order_by(EVENTS.c.seq.desc()).limit(1)).scalar()


def _row(event: Event) -> dict[str, Any]:
    microseconds(event.at)
    return {
        "kind": event.kind,
        "noun": event.kind.partition(".")[0],
        "noun_id": event.subject,
        "organisation": event.by.acts_for,
        "key_id": event.by.key_id,
        "data": event.data,
        "created_at": event.at,
    }
