"""Users: people who may sign in, each with a key of their own that nobody holds."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Select, insert, select, update

from service.callers.caller import Role
from service.errors import CONFLICT, NOT_FOUND, Problem
from service.store import events, keys, sessions
from service.store.engine import Session
from service.store.keys import KEYS
from service.store.login_tables import UserRow

USERS = UserRow.__table__

_LIVING = (USERS.c.removed_at.is_(None), KEYS.c.revoked_at.is_(None))


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may sign in, and as what."""

    id: str
    email: str
    organisation: str
    role: Role
    key_id: str
    invited_at: datetime
    known: bool  # they signed in before


def invite(session: Session, email: str, organisation: str, role: Role) -> User:
    """Let somebody sign in, to work everywhere. Raises `Problem` as `invite_as` does."""
    return invite_as(session, email, keys.Wanted(organisation, role, "signs in"))


def invite_as(session: Session, email: str, wanted: keys.Wanted) -> User:
    """Let somebody sign in, to act through a key like this. Raises `Problem` (conflict) where they may already."""
    now, email = datetime.now(UTC), email.strip().casefold()
    if _found(session, USERS.c.email == email) is not None:
        detail = f"{email} may sign in already. Remove them first to invite them as somebody else."
        raise Problem(CONFLICT, detail)
    user_id, key_id = uuid.uuid4().hex, keys.create_unheld(session, wanted)
    row = {"id": user_id, "email": email, "subject": None, "key_id": key_id, "invited_at": now, "removed_at": None}
    session.execute(insert(USERS), [row])
    events.add(session, [events.Event("user.invited", user_id, now, data={"key": key_id, "role": wanted.role.value})])
    return User(user_id, email, wanted.organisation, wanted.role, key_id, now, known=False)


def by_subject(session: Session, subject: str) -> User | None:
    """Return who signed in under this subject before."""
    return _found(session, USERS.c.subject == subject)


def welcome(session: Session, email: str, subject: str) -> User | None:
    """Return who was invited under an address and never signed in yet, bound to the subject from now on."""
    bound = update(USERS).where(USERS.c.email == email, USERS.c.subject.is_(None), USERS.c.removed_at.is_(None))
    session.execute(bound.values(subject=subject))
    return by_subject(session, subject)


def get(session: Session, user_id: str) -> User | None:
    """Return somebody who may sign in."""
    return _found(session, USERS.c.id == user_id)


def remove(session: Session, email: str) -> int:
    """Let somebody sign in no more, and end their sessions at once; return how many these were.

    Their address goes; what they did stays attributed to their key. Raises `Problem` (not found).
    """
    now, user = datetime.now(UTC), named(session, email)
    keys.revoke(session, user.key_id)
    gone = update(USERS).where(USERS.c.id == user.id).values(email="", subject=None, removed_at=now)
    session.execute(gone)
    events.add(session, [events.Event("user.removed", user.id, now)])
    return sessions.end_all(session, user.id, now)


def named(session: Session, email: str) -> User:
    """Return who may sign in under an address. Raises `Problem` (not found)."""
    user = _found(session, USERS.c.email == email.strip().casefold())
    if user is None:
        detail = f"Nobody may sign in as {email}."
        raise Problem(NOT_FOUND, detail)
    return user


def all(session: Session) -> tuple[tuple[User, int], ...]:  # noqa: A001  # read as `users.all(session)`
    """Return everybody who may sign in, in order of their invitation, each with how many sessions are open."""
    rows = session.execute(_query().where(*_LIVING).order_by(USERS.c.invited_at, USERS.c.id))
    counted = sessions.open_by_user(session, datetime.now(UTC))
    return tuple((user, counted.get(user.id, 0)) for user in (_user(row) for row in rows.mappings()))


def _query() -> Select[tuple[object, ...]]:
    columns = (USERS.c.id, USERS.c.email, USERS.c.key_id, USERS.c.invited_at, USERS.c.subject)
    return select(*columns, KEYS.c.organisation, KEYS.c.role).select_from(USERS.join(KEYS, KEYS.c.id == USERS.c.key_id))


def _found(session: Session, condition: object) -> User | None:
    row = session.execute(_query().where(condition, *_LIVING)).mappings().one_or_none()  # type: ignore[arg-type]
    return _user(row) if row is not None else None


def _user(row: object) -> User:
    told = dict(row)  # type: ignore[call-overload]
    return User(
        told["id"],
        told["email"],
        told["organisation"],
        Role(told["role"]),
        told["key_id"],
        told["invited_at"],
        known=told["subject"] is not None,
    )
