"""Browsers in which the desk was opened with a key, under digests of what they hold. They end as sessions do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, insert, select, update

from service.callers.caller import Caller, Role
from service.store import events
from service.store.desk_tables import DeskSessionRow
from service.store.engine import Session
from service.store.keys import KEYS, SHUT
from service.store.sessions import ABSOLUTE, IDLE

SESSIONS = DeskSessionRow.__table__


def start(session: Session, caller: Caller, digest: str, at: datetime) -> None:
    """Begin a session of a key; those that ended long ago are forgotten."""
    session.execute(delete(SESSIONS).where(SESSIONS.c.created_at < at - 2 * ABSOLUTE))
    row = {"digest": digest, "key_id": caller.key_id, "created_at": at, "seen_at": at, "ended_at": None}
    session.execute(insert(SESSIONS), [row])
    events.add(session, [events.Event("key.opened_desk", caller.key_id or "", at, caller)])


def find(session: Session, digest: str, at: datetime) -> tuple[Caller, datetime] | None:
    """Return whose key a session is of, and when it was last used; None once it ended or the key opens nothing."""
    query = select(SESSIONS.c.seen_at, KEYS.c.organisation, KEYS.c.id, KEYS.c.role).join(
        KEYS, KEYS.c.id == SESSIONS.c.key_id
    )
    row = session.execute(query.where(SESSIONS.c.digest == digest, ~SHUT, *_open(at)), {"now": at}).one_or_none()
    return None if row is None else (Caller(row.organisation, row.id, Role(row.role)), row.seen_at)


def seen(session: Session, digest: str, at: datetime) -> None:
    """Say that a session is in use."""
    session.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen_at=at))


def end(session: Session, digest: str, at: datetime) -> None:
    """End a session; ending it twice changes nothing."""
    session.execute(
        update(SESSIONS).where(SESSIONS.c.digest == digest, SESSIONS.c.ended_at.is_(None)).values(ended_at=at)
    )


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (SESSIONS.c.ended_at.is_(None), SESSIONS.c.created_at > at - ABSOLUTE, SESSIONS.c.seen_at > at - IDLE)
