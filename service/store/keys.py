"""Keys: who may call, told apart by a secret of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from service.caller import Caller, Role
from service.errors import NOT_FOUND, Problem
from service.store import events
from service.store.ahead import UNREAD
from service.store.engine import Session
from service.store.tables import KeyRow, OrganisationRow

KEYS, ORGANISATIONS = KeyRow.__table__, OrganisationRow.__table__

#: Built once, because every request with a key asks it.
_HOLDER = select(KEYS.c.id, KEYS.c.organisation, KEYS.c.role, KEYS.c.hash).where(
    KEYS.c.hash == bindparam("digest"), KEYS.c.revoked_at.is_(None)
)

_REVOKED = select(KEYS.c.id).where(KEYS.c.id.in_(bindparam("ids", expanding=True)), KEYS.c.revoked_at.is_not(None))

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


def create(session: Session, organisation: str, role: Role, label: str) -> str:
    """Make a key for an organisation, which is made too when new, and return its secret: the only time it is seen."""
    secret = PREFIX + secrets.token_hex(32)
    _add(session, (organisation, role, label), digest_of(secret))
    return secret


def create_unheld(session: Session, organisation: str, role: Role, label: str) -> str:
    """Make a key that no secret opens, for somebody who signs in to act through, and return its identifier."""
    return _add(session, (organisation, role, label), f"{UNHELD}{uuid.uuid4().hex}")


def _add(session: Session, told: tuple[str, Role, str], digest: str) -> str:
    (organisation, role, label), now, key_id = told, datetime.now(UTC), uuid.uuid4().hex
    add_organisation(session, organisation, now)
    row = {"id": key_id, "organisation": organisation, "role": role.value, "label": label, "hash": digest}
    session.execute(insert(KEYS), [row | {"created_at": now, "revoked_at": None}])
    data = {"organisation": organisation, "role": role.value}
    events.add(session, [events.Event("key.created", key_id, now, data=data)])
    return key_id


def find(session: Session, secret: str) -> Caller | None:
    """Return who holds this secret, None when nobody does or the key was revoked.

    A slow hash would add nothing: the secret is 256 random bits, not a word somebody chose.
    """
    digest = digest_of(secret)
    row = session.execute(_HOLDER, {"digest": digest}).one_or_none()
    if row is None or not hmac.compare_digest(row.hash, digest):
        return None
    return Caller(organisation=row.organisation, key_id=row.id, role=Role(row.role))


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
    """Return those of the keys that open nothing any more."""
    return frozenset(session.execute(_REVOKED, {"ids": sorted(key_ids)}).scalars()) if key_ids else frozenset()


def all(session: Session) -> tuple[KeyEntry, ...]:  # noqa: A001  # read as `keys.all(session)`
    """Return every key, oldest first."""
    return tuple(
        KeyEntry(row.id, row.organisation, Role(row.role), row.label, row.created_at, row.revoked_at)
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
