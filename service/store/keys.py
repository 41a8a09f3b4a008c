"""Keys: who may call, told apart by a secret of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import and_, bindparam, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.caller import Caller, Role
from service.errors import NOT_FOUND, Problem
from service.store import events
from service.store.ahead import UNREAD
from service.store.engine import Session
from service.store.tables import KeyRow, OrganisationRow

KEYS, ORGANISATIONS = KeyRow.__table__, OrganisationRow.__table__

_EXPIRED = and_(KEYS.c.expires_at.is_not(None), KEYS.c.expires_at <= bindparam("now"))

#: What a key is that opens nothing any more; `now` is the moment.
SHUT = or_(KEYS.c.revoked_at.is_not(None), _EXPIRED)

#: Built once, because every request with a key asks it.
_HOLDER = select(KEYS.c.id, KEYS.c.organisation, KEYS.c.role, KEYS.c.hash, KEYS.c.last_used_on).where(
    KEYS.c.hash == bindparam("digest"), ~SHUT
)

_SHUT = select(KEYS.c.id).where(KEYS.c.id.in_(bindparam("ids", expanding=True)), SHUT)

UNHELD = "unheld:"  # no digest begins so

PREFIX = "unc_"  # so that a key that leaked into a log or a repository is recognised


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key as it may be shown; the secret itself was shown once."""

    id: str
    organisation: str
    role: Role
    label: str
    created_at: datetime
    revoked_at: datetime | None
    expires_at: datetime | None
    last_used_on: date | None  # UTC


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made: for whom, what it may do, whose it is, and until when."""

    organisation: str
    role: Role
    label: str
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a secret, and on which day its key was last used."""

    caller: Caller
    last_used_on: date | None


def create(session: Session, organisation: str, role: Role, label: str) -> str:
    """Make a key without an end, as `issue` does."""
    return issue(session, Wanted(organisation, role, label))


def issue(session: Session, wanted: Wanted) -> str:
    """Make a key for an organisation, which is made too when new, and return its secret: the only time it is seen."""
    secret = PREFIX + secrets.token_hex(32)
    _add(session, wanted, digest_of(secret))
    return secret


def create_unheld(session: Session, wanted: Wanted) -> str:
    """Make a key that no secret opens, for somebody who signs in to act through, and return its identifier."""
    return _add(session, wanted, f"{UNHELD}{uuid.uuid4().hex}")


def _add(session: Session, wanted: Wanted, digest: str) -> str:
    now, key_id = datetime.now(UTC), uuid.uuid4().hex
    add_organisation(session, wanted.organisation, now)
    row = {
        "id": key_id,
        "organisation": wanted.organisation,
        "role": wanted.role.value,
        "label": wanted.label,
        "hash": digest,
        "created_at": now,
        "revoked_at": None,
        "expires_at": wanted.expires_at,
        "last_used_on": None,
    }
    session.execute(insert(KEYS), [row])
    data = {"organisation": wanted.organisation, "role": wanted.role.value}
    if wanted.expires_at is not None:
        data["expires_at"] = wanted.expires_at.isoformat()
    events.add(session, [events.Event("key.created", key_id, now, data=data)])
    return key_id


def rotate(session: Session, key_id: str, overlap: timedelta) -> str:
    """Make a key like another one, which opens for the time of the overlap yet, and return its secret.

    What the old one was made to live, the new one lives too. Raises `Problem`: not found for a key that is not there or
    opens nothing any more, as nobody could have used it in between.
    """
    now = datetime.now(UTC)
    old = session.execute(select(KEYS).where(KEYS.c.id == key_id, ~SHUT), {"now": now}).one_or_none()
    if old is None:
        detail = f"There is no key {key_id} that opens anything."
        raise Problem(NOT_FOUND, detail)
    expires_at = None if old.expires_at is None else now + (old.expires_at - old.created_at)
    secret = issue(session, Wanted(old.organisation, Role(old.role), old.label, expires_at))
    ends_at = min(now + overlap, old.expires_at or datetime.max.replace(tzinfo=UTC))
    session.execute(update(KEYS).where(KEYS.c.id == key_id).values(expires_at=ends_at))
    events.add(session, [events.Event("key.rotated", key_id, now, data={"expires_at": ends_at.isoformat()})])
    return secret


def find(session: Session, secret: str) -> Caller | None:
    """Return who holds this secret, None when nobody does, or the key was revoked or has expired."""
    held = holder(session, secret)
    return None if held is None else held.caller


def holder(session: Session, secret: str) -> Holder | None:
    """Return who holds this secret as `find` does, and when it was last used.

    A slow hash would add nothing: the secret is 256 random bits, not a word somebody chose.
    """
    digest = digest_of(secret)
    row = session.execute(_HOLDER, {"digest": digest, "now": datetime.now(UTC)}).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, digest):
        return None
    return Holder(Caller(organisation=row.organisation, key_id=row.id, role=Role(row.role)), row.last_used_on)


def note_use(session: Session, key_id: str, on: date) -> None:
    """Note the day on which a key was last used; a day is enough to find those that nobody needs."""
    session.execute(update(KEYS).where(KEYS.c.id == key_id).values(last_used_on=on))


def revoke(session: Session, key_id: str) -> None:
    """Let a key open nothing from now on. Raises `Problem` (not found); revoking twice changes nothing."""
    now = datetime.now(UTC)
    if session.execute(select(KEYS.c.id).where(KEYS.c.id == key_id)).one_or_none() is None:
        detail = f"There is no key {key_id}."
        raise Problem(NOT_FOUND, detail)
    query = update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None)).values(revoked_at=now)
    if session.execute(query).rowcount:
        events.add(session, [events.Event("key.revoked", key_id, now)])


def revoked(session: Session, key_ids: Collection[str]) -> frozenset[str]:
    """Return those of the keys that open nothing any more: revoked, or past their end."""
    asked = {"ids": sorted(key_ids), "now": datetime.now(UTC)}
    return frozenset(session.execute(_SHUT, asked).scalars()) if key_ids else frozenset()


def all(session: Session) -> tuple[KeyEntry, ...]:  # noqa: A001  # read as `keys.all(session)`
    """Return every key, oldest first."""
    return tuple(
        KeyEntry(
            id=row.id,
            organisation=row.organisation,
            role=Role(row.role),
            label=row.label,
            created_at=row.created_at,
            revoked_at=row.revoked_at,
            expires_at=row.expires_at,
            last_used_on=row.last_used_on,
        )
        for row in session.execute(select(KEYS).order_by(KEYS.c.seq))
    )


def organisations(session: Session) -> tuple[str, ...]:
    """Return every organisation, in order."""
    return tuple(session.execute(select(ORGANISATIONS.c.id).order_by(ORGANISATIONS.c.id)).scalars())


def add_organisation(session: Session, organisation: str, at: datetime) -> None:
    """Make an organisation known; one that is known already stays as it is."""
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(ORGANISATIONS).values(id=organisation, created_at=at)
    session.execute(statement.on_conflict_do_nothing())


def lock_organisation(session: Session, organisation: str) -> None:
    """Let the others that send under this organisation's identifiers wait until the transaction ends.

    Two batches that bring the same new identifiers would otherwise wait for one another in a circle. On SQLite there
    is only one writer at a time anyway.
    """
    if session.dialect.name == "sqlite":
        return
    row = select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.id == organisation)
    row = row.execution_options(**{UNREAD: True})
    session.execute(row.with_for_update(key_share=True))  # not against those who only refer to the organisation


def digest_of(secret: str) -> str:
    """Return what is kept of a secret: its sha256, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
