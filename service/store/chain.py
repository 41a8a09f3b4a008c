"""The chain of events: each carries the sha256 of itself and of the one before it, so that what is altered shows.

The link of an event is the sha256, hexadecimal, of three things one after another: the link of the event before it (64
characters; zeros before the first), the JSON array ``[seq, kind, noun, noun_id, organisation, key_id, microseconds]``
without spaces in UTF-8, and its `data` as the database keeps that text. The microseconds are those since 1970 in UTC.
Anybody can work it out again from the rows alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

import orjson
from sqlalchemy import select, update

from service.errors import INTERNAL, Problem
from service.store.engine import Session
from service.store.tables import EventHeadRow

HEAD = EventHeadRow.__table__
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Head(NamedTuple):
    """Where the chain ends: the number of its last event, and that one's link."""

    seq: int
    link: str


#: Where the chain ends before anything happened.
BEGINNING = Head(0, "0" * 64)


class Said(NamedTuple):
    """What is linked of an event, but for its number and its data."""

    kind: str
    noun: str
    noun_id: str
    organisation: str | None
    key_id: str | None
    microseconds: int  # since 1970 in UTC


def told(said: Said, data: str) -> str:
    """Return what is linked of an event after its number. `data` is JSON as the database keeps the text."""
    return orjson.dumps(tuple(said)).decode()[1:] + data


def links(before: Head, events: Iterable[str]) -> list[str]:
    """Return the link of each of several events that follow on one another, given what `told` says of each."""
    made: list[str] = []
    last = before.link
    for seq, one in enumerate(events, before.seq + 1):
        last = sha256(f"{last}[{seq},{one}".encode()).hexdigest()
        made.append(last)
    return made


def microseconds(at: datetime) -> int:
    """Return a moment as it is linked. Raises `ValueError` for one without a zone, which could mean any hour."""
    if at.tzinfo is None:
        msg = f"a moment needs a time zone: {at.isoformat()}"
        raise ValueError(msg)
    return (at - _EPOCH) // _MICROSECOND


def held(session: Session) -> Head:
    """Return where the chain ends, and let every other writer of events wait until the transaction ends.

    Raises `Problem` (internal) where the row that says so is gone: nothing can be added to a chain whose end is lost.
    """
    return _head(session, locking=True)


def head(session: Session) -> Head:
    """Return where the chain ends. Raises `Problem` as `held` does."""
    return _head(session, locking=False)


def move(session: Session, to: Head) -> None:
    """Say where the chain ends now."""
    session.execute(update(HEAD).values(seq=to.seq, link=to.link))


def _head(session: Session, *, locking: bool) -> Head:
    query = select(HEAD.c.seq, HEAD.c.link)
    row = session.execute(query.with_for_update() if locking else query).one_or_none()
    if row is None:
        detail = "The row that says where the chain of events ends is gone from the table event_head: restore a backup."
        raise Problem(INTERNAL, detail)
    return Head(row.seq, row.link)
