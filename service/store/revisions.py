"""Revisions: accounts as they were sent. A first one makes a record, a later one corrects it; none is ever changed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import bindparam, insert, select, update

from geodata.names.folding import fold_column
from service.account import Account, as_places
from service.store.engine import Session
from service.store.filters import admin_line
from service.store.records import RECORDS, REVISIONS
from service.store.values import RecordState


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
    columns = _filter_columns(revisions)
    first = [row for row, revision in zip(columns, revisions, strict=True) if revision.number == 1]
    later = [row for row, revision in zip(columns, revisions, strict=True) if revision.number > 1]
    if first:
        session.execute(insert(RECORDS), first)
    if later:
        changed: dict[str, Any] = {
            name: bindparam(f"new_{name}") for name in later[0] if name not in {"id", "created_at"}
        }
        session.execute(
            update(RECORDS).where(RECORDS.c.id == bindparam("of_record")).values(changed),
            [{"of_record": row["id"]} | {f"new_{name}": row[name] for name in changed} for row in later],
        )
    session.execute(insert(REVISIONS), [_revision_row(revision) for revision in revisions])


def _filter_columns(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    accounts = [revision.account for revision in revisions]
    places = as_places([revision.record_id for revision in revisions], accounts)
    texts, owners = places.flat_names
    search = _lines(fold_column(pa.array(texts, pa.string())).to_pylist(), owners.tolist(), len(revisions))
    return [
        {
            "id": revision.record_id,
            "organisation": revision.organisation,
            "own_id": revision.account.own_id,
            "revision": revision.number,
            "fingerprint": revision.fingerprint,
            "state": RecordState.PENDING.value,
            "country": revision.account.country,
            "lat": None if math.isnan(lat) else lat,
            "lon": None if math.isnan(lon) else lon,
            "search": names,
            "admin": _admin(revision.account),
            "collection": revision.account.collection,
            "verdict": None,
            "p_absent": None,
            "created_at": revision.created_at,
            "updated_at": revision.created_at,
        }
        for revision, lat, lon, names in zip(revisions, places.lat.tolist(), places.lon.tolist(), search, strict=True)
    ]


def _admin(account: Account) -> str:
    return "".join(admin_line(level, value) for level, value in account.admin) + "\n"


def _lines(texts: list[str], owners: list[int], rows: int) -> list[str]:
    lines: list[list[str]] = [[] for _ in range(rows)]
    for text, owner in zip(texts, owners, strict=True):
        lines[owner].append(text)
    return ["\n".join(names) for names in lines]


def _revision_row(revision: Revision) -> dict[str, Any]:
    return {
        "record_id": revision.record_id,
        "number": revision.number,
        "fingerprint": revision.fingerprint,
        "body": revision.account.body(),
        "key_id": revision.key_id,
        "created_at": revision.created_at,
    }
