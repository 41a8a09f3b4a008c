"""Arrivals: what a part of a file brings, kept as columns; the rows are those that `service.store.revisions` makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import bindparam, select, update

from service.store import bulk
from service.store.engine import Session
from service.store.records import RECORDS, REVISIONS
from service.store.revisions import KEPT, Kept, kept_of
from service.store.tables import CommunityRow

COMMUNITIES = CommunityRow.__table__

#: What lists and filters need of an account, and the account itself as JSON.
ACCOUNTS = pa.schema(
    [
        pa.field("own_id", pa.string()),
        pa.field("fingerprint", pa.string(), nullable=False),
        pa.field("country", pa.string(), nullable=False),
        pa.field("lat", pa.float64()),
        pa.field("lon", pa.float64()),
        pa.field("cell", pa.int64()),
        pa.field("spot", pa.string()),
        pa.field("search", pa.string(), nullable=False),
        pa.field("name_key", pa.string(), nullable=False),
        pa.field("admin", pa.string(), nullable=False),
        pa.field("tags", pa.string(), nullable=False),
        pa.field("body", pa.string(), nullable=False),
    ]
)

#: Which record each account makes or corrects, where that stands then, and why it is set aside (JSON, "null": not).
FATES = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("revision", pa.int64(), nullable=False),
        pa.field("community_id", pa.string()),  # that a new record begins
        pa.field("state", pa.string(), nullable=False),
        pa.field("quarantine", pa.string(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Accounts to keep, in their order: columns `ACCOUNTS` and `FATES`, and what they have in common."""

    rows: pa.Table
    organisation: str
    collection: str | None
    rules: str  # that the tags follow from
    key_id: str | None
    at: datetime


def known(session: Session, organisation: str, own_ids: Sequence[str]) -> dict[str, Kept]:
    """Return what an organisation keeps under any number of its own identifiers, locked as `revisions.kept` does."""
    query = (
        select(*KEPT)
        .where(RECORDS.c.organisation == organisation, bulk.among(session, RECORDS.c.own_id, own_ids))
        .order_by(RECORDS.c.seq)
        .with_for_update()
    )
    return {row.own_id: kept_of(row) for row in session.execute(query)}


def add(session: Session, arrivals: Arrivals) -> None:
    """Keep accounts: a first one makes a record and begins a community, a later one is its record's present one."""
    rows = arrivals.rows
    begin = pc.equal(rows["revision"], 1)
    first = rows if pc.all(begin).as_py() else rows.filter(begin)
    begun = first["community_id"].drop_null()
    bulk.insert(session, COMMUNITIES, {"id": begun, "merged_into": None, "created_at": arrivals.at}, len(begun))
    same = {
        "organisation": arrivals.organisation,
        "collection": arrivals.collection,
        "tagged_by": arrivals.rules,
        "verdict": None,
        "p_absent": None,
        "updated_at": arrivals.at,
    }
    own = {name: first[name] for name in (*FATES.names, *ACCOUNTS.names) if name != "body"}
    bulk.insert(session, RECORDS, own | same | {"created_at": arrivals.at}, len(first))
    if len(first) < len(rows):
        _correct(session, rows.filter(pc.invert(begin)), same)
    revisions = {
        "record_id": rows["id"],
        "number": rows["revision"],
        "fingerprint": rows["fingerprint"],
        "body": rows["body"],
        "key_id": arrivals.key_id,
        "created_at": arrivals.at,
    }
    bulk.insert(session, REVISIONS, revisions, len(rows))


def _correct(session: Session, later: pa.Table, same: dict[str, Any]) -> None:
    """Let records say what they were corrected to; their community stays."""
    changing = [name for name in later.column_names if name not in {"id", "community_id", "body"}]
    change = (
        update(RECORDS)
        .where(RECORDS.c.id == bindparam("of_record"))
        .values({name: bindparam(f"new_{name}") for name in changing} | same)
    )
    given = later.select(["id", *changing]).rename_columns(["of_record", *(f"new_{name}" for name in changing)])
    session.execute(
        change, [row | {"new_quarantine": orjson.loads(row["new_quarantine"])} for row in given.to_pylist()]
    )
