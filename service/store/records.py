"""Records: one organisation's accounts, the latest revision of each, and what was found about it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import Row, Select, and_, bindparam, func, insert, select, update

from geodata.folding import fold_column
from service.account import Account, as_places
from service.errors import NOT_FOUND, Problem
from service.store import findings
from service.store.engine import Session
from service.store.filters import RecordFilter, admin_line, cursor_at, page_after, page_size, record_conditions
from service.store.tables import FlagRow, RecordRow, RevisionRow
from service.store.values import Finding, Page, Record, RecordState

RECORDS, REVISIONS, FLAGS = RecordRow.__table__, RevisionRow.__table__, FlagRow.__table__
#: What a record is built from, in the order `build` reads it.
COLUMNS = (
    RECORDS.c.id.label("record_id"),
    RECORDS.c.organisation,
    RECORDS.c.revision,
    RECORDS.c.state,
    REVISIONS.c.body,
    RECORDS.c.created_at.label("record_created_at"),
    RECORDS.c.updated_at.label("record_updated_at"),
    RECORDS.c.verdict.label("record_verdict"),
    RECORDS.c.p_absent.label("record_p_absent"),
)
LATEST = and_(REVISIONS.c.record_id == RECORDS.c.id, REVISIONS.c.number == RECORDS.c.revision)
_RECORDS: Select[Any] = select(RECORDS.c.seq, *COLUMNS, FLAGS.c.id.label("flag_id")).select_from(
    RECORDS.join(REVISIONS, LATEST).outerjoin(FLAGS, FLAGS.c.record_id == RECORDS.c.id)
)
#: Built once, because every posted record is read by it.
_BY_ID = _RECORDS.where(RECORDS.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known about a record without reading its account."""

    id: str
    own_id: str | None
    revision: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands; a fresh one was never verified, so it has neither findings nor a flag."""

    revision: int
    fresh: bool


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


def get(session: Session, record_id: str) -> Record:
    """Return one record. Raises `Problem` (not found)."""
    found = many(session, [record_id])
    if not found:
        detail = f"There is no record {record_id}."
        raise Problem(NOT_FOUND, detail)
    return found[0]


def many(session: Session, record_ids: Sequence[str]) -> tuple[Record, ...]:
    """Return the records that exist among these, in the order asked."""
    rows = session.execute(_BY_ID, {"ids": list(record_ids)}).all()
    by_id = {record.id: record for record in _with_findings(session, rows)}
    return tuple(by_id[record_id] for record_id in record_ids if record_id in by_id)


def page(session: Session, wanted: RecordFilter, cursor: str | None = None, limit: int = 100) -> Page[Record]:
    """Return one page of at most `limit` records, oldest first. Raises `Problem` (invalid) for a foreign cursor."""
    limit = page_size(limit)
    query = _RECORDS.where(*record_conditions(RECORDS, wanted))
    rows = session.execute(page_after(query, RECORDS, cursor, limit)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(_with_findings(session, rows), cursor_at(rows[-1].seq) if more else None)


def ids(session: Session, wanted: RecordFilter, after: int = 0, limit: int = 1_000) -> list[tuple[int, str]]:
    """Return (row number, identifier) of at most `limit` records after a row number, oldest first."""
    conditions = record_conditions(RECORDS, wanted)
    query = select(RECORDS.c.seq, RECORDS.c.id).where(RECORDS.c.seq > after, *conditions)
    return [(row.seq, row.id) for row in session.execute(query.order_by(RECORDS.c.seq).limit(limit))]


def kept(session: Session, organisation: str, own_ids: Iterable[str]) -> dict[str, Kept]:
    """Return what an organisation already keeps under its own identifiers, locked until the transaction ends."""
    query = (
        select(RECORDS.c.id, RECORDS.c.own_id, RECORDS.c.revision, RECORDS.c.fingerprint)
        .where(RECORDS.c.organisation == organisation, RECORDS.c.own_id.in_(sorted(set(own_ids))))
        .order_by(RECORDS.c.seq)  # everybody locks in the same order, so that two batches never wait in a circle
        .with_for_update()
    )
    return {row.own_id: Kept(row.id, row.own_id, row.revision, row.fingerprint) for row in session.execute(query)}


def standing(session: Session, record_ids: Sequence[str]) -> dict[str, Standing]:
    """Return where each record stands, locked until the transaction ends."""
    query = select(RECORDS.c.id, RECORDS.c.revision, RECORDS.c.verdict).where(RECORDS.c.id.in_(list(record_ids)))
    rows = session.execute(query.order_by(RECORDS.c.seq).with_for_update())
    return {row.id: Standing(row.revision, fresh=row.revision == 1 and row.verdict is None) for row in rows}


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


def set_verified(session: Session, verdicts: dict[str, tuple[str, float | None]], at: datetime) -> None:
    """Say what was found about each record: its primary verdict, and the probability of absence."""
    if verdicts:
        session.execute(
            update(RECORDS)
            .where(RECORDS.c.id == bindparam("of_record"))
            .values(
                state=RecordState.VERIFIED.value,
                verdict=bindparam("new_verdict"),
                p_absent=bindparam("new_p_absent"),
                updated_at=at,
            ),
            [
                {"of_record": record_id, "new_verdict": verdict, "new_p_absent": p_absent}
                for record_id, (verdict, p_absent) in verdicts.items()
            ],
        )


def set_unchanged(session: Session, record_ids: Sequence[str]) -> None:
    """Say that verifying these records again found nothing new: they wait no longer, and nothing else changes."""
    if record_ids:
        again = update(RECORDS).where(RECORDS.c.id.in_(list(record_ids)))
        session.execute(again.values(state=RecordState.VERIFIED.value))


def set_pending(session: Session, countries: Iterable[str] | None = None) -> int:
    """Let verified records be verified again, those of some countries or all; return how many.

    What was found about them stands until something newer takes its place.
    """
    again = update(RECORDS).where(RECORDS.c.state == RecordState.VERIFIED.value)
    if countries is not None:
        again = again.where(RECORDS.c.country.in_(sorted(countries)))
    return int(session.execute(again.values(state=RecordState.PENDING.value)).rowcount)


def count(session: Session, wanted: RecordFilter) -> int:
    """Return the number of records."""
    query = select(func.count()).select_from(RECORDS).where(*record_conditions(RECORDS, wanted))
    return int(session.execute(query).scalar_one())


def build(row: Row[Any], found: tuple[Finding, ...], flag_id: str | None) -> Record:
    """Build a record from a row with `COLUMNS`."""
    return Record(
        id=row.record_id,
        organisation=row.organisation,
        revision=row.revision,
        state=RecordState(row.state),
        account=Account.from_body(row.body),
        created_at=row.record_created_at,
        updated_at=row.record_updated_at,
        verdict=row.record_verdict,
        p_absent=row.record_p_absent,
        findings=tuple(finding for finding in found if finding.revision == row.revision),
        flag_id=flag_id,
    )


def _with_findings(session: Session, rows: Sequence[Row[Any]]) -> tuple[Record, ...]:
    found = findings.present(session, [row.record_id for row in rows if row.record_verdict is not None])
    return tuple(build(row, found.get(row.record_id, ()), row.flag_id) for row in rows)


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
