"""Moved: which flags may look different since somebody read them who keeps what was read.

Whatever changes is told by an event in the same transaction, and events stand in the order in which transactions were
committed. The one thing that no event tells of is where a community is shown; that has a moment of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from service.store import events
from service.store.engine import Session
from service.store.nouns import SILENT, Breadth, nouns
from service.store.placed import PLACED
from service.store.tables import FlagRow, RecordRow

_EVENTS, _FLAGS, _RECORDS = events.EVENTS, FlagRow.__table__, RecordRow.__table__

#: What changes nothing about how a flag is shown on a layer, where no passport shows. Nouns that nobody thought about
#: change everything.
_APART = (*nouns(Breadth.NONE), "passport")
_NARROW = nouns(Breadth.OWN)
_TOGETHER = 500  # identifiers in one query

#: For which a transaction that places communities may take to be committed after the moment it wrote down.
_LATE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where something was read: the last event, and where communities were placed last, and how many are."""

    event: int
    placed: int
    placed_at: datetime | None


def mark(session: Session) -> Mark:
    """Return up to where there is anything to read."""
    placed = session.execute(select(func.count(), func.max(PLACED.c.created_at)).select_from(PLACED)).one()
    return Mark(events.mark(session), placed[0], placed[1])


def since(session: Session, before: Mark, most: int) -> frozenset[str] | None:
    """Return the flags that may look different since a mark; None where that may be any, or more than `most` things."""
    query = select(_EVENTS.c.noun, _EVENTS.c.noun_id, _EVENTS.c.data).where(
        _EVENTS.c.seq > before.event, _EVENTS.c.noun.not_in(_APART), _EVENTS.c.kind.not_in(SILENT)
    )
    happened = session.execute(query.limit(most + 1)).all()
    if len(happened) > most or any(one.noun not in _NARROW for one in happened):
        return None
    placed = _placed_since(session, before, most)
    if placed is None:
        return None
    told = [(name, value) for one in happened for name, value in ((one.noun, one.noun_id), *(one.data or {}).items())]
    found = {name: {value for own, value in told if own == name} for name in ("flag", "record", "community", "into")}
    communities = placed | found["community"] | found["into"] | _communities_of(session, found["record"])
    return frozenset(found["flag"] | _flags_of(session, communities))


def order(session: Session, flag_ids: Sequence[str]) -> dict[str, int]:
    """Return the row numbers of flags, in whose order they are listed, by their identifiers."""
    query = select(_FLAGS.c.id, _FLAGS.c.seq)
    parts = (query.where(_FLAGS.c.id.in_(some)) for some in _chunks(flag_ids))
    return {row.id: row.seq for part in parts for row in session.execute(part)}


def _placed_since(session: Session, before: Mark, most: int) -> set[str] | None:
    query = select(PLACED.c.community_id)
    if before.placed_at is not None:
        query = query.where(PLACED.c.created_at >= before.placed_at - _LATE)
    found = set(session.execute(query.limit(most + 1)).scalars())
    return None if len(found) > most else found


def _communities_of(session: Session, record_ids: Iterable[str]) -> set[str]:
    query = select(_RECORDS.c.community_id).where(_RECORDS.c.community_id.is_not(None))
    parts = (query.where(_RECORDS.c.id.in_(some)) for some in _chunks(record_ids))
    return {one for part in parts for one in session.execute(part).scalars()}


def _flags_of(session: Session, communities: Iterable[str]) -> set[str]:
    parts = (select(_FLAGS.c.id).where(_FLAGS.c.community_id.in_(some)) for some in _chunks(communities))
    return {one for part in parts for one in session.execute(part).scalars()}


def _chunks(ids: Iterable[str]) -> Iterable[list[str]]:
    listed = sorted(ids)
    return (listed[start : start + _TOGETHER] for start in range(0, len(listed), _TOGETHER))
