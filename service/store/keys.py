"""Keys: who may call, told apart by a secret of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.callers.caller import ANONYMOUS, Caller, Charge, Role
from service.callers.territory import Area
from service.errors import NOT_FOUND, STALE_STATE, Problem
from service.store import events
from service.store.ahead import UNREAD
from service.store.engine import Session
from service.store.scoping import CALLER, caller_of, read, written
from service.store.tables import KeyRow, OrganisationRow

KEYS, ORGANISATIONS = KeyRow.__table__, OrganisationRow.__table__

_EXPIRED = and_(KEYS.c.expires_at.is_not(None), KEYS.c.expires_at <= bindparam("now"))

#: What a key is that opens nothing any more; `now` is the moment.
SHUT = or_(KEYS.c.revoked_at.is_not(None), _EXPIRED)

#: Built once, because every request with a key asks it.
_HOLDER = select(*CALLER, KEYS.c.hash, KEYS.c.last_used_on).where(KEYS.c.hash == bindparam("digest"), ~SHUT)

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
    areas: tuple[Area, ...] | None = None
    charges: tuple[Charge, ...] = ()

    def opens(self, at: datetime) -> bool:
        """Return whether it opens anything at a moment."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made: for whom, what it may do and where, whose it is, and until when."""

    organisation: str
    role: Role
    label: str
    expires_at: datetime | None = None
    areas: tuple[Area, ...] | None = None  # None: everywhere
    charges: tuple[Charge, ...] = ()  # of a steward
    line: str | None = None  # the first of the keys it takes the place of


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


def exchange(session: Session, wanted: Wanted, by: Caller) -> tuple[str, str]:
    """Make a key as `issue` does, on somebody's behalf, and return its identifier and its secret."""
    secret = PREFIX + secrets.token_hex(32)
    return _add(session, wanted, digest_of(secret), by), secret


def _add(session: Session, wanted: Wanted, digest: str, by: Caller = ANONYMOUS) -> str:
    now, key_id = datetime.now(UTC), uuid.uuid4().hex
    add_organisation(session, wanted.organisation, now)
    row: dict[str, Any] = {
        "id": key_id,
        "organisation": wanted.organisation,
        "role": wanted.role.value,
        "label": wanted.label,
        "hash": digest,
        "created_at": now,
        "revoked_at": None,
        "expires_at": wanted.expires_at,
        "last_used_on": None,
        "line": wanted.line,
    }
    if (scope := written(wanted.areas, wanted.charges)) is not None:  # else it would be kept as a JSON null
        row["scope"] = scope
    session.execute(insert(KEYS), [row])
    data = {"organisation": wanted.organisation, "role": wanted.role.value}
    if wanted.expires_at is not None:
        data["expires_at"] = wanted.expires_at.isoformat()
    if wanted.areas is not None:
        data["areas"] = str(len(wanted.areas))  # how many; which is no matter of the log
    events.add(session, [events.Event("key.created", key_id, now, by, data)])
    return key_id


def rotate(session: Session, key_id: str, overlap: timedelta, by: Caller = ANONYMOUS) -> tuple[str, str]:
    """Make a key like another one, which opens for the time of the overlap yet, and return its identifier and secret.

    What the old one was made to live, the new one lives too, for the same and in the same place; both count as one hand
    (`same_hand`). Raises `Problem`: not found for a key that is not there or opens nothing any more, as nobody could
    have used it in between; stale state for one that was exchanged before, whoever still holds it.
    """
    now = datetime.now(UTC)
    query = select(KEYS).where(KEYS.c.id == key_id, ~SHUT).with_for_update()
    old = session.execute(query, {"now": now}).one_or_none()
    if old is None:
        detail = f"There is no key {key_id} that opens anything."
        raise Problem(NOT_FOUND, detail)
    line = old.line or old.id
    newer = select(KEYS.c.created_at).where(KEYS.c.line == line, KEYS.c.seq > old.seq, KEYS.c.revoked_at.is_(None))
    if (since := session.execute(newer.limit(1)).scalar()) is not None:
        detail = f"This key was exchanged for another one at {since:%Y-%m-%d %H:%M} UTC; exchange that one."
        raise Problem(STALE_STATE, detail)
    expires_at = None if old.expires_at is None else now + (old.expires_at - old.created_at)
    areas, charges = read(old.scope)
    made = exchange(
        session,
        Wanted(old.organisation, Role(old.role), old.label, expires_at, areas, charges, line),
        by,
    )
    ends_at = min(now + overlap, old.expires_at or datetime.max.replace(tzinfo=UTC))
    session.execute(update(KEYS).where(KEYS.c.id == key_id).values(expires_at=ends_at))
    events.add(session, [events.Event("key.rotated", key_id, now, by, {"expires_at": ends_at.isoformat()})])
    return made


def same_hand(session: Session, one: str, other: str) -> bool:
    """Return whether two keys are one, or one took the place of the other, at any remove."""
    if one == other:
        return True
    lines = session.execute(select(KEYS.c.id, func.coalesce(KEYS.c.line, KEYS.c.id)).where(KEYS.c.id.in_([one, other])))
    found = {row[0]: row[1] for row in lines}
    return one in found and found[one] == found.get(other)


def of_the_same_hands(session: Session, key_ids: Collection[str]) -> frozenset[str]:
    """Return these keys, with all that took the place of one of them, or whose place one took."""
    line = func.coalesce(KEYS.c.line, KEYS.c.id)
    lines = select(line).where(KEYS.c.id.in_(list(key_ids)))
    return frozenset(session.execute(select(KEYS.c.id).where(line.in_(lines))).scalars())


def is_unheld(session: Session, key_id: str) -> bool:
    """Return whether a key is one that no secret opens."""
    query = select(KEYS.c.id).where(KEYS.c.id == key_id, KEYS.c.hash.startswith(UNHELD, autoescape=True))
    return session.execute(query).first() is not None


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
    return Holder(caller_of(session, row), row.last_used_on)


def acting_for(session: Session, key_id: str) -> Caller | None:
    """Return as whom the newest key acts that took the place of this one, or this one; None: it opens nothing more."""
    line = select(func.coalesce(KEYS.c.line, KEYS.c.id)).where(KEYS.c.id == key_id).scalar_subquery()
    query = select(*CALLER).where(func.coalesce(KEYS.c.line, KEYS.c.id) == line, ~SHUT).order_by(KEYS.c.seq.desc())
    row = session.execute(query.limit(1), {"now": datetime.now(UTC)}).one_or_none()
    return None if row is None else caller_of(session, row)


def note_use(session: Session, key_id: str, on: date) -> None:
    """Note the day on which a key was last used; a day is enough to find those that nobody needs."""
    session.execute(update(KEYS).where(KEYS.c.id == key_id).values(last_used_on=on))


def revoke(session: Session, key_id: str, by: Caller = ANONYMOUS) -> None:
    """Let a key open nothing from now on. Raises `Problem` (not found); revoking twice changes nothing."""
    now = datetime.now(UTC)
    if session.execute(select(KEYS.c.id).where(KEYS.c.id == key_id)).one_or_none() is None:
        detail = f"There is no key {key_id}."
        raise Problem(NOT_FOUND, detail)
    query = update(KEYS).where(KEYS.c.id == key_id, KEYS.c.revoked_at.is_(None)).values(revoked_at=now)
    if session.execute(query).rowcount:
        events.add(session, [events.Event("key.revoked", key_id, now, by)])


def revoked(session: Session, key_ids: Collection[str]) -> frozenset[str]:
    """Return those of the keys that open nothing any more: revoked, or past their end."""
    asked = {"ids": sorted(key_ids), "now": datetime.now(UTC)}
    return frozenset(session.execute(_SHUT, asked).scalars()) if key_ids else frozenset()


def all(session: Session) -> tuple[KeyEntry, ...]:  # noqa: A001  # read as `keys.all(session)`
    """Return every key, oldest first."""
    return tuple(_entry(row) for row in session.execute(select(KEYS).order_by(KEYS.c.seq)))


def of_organisation(session: Session, organisation: str) -> tuple[KeyEntry, ...]:
    """Return the keys of one organisation, oldest first."""
    query = select(KEYS).where(KEYS.c.organisation == organisation).order_by(KEYS.c.seq)
    return tuple(_entry(row) for row in session.execute(query))


def entry(session: Session, key_id: str) -> KeyEntry | None:
    """Return one key; None where there is none."""
    row = session.execute(select(KEYS).where(KEYS.c.id == key_id)).one_or_none()
    return None if row is None else _entry(row)


def _entry(row: Any) -> KeyEntry:
    return KeyEntry(
        row.id,
        row.organisation,
        Role(row.role),
        row.label,
        row.created_at,
        row.revoked_at,
        row.expires_at,
        row.last_used_on,
        *read(row.scope),
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
