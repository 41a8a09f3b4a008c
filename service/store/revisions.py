"""Revisions: accounts as they were sent. A first one makes a record, a later one corrects it; none is ever changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from geodata.names.folding import fold
from service.account import Account
from service.store.engine import Session
from service.store.filters import admin_line
from service.store.records import RECORDS, REVISIONS
from service.store.values import RecordState

_ADD_RECORDS, _ADD_REVISIONS = insert(RECORDS), insert(REVISIONS)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known about a record without reading its account."""

    id: str
    own_id: str | None
    revision: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One account to keep: the first of a record, or a correction of it."""

    record_id: str
    number: int
    organisation: str
    account: Account
    fingerprint: str
    key_id: str | None
    created_at: datetime


def kept(session: Session, organisation: str, own_ids: Iterable[str]) -> dict[str, Kept]:
    """Return what an organisation already keeps under its own identifiers, locked until the transaction ends."""
    query = (
        select(RECORDS.c.id, RECORDS.c.own_id, RECORDS.c.revision, RECORDS.c.fingerprint)
        .where(RECORDS.c.organisation == organisation, RECORDS.c.own_id.in_(sorted(set(own_ids))))
        .order_by(RECORDS.c.seq)  # everybody locks in the same order, so that two batches never wait in a circle
        .with_for_update()
    )
    return {row.own_id: Kept(row.id, row.own_id, row.revision, row.fingerprint) for row in session.execute(query)}


def add(session: Session, revisions: Sequence[Revision]) -> None:
    """Keep new accounts: a first one makes a record, a later one its present revision; all wait to be verified."""
    if not revisions:
        return
    first = [_filter_columns(revision) for revision in revisions if revision.number == 1]
    later = [_filter_columns(revision) for revision in revisions if revision.number > 1]
    if first:
        session.execute(_ADD_RECORDS, first)
    if later:
        changed: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in later[0] if name not in {"id", "created_at"}
        }
        session.execute(
            update(RECORDS).where(RECORDS.c.id == bindparam("of_record")).values(changed),
            [{"of_record": row["id"]} | {f"new_{name}": row[name] for name in changed} for row in later],
        )
    session.execute(_ADD_REVISIONS, [_revision_row(revision) for revision in revisions])


def _filter_columns(revision: Revision) -> dict[str, Any]:
    account = revision.account
    lat, lon = account.point() or (None, None)
    return {
        "id": revision.record_id,
        "organisation": revision.organisation,
        "own_id": account.own_id,
        "revision": revision.number,
        "fingerprint": revision.fingerprint,
        "state": RecordState.PENDING.value,
        "country": account.country,
        "lat": lat,
        "lon": lon,
        "search": "\n".join(fold(name.text) for name in account.names),
        "admin": _admin(account),
        "collection": account.collection,
        "verdict": None,
        "p_absent": None,
        "created_at": revision.created_at,
        "updated_at": revision.created_at,
    }


def _admin(account: Account) -> str:
    return "".join(admin_line(level, value) for level, value in account.admin) + "\n"


def _revision_row(revision: Revision) -> dict[str, Any]:
    return {
        "record_id": revision.record_id,
        "number": revision.number,
        "fingerprint": revision.fingerprint,
        "body": revision.account,  # the engine writes it as JSON
        "key_id": revision.key_id,
        "created_at": revision.created_at,
    }
