"""Withdrawals: records that their organisation took back. They keep their history, and are news when sent again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from service.store.engine import Session
from service.store.passports import Key, held
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
