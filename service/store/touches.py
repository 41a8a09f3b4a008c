"""Touches: which flags an event may have changed for anybody, in the order in which things happened.

Events are numbered without gaps and are committed in that order (`service.store.events`), so that whoever goes on from
a number passes over none. An event about a hold, a limit or a collection may touch many flags: these are read in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, exists, select

from service.store.decision_tables import OpinionRow
from service.store.engine import Session
from service.store.events import EVENTS
from service.store.limits import LIMITS
from service.store.nouns import SILENT, Breadth, nouns
from service.store.records import RECORDS
from service.store.tables import FlagRow

FLAGS, OPINIONS = FlagRow.__table__, OpinionRow.__table__

#: Events read at a time, and flags of one that touches many.
CHUNK = 500

_TOUCHING, _WIDE = nouns(Breadth.OWN, Breadth.MANY), nouns(Breadth.MANY)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Up to where somebody was told: all of this event, and of the next one that touches many, up to this flag."""

    event: int = 0
    flag: int = 0


@dataclass(frozen=True, slots=True)
class Touch:
    """A flag that may have changed, by which event, and the position after it."""

    flag_id: str
    event: int
    at: datetime
    after: Position


def following(session: Session, position: Position) -> tuple[list[Touch], Position]:
    """Return the next touches after a position, in order, and up to where was read.

    Nothing is left where that is the position itself.
    """
    query = select(EVENTS).where(
        EVENTS.c.seq > position.event, EVENTS.c.noun.in_(_TOUCHING), EVENTS.c.kind.not_in(SILENT)
    )
    rows = session.execute(query.order_by(EVENTS.c.seq).limit(CHUNK)).all()
    if not rows:
        return [], position
    if rows[0].noun in _WIDE:
        return _of_many(session, rows[0], position)
    narrow = _before(rows)
    told = _flags_of(session, narrow)
    touches = [
        Touch(flag_id, row.seq, row.created_at, Position(row.seq)) for row in narrow for flag_id in told[row.seq]
    ]
    return touches, Position(narrow[-1].seq)


def _before(rows: Sequence[Row[Any]]) -> Sequence[Row[Any]]:
    """Return the rows before the first that touches many."""
    wide = next((at for at, row in enumerate(rows) if row.noun in _WIDE), len(rows))
    return rows[:wide]


def _of_many(session: Session, row: Row[Any], position: Position) -> tuple[list[Touch], Position]:
    query = select(FLAGS.c.seq, FLAGS.c.id).where(FLAGS.c.seq > position.flag)
    organisation = _whose(session, row)
    if organisation is not None:
        theirs = RECORDS.c.community_id == FLAGS.c.community_id, RECORDS.c.organisation == organisation
        query = query.where(exists().where(*theirs))
    found = session.execute(query.order_by(FLAGS.c.seq).limit(CHUNK)).all()
    touches = [Touch(one.id, row.seq, row.created_at, Position(row.seq - 1, one.seq)) for one in found]
    return touches, touches[-1].after if len(found) == CHUNK else Position(row.seq)


def _whose(session: Session, row: Row[Any]) -> str | None:
    """Return the organisation of whose records an event is; None: of all."""
    if row.noun == "hold":
        return None
    if row.noun == "limit":
        return session.execute(select(LIMITS.c.organisation).where(LIMITS.c.id == row.noun_id)).scalar()
    return str(row.noun_id)


def _flags_of(session: Session, rows: Sequence[Row[Any]]) -> dict[int, list[str]]:
    """Return the flags that each event is about, by its number."""
    records = _one_of_each(session, select(RECORDS.c.id, RECORDS.c.community_id), _ids(rows, "record"))
    opinions = _one_of_each(session, select(OPINIONS.c.id, OPINIONS.c.flag_id), _ids(rows, "opinion"))
    communities = {row.seq: _communities(row, records) for row in rows}
    named = {one for some in communities.values() for one in some}
    flags = _one_of_each(session, select(FLAGS.c.community_id, FLAGS.c.id), named)
    spoken = _spoken_by(session, _ids(rows, "record"))  # also of a community that the record has left since
    found: dict[int, list[str]] = {}
    for row in rows:
        own = {"flag": row.noun_id, "opinion": opinions.get(row.noun_id)}.get(row.noun)
        theirs = [flags[one] for one in communities[row.seq] if one in flags]
        found[row.seq] = list(dict.fromkeys([*([own] if own else []), *theirs, *spoken.get(row.noun_id, ())]))
    return found


def _spoken_by(session: Session, records: set[str]) -> dict[str, list[str]]:
    """Return the flags that each of these records speaks for."""
    found: dict[str, list[str]] = {}
    if records:
        query = select(FLAGS.c.record_id, FLAGS.c.id).where(FLAGS.c.record_id.in_(sorted(records)))
        for record, flag_id in session.execute(query):
            found.setdefault(record, []).append(flag_id)
    return found


def _communities(row: Row[Any], records: Mapping[str, str]) -> list[str]:
    if row.noun == "community":
        return [row.noun_id, row.data["into"]]
    if row.noun != "record":
        return []
    named = (row.data.get("left"), row.data.get("community"), records.get(row.noun_id))
    return [one for one in named if one]


def _ids(rows: Iterable[Row[Any]], noun: str) -> set[str]:
    return {row.noun_id for row in rows if row.noun == noun}


def _one_of_each(session: Session, query: Any, wanted: set[str]) -> dict[str, str]:
    """Return the second column of a query by the first, for these values of the first."""
    if not wanted:
        return {}
    key = query.selected_columns[0]
    return {row[0]: row[1] for row in session.execute(query.where(key.in_(sorted(wanted)))) if row[1]}
