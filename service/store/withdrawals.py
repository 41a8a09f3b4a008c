"""Withdrawals: records that their organisation took back. They keep their history, and are news when sent again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from service.callers.caller import Charge
from service.store.engine import Session
from service.store.filters import Worked, worked
from service.store.passports import DEFAULT, Key, held
from service.store.records import RECORDS
from service.store.values import SILENT, RecordState

_AT_ONCE = 500  # identifiers in one query
_WITHDRAW = (
    update(RECORDS)
    .where(RECORDS.c.id == bindparam("of_record"))
    .values(
        state=RecordState.WITHDRAWN.value,
        fingerprint="",  # so that the same words are news when they are sent again
        quarantine=None,
        verdict=None,
        p_absent=None,
        updated_at=bindparam("at"),
    )
)


class Held(NamedTuple):
    """A record of a collection, by its row number, its identifiers and its community."""

    seq: int
    id: str
    own_id: str | None
    community_id: str | None


class Taken(NamedTuple):
    """A record that is to be withdrawn: whose it is, and whether it was before."""

    held: Held
    organisation: str
    silent: bool  # it says nothing already
    refused: bool  # and must not come back


def holds(session: Session, key: Key, after: int = 0, limit: int = 1_000) -> list[Held]:
    """Return at most `limit` records of a collection after a row number, oldest first; withdrawn ones are left out."""
    columns = (RECORDS.c.seq, RECORDS.c.id, RECORDS.c.own_id, RECORDS.c.community_id)
    query = select(*columns).where(RECORDS.c.seq > after, *held(key)).order_by(RECORDS.c.seq).limit(limit)
    return [Held(*row) for row in session.execute(query)]


def holds_of(session: Session, key: Key, own_ids: Sequence[str]) -> list[Held]:
    """Return the records of a collection under these identifiers; withdrawn ones are left out."""
    columns = (RECORDS.c.seq, RECORDS.c.id, RECORDS.c.own_id, RECORDS.c.community_id)
    found: list[Held] = []
    for start in range(0, len(own_ids), _AT_ONCE):
        wanted = RECORDS.c.own_id.in_(list(own_ids[start : start + _AT_ONCE]))
        query = select(*columns).where(wanted, *held(key)).order_by(RECORDS.c.seq)
        found += [Held(*row) for row in session.execute(query)]
    return found


def withdraw(session: Session, record_ids: Sequence[str], at: datetime) -> None:
    """Take records back: nothing that was found about them stands any more."""
    if record_ids:
        session.execute(_WITHDRAW, [{"of_record": record_id, "at": at} for record_id in record_ids])


def company(session: Session, communities: Collection[str]) -> dict[str, str]:
    """Return the records of these communities that still say something, with their community; they wait to be compared.

    What they say together is another thing without the ones that are gone.
    """
    left: dict[str, str] = {}
    ordered = sorted(communities)
    for start in range(0, len(ordered), _AT_ONCE):
        theirs = RECORDS.c.community_id.in_(ordered[start : start + _AT_ONCE])
        live = select(RECORDS.c.id, RECORDS.c.community_id).where(theirs, RECORDS.c.state.not_in(SILENT))
        left |= {row.id: row.community_id for row in session.execute(live.order_by(RECORDS.c.seq))}
        again = update(RECORDS).where(theirs, RECORDS.c.state == RecordState.VERIFIED.value)
        session.execute(again.values(state=RecordState.PENDING.value))
    return left


def of(session: Session, record_ids: Sequence[str]) -> dict[str, Taken]:
    """Return what stands in the way of withdrawing each of these records, by record, locked; erased ones are not there.

    In row order, so that two withdrawals never wait in a circle.
    """
    columns = (RECORDS.c.seq, RECORDS.c.id, RECORDS.c.own_id, RECORDS.c.community_id, RECORDS.c.organisation)
    found: dict[str, Taken] = {}
    for start in range(0, len(record_ids), _AT_ONCE):
        wanted = RECORDS.c.id.in_(list(record_ids[start : start + _AT_ONCE])), RECORDS.c.erased_at.is_(None)
        query = select(*columns, RECORDS.c.state, RECORDS.c.withdrawn_for).where(*wanted).order_by(RECORDS.c.seq)
        for row in session.execute(query.with_for_update()):
            silent = row.state == RecordState.WITHDRAWN.value
            found[row.id] = Taken(Held(*row[:4]), row.organisation, silent, row.withdrawn_for is not None)
    return found


def charged(session: Session, record_ids: Sequence[str], charges: Sequence[Charge]) -> frozenset[str]:
    """Return those of these records that a steward speaks for."""
    if not charges:
        return frozenset()
    theirs = worked(RECORDS, Worked(charges=tuple(charges)))
    return frozenset(session.execute(select(RECORDS.c.id).where(RECORDS.c.id.in_(list(record_ids)), theirs)).scalars())


def ids_of(session: Session, organisation: str, own_ids: Sequence[str]) -> dict[str, str]:
    """Return the records that an organisation keeps under its own identifiers, by these."""
    found: dict[str, str] = {}
    for start in range(0, len(own_ids), _AT_ONCE):
        wanted = RECORDS.c.own_id.in_(list(own_ids[start : start + _AT_ONCE])), RECORDS.c.erased_at.is_(None)
        query = select(RECORDS.c.own_id, RECORDS.c.id).where(RECORDS.c.organisation == organisation, *wanted)
        found |= {row.own_id: row.id for row in session.execute(query)}
    return found


def ids_in(session: Session, key: Key, after: int, limit: int = 1_000) -> list[tuple[int, str]]:
    """Return (row number, identifier) of at most `limit` records of a collection that may still come back."""
    organisation, collection = key
    name = None if collection == DEFAULT else collection
    there = RECORDS.c.collection.is_(None) if name is None else RECORDS.c.collection == name
    query = select(RECORDS.c.seq, RECORDS.c.id).where(
        RECORDS.c.seq > after, RECORDS.c.organisation == organisation, there, RECORDS.c.erased_at.is_(None)
    )
    return [(row.seq, row.id) for row in session.execute(query.order_by(RECORDS.c.seq).limit(limit))]


def refuse(session: Session, record_ids: Sequence[str], reason_code: str) -> None:
    """Let records not come back by being sent again, until `admit`."""
    for start in range(0, len(record_ids), _AT_ONCE):
        these = RECORDS.c.id.in_(list(record_ids[start : start + _AT_ONCE]))
        session.execute(update(RECORDS).where(these).values(withdrawn_for=reason_code))


def refused(session: Session, organisation: str, own_ids: Collection[str]) -> frozenset[str]:
    """Return those of its own identifiers under which an organisation withdrew a record that must not come back."""
    found: set[str] = set()
    ordered = sorted(own_ids)
    for start in range(0, len(ordered), _AT_ONCE):
        known = RECORDS.c.own_id.in_(ordered[start : start + _AT_ONCE]), RECORDS.c.withdrawn_for.is_not(None)
        query = select(RECORDS.c.own_id).where(RECORDS.c.organisation == organisation, *known)
        found |= set(session.execute(query).scalars())
    return frozenset(found)


def any_refused(session: Session, record_ids: Sequence[str]) -> bool:
    """Return whether one of these records was withdrawn and must not come back."""
    query = select(RECORDS.c.id).where(RECORDS.c.id.in_(list(record_ids)), RECORDS.c.withdrawn_for.is_not(None))
    return session.execute(query.limit(1)).first() is not None


def admit(session: Session, organisation: str | None, record_id: str) -> str | None:
    """Let a record of an organisation, or of any where None is named, be sent again; return whose it is.

    None where there is nothing to admit. An erased one gives its identifier free: what is sent then is a new record.
    """
    wanted = [RECORDS.c.id == record_id, RECORDS.c.withdrawn_for.is_not(None)]
    if organisation is not None:
        wanted.append(RECORDS.c.organisation == organisation)
    row = session.execute(select(RECORDS.c.organisation, RECORDS.c.erased_at).where(*wanted)).one_or_none()
    if row is None:
        return None
    free: dict[str, Any] = {} if row.erased_at is None else {"own_id": None}
    session.execute(update(RECORDS).where(RECORDS.c.id == record_id).values(withdrawn_for=None, **free))
    return str(row.organisation)
