"""Sessions: browsers in which somebody signed in, under digests of what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update

from service.callers.caller import Caller
from service.store import events
from service.store.engine import Session
from service.store.keys import KEYS, SHUT
from service.store.login_tables import SessionRow, UserRow
from service.store.scoping import CALLER, caller_of

SESSIONS, USERS = SessionRow.__table__, UserRow.__table__

#: After so long without a request, and after so long at all, one signs in again (OWASP ASVS 3.3).
IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)

#: How exactly it is known when a session was last used: a request need not write.
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a session."""

    user_id: str
    caller: Caller
    created_at: datetime
    seen_at: datetime


def start(session: Session, user_id: str, digest: str, at: datetime) -> None:
    """Begin a session; those that ended long ago are forgotten."""
    session.execute(delete(SESSIONS).where(SESSIONS.c.created_at < at - 2 * ABSOLUTE))
    row = {"digest": digest, "user_id": user_id, "created_at": at, "seen_at": at, "ended_at": None}
    session.execute(insert(SESSIONS), [row])
    events.add(session, [events.Event("user.signed_in", user_id, at)])


def find(session: Session, digest: str, at: datetime) -> SignedIn | None:
    """Return who is behind a session that holds at a moment, and may still sign in."""
    query = (
        select(SESSIONS.c.user_id, SESSIONS.c.created_at, SESSIONS.c.seen_at, *CALLER)
        .select_from(SESSIONS)
        .join(USERS, USERS.c.id == SESSIONS.c.user_id)
        .join(KEYS, KEYS.c.id == USERS.c.key_id)
        .where(SESSIONS.c.digest == digest, USERS.c.removed_at.is_(None), ~SHUT, *_open(at))
    )
    row = session.execute(query, {"now": at}).one_or_none()
    if row is None:
        return None
    return SignedIn(row.user_id, caller_of(session, row), row.created_at, row.seen_at)


def seen(session: Session, digest: str, at: datetime) -> None:
    """Say that a session is in use."""
    session.execute(update(SESSIONS).where(SESSIONS.c.digest == digest).values(seen_at=at))


def end(session: Session, digest: str, at: datetime) -> None:
    """End one session; ending it twice changes nothing."""
    session.execute(
        update(SESSIONS).where(SESSIONS.c.digest == digest, SESSIONS.c.ended_at.is_(None)).values(ended_at=at)
    )


def end_all(session: Session, user_id: str, at: datetime) -> int:
    """End every session of somebody, and return how many were open."""
    query = update(SESSIONS).where(SESSIONS.c.user_id == user_id, *_open(at)).values(ended_at=at)
    ended = int(session.execute(query).rowcount)
    if ended:
        events.add(session, [events.Event("user.signed_out", user_id, at, data={"sessions": ended})])
    return ended


def of_user(session: Session, user_id: str, at: datetime) -> list[tuple[str, datetime, datetime]]:
    """Return digest, begin and last use of every open session of somebody, the newest first."""
    columns = (SESSIONS.c.digest, SESSIONS.c.created_at, SESSIONS.c.seen_at)
    query = select(*columns).where(SESSIONS.c.user_id == user_id, *_open(at)).order_by(SESSIONS.c.created_at.desc())
    return [(row.digest, row.created_at, row.seen_at) for row in session.execute(query)]


def open_by_user(session: Session, at: datetime) -> dict[str, int]:
    """Return how many sessions are open, by user."""
    query = select(SESSIONS.c.user_id, func.count()).where(*_open(at)).group_by(SESSIONS.c.user_id)
    return {row[0]: row[1] for row in session.execute(query)}


def _open(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (SESSIONS.c.ended_at.is_(None), SESSIONS.c.created_at > at - ABSOLUTE, SESSIONS.c.seen_at > at - IDLE)
