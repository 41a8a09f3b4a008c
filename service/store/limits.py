"""Limits: how far a collection, or one record, is shown at most, whatever is said of it besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from service.accounts.account import Consent, Sensitivity
from service.callers.caller import Caller
from service.store import events
from service.store.access_tables import LimitRow
from service.store.engine import Session
from service.store.identifiers import new_id

LIMITS = LimitRow.__table__


@dataclass(frozen=True, slots=True)
class Limit:
    """What is shown less, how far at most, and why, in a word."""

    organisation: str
    collection: str | None  # None: of the record
    record_id: str | None
    consent: Consent  # no wider than this
    sensitivity: Sensitivity  # at least this
    reason_code: str


def lay(session: Session, limit: Limit, by: Caller, at: datetime) -> str:
    """Keep a limit, beside those there are: the narrowest holds. Return its identifier."""
    limit_id = new_id()
    row = {
        "id": limit_id,
        "organisation": limit.organisation,
        "collection": limit.collection,
        "record_id": limit.record_id,
        "consent": tuple(Consent).index(limit.consent),
        "sensitivity": tuple(Sensitivity).index(limit.sensitivity),
        "reason": limit.reason_code,
        "key_id": by.key_id,
        "created_at": at,
    }
    session.execute(insert(LIMITS), [row])
    data = {"consent": limit.consent.value, "class": limit.sensitivity.value, "reason": limit.reason_code}
    events.add(session, [events.Event("limit.laid", limit_id, at, by, data)])
    return limit_id


def lift(session: Session, limit_id: str, by: Caller, at: datetime) -> bool:
    """Let a limit hold no more; return whether it did until now."""
    standing = LIMITS.c.id == limit_id, LIMITS.c.lifted_at.is_(None)
    if not session.execute(LIMITS.update().where(*standing).values(lifted_at=at)).rowcount:
        return False
    events.add(session, [events.Event("limit.lifted", limit_id, at, by)])
    return True


def of(session: Session, limit_id: str) -> Limit | None:
    """Return one limit, also one that was lifted; None where there is none."""
    row = session.execute(select(LIMITS).where(LIMITS.c.id == limit_id)).one_or_none()
    if row is None:
        return None
    consent, sensitivity = tuple(Consent)[row.consent], tuple(Sensitivity)[row.sensitivity]
    return Limit(row.organisation, row.collection, row.record_id, consent, sensitivity, row.reason)
