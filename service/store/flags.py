"""Flags: the open matters about communities, and where people stand with them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Row, Select, bindparam, insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store import codes, findings, neighbours, opinions, placed, ranking, records, reviews
from service.store.audits import Audited
from service.store.conclusions import concluded
from service.store.engine import Session
from service.store.filters import (
    FlagFilter,
    Worked,
    cursor_at,
    flag_conditions,
    page_after,
    page_size,
    place_of,
    seen,
    shown_with,
)
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.tables import FlagRow
from service.store.values import Flag, FlagStatus, Page, Record
from service.urgency.loss import Stakes

FLAGS = FlagRow.__table__
_ADD = insert(FLAGS).inline()
_OF_COMMUNITIES = select(FLAGS).where(FLAGS.c.community_id.in_(bindparam("communities", expanding=True)))
_BEHIND = frozenset(
    {
        *("record_id", "decided", "snapshot", "official_name", "account_hash", "resolved_by", "withdrawn_from"),
        *("people", "urgency", "ranked_by"),
    }
)  # what a flag stands on, not shown
CHUNK = 500  # flags read at a time when all are wanted


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a flag stands on: the account, and what one list says about it. Decisions hold as long as this does."""

    account_hash: str  # of what the account says about the community itself
    verdict: str
    subtype: str | None
    source: str | None
    official_name: str | None  # the best candidate

    def evidence_hash(self) -> str:
        """Return the sha256 of the grounds: same evidence, same hash."""
        return hashlib.sha256(orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Matter:
    """A flag without its record: what is needed to decide what becomes of it."""

    id: str
    community_id: str
    record_id: str  # that speaks for the community
    status: FlagStatus
    decided: bool  # by a person, not by the service itself
    version: int
    grounds: Grounds
    snapshot: str | None  # on which it was last raised
    p_absent: float | None
    updated_at: datetime
    combined: dict[str, Any] | None = None  # what the counts of several accounts came to together
    resolved_by: str | None = None  # snapshot that names the community, where that resolved the flag
    withdrawn_from: FlagStatus | None = None  # what people had decided when its last record was withdrawn
    people: float | None = None  # head count by the record that speaks
    raised_at: datetime | None = None  # None: just now
    deferred_until: date | None = None  # of a deferred one: the day on which it is open again


def get(session: Session, flag_id: str, by: Worked | None = None) -> Flag:
    """Return one flag, with the record that speaks for it, or one's own. Raises `Problem` (not found)."""
    rows = session.execute(_query(by).where(FLAGS.c.id == flag_id)).all()
    if not rows:
        detail = f"There is no flag {flag_id}."
        raise Problem(NOT_FOUND, detail)
    return _complete(session, rows)[0]


def page(session: Session, wanted: FlagFilter, cursor: str | None = None, limit: int = 100) -> Page[Flag]:
    """Return one page of at most `limit` flags, oldest first. Raises `Problem` (invalid) for a foreign cursor."""
    limit = page_size(limit)
    conditions = flag_conditions(FLAGS, RECORDS, wanted) + seen(RECORDS, REVISIONS, wanted.unseen)
    query = _query(wanted.published_or_of).where(*conditions)
    rows = session.execute(page_after(query, FLAGS, cursor, limit)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(_complete(session, rows), cursor_at(rows[-1].seq) if more else None)


def many(session: Session, flag_ids: Sequence[str], by: Worked | None = None) -> tuple[Flag, ...]:
    """Return these flags in the order given, those that exist, with the records that speak for them, or one's own."""
    if not flag_ids:
        return ()
    rows = {row.id: row for row in session.execute(_query(by).where(FLAGS.c.id.in_(list(flag_ids))))}
    return _complete(session, [rows[flag_id] for flag_id in flag_ids if flag_id in rows])


def among(session: Session, flag_ids: Sequence[str], wanted: FlagFilter) -> dict[str, Flag]:
    """Return those of these flags that a page so narrowed may show, as it would show them, by identifier."""
    if not flag_ids:
        return {}
    conditions = flag_conditions(FLAGS, RECORDS, wanted) + seen(RECORDS, REVISIONS, wanted.unseen)
    query = _query(wanted.published_or_of).where(FLAGS.c.id.in_(list(flag_ids)), *conditions)
    return {flag.id: flag for flag in _complete(session, session.execute(query).all())}


def about(session: Session, community_ids: Sequence[str]) -> tuple[Flag, ...]:
    """Return the flags of these communities, with the records that speak for them."""
    rows = session.execute(_query(None).where(FLAGS.c.community_id.in_(list(community_ids)))).all()
    return _complete(session, rows)


def cursor_after(session: Session, flag_id: str) -> str:
    """Return the cursor of the page that follows a flag, which exists."""
    return cursor_at(session.execute(place_of(FLAGS, flag_id)).scalar_one())


def iterate(session: Session, wanted: FlagFilter) -> Iterator[Flag]:
    """Return all flags, oldest first, holding only some hundreds in memory."""
    return chain.from_iterable(chunks(session, wanted))


def chunks(session: Session, wanted: FlagFilter) -> Iterator[tuple[Flag, ...]]:
    """Return all flags, oldest first, some hundreds at a time."""
    conditions = flag_conditions(FLAGS, RECORDS, wanted) + seen(RECORDS, REVISIONS, wanted.unseen)
    query = _query(wanted.published_or_of).where(*conditions)
    cursor, audited = None, Audited(session)
    while True:
        rows = session.execute(page_after(query, FLAGS, cursor, CHUNK)).all()
        if some := rows[:CHUNK]:
            yield _complete(session, some, audited)
        if len(rows) <= CHUNK:
            return
        cursor = cursor_at(some[-1].seq)


def matters(session: Session, community_ids: Sequence[str]) -> dict[str, Matter]:
    """Return the flags of these communities, by community."""
    if not community_ids:
        return {}
    rows = session.execute(_OF_COMMUNITIES, {"communities": list(community_ids)})
    return {row.community_id: _matter(row) for row in rows}


def spoken_by(session: Session, record_ids: Sequence[str]) -> list[Matter]:
    """Return the flags that these records speak for."""
    if not record_ids:
        return []
    return [_matter(row) for row in session.execute(select(FLAGS).where(FLAGS.c.record_id.in_(list(record_ids))))]


def locked(session: Session, flag_id: str) -> Matter:
    """Return one flag, locked until the transaction ends. Raises `Problem` (not found)."""
    row = session.execute(select(FLAGS).where(FLAGS.c.id == flag_id).with_for_update()).one_or_none()
    if row is None:
        detail = f"There is no flag {flag_id}."
        raise Problem(NOT_FOUND, detail)
    return _matter(row)


def locked_in_order(session: Session, flag_ids: Sequence[str]) -> None:
    """Lock some flags until the transaction ends; in one order, so that two who lock the same never wait in a ring."""
    if len(flag_ids) > 1:
        wanted = select(FLAGS.c.seq).where(FLAGS.c.id.in_(list(flag_ids))).order_by(FLAGS.c.seq)
        session.execute(wanted.with_for_update()).all()


def put_off_until(session: Session, day: date) -> list[str]:
    """Return the deferred flags whose day has come, the one that waited longest first."""
    query = select(FLAGS.c.id).where(FLAGS.c.status == FlagStatus.DEFERRED.value, FLAGS.c.deferred_until <= day)
    return list(session.execute(query.order_by(FLAGS.c.deferred_until, FLAGS.c.seq).limit(CHUNK)).scalars())


def add(session: Session, raised: Sequence[Matter]) -> None:
    """Keep new flags."""
    if raised:
        session.execute(_ADD, [_row(matter) | {"created_at": matter.updated_at} for matter in raised])


def change(session: Session, changed: Sequence[Matter]) -> None:
    """Bring flags to a new state."""
    if changed:
        rows = [_row(matter) for matter in changed]
        kept = {"id", "community_id"}
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name not in kept}
        session.execute(
            update(FLAGS).where(FLAGS.c.id == bindparam("of_flag")).values(values),
            [{"of_flag": row["id"]} | {f"new_{name}": row[name] for name in values} for row in rows],
        )


def _query(by: Worked | None) -> Select[Any]:
    columns = [column for column in FLAGS.c if column.name not in _BEHIND]
    return (
        select(*columns, *records.COLUMNS)
        .select_from(
            FLAGS.join(RECORDS, shown_with(FLAGS, RECORDS, by))
            .join(REVISIONS, LATEST)
            .outerjoin(placed.PLACED, placed.PLACED.c.community_id == FLAGS.c.community_id)
        )
        .where(RECORDS.c.erased_at.is_(None))
    )


def _complete(session: Session, rows: Sequence[Row[Any]], audited: Audited | None = None) -> tuple[Flag, ...]:
    if not rows:
        return ()
    found = findings.present(session, [row.record_id for row in rows])
    scopes = records.scopes_over(session, rows)
    speaking = {row.record_id: records.build(row, found.get(row.record_id, ()), row.id, scopes) for row in rows}
    company = _company(session, rows, speaking)
    decided = reviews.of(session, [row.id for row in rows])
    coded = codes.of(session, [row.community_id for row in rows])
    blind = opinions.handed(session, [row.id for row in rows])
    audits_of = (audited or Audited(session)).of({one.organisation for held in company.values() for one in held})
    return tuple(
        Flag(
            id=row.id,
            status=FlagStatus(row.status),
            version=row.version,
            verdict=concluded(row.verdict, row.subtype, FlagStatus(row.status)) or row.verdict,
            machine_verdict=row.verdict,
            source=row.source,
            subtype=row.subtype,
            p_absent=row.p_absent,
            created_at=row.created_at,
            updated_at=row.updated_at,
            record=_with(company.get(row.community_id, ()), speaking[row.record_id]),
            reviews=decided.get(row.id, ()),
            members=company.get(row.community_id, ()),
            audits=audits_of,
            combined=row.combined,
            code=coded.get(row.community_id),
            embargo_until=row.embargo_until,
            deferred_until=row.deferred_until if row.status == FlagStatus.DEFERRED else None,
            blind_to=blind.get(row.id, frozenset()),
            found_before=opinions.found_before(session, row.id, row.record_id) if row.id in blind else (),
        )
        for row in rows
    )


def _company(
    session: Session, rows: Sequence[Row[Any]], speaking: Mapping[str, Record]
) -> dict[str, tuple[Record, ...]]:
    """Return all records of each flag's community, by community, the oldest first; those in quarantine apart.

    `speaking` are the records that the rows hold already: most communities have no other.
    """
    held = neighbours.belonging(session, [row.community_id for row in rows])
    others = records.many(session, [one.id for one in held if one.id not in speaking])
    found = {**speaking, **{record.id: record for record in others}}
    company: dict[str, list[Record]] = defaultdict(list)
    for one in held:
        company[one.community_id].append(found[one.id])
    return {community: tuple(members) for community, members in company.items()}


def _with(members: Sequence[Record], record: Record) -> Record:
    """Return the record a flag is shown with; it is held as soon as any record of its community is."""
    return record if record.held or not any(one.held for one in members) else replace(record, held=True)


def _matter(row: Row[Any]) -> Matter:
    return Matter(
        id=row.id,
        community_id=row.community_id,
        record_id=row.record_id,
        status=FlagStatus(row.status),
        decided=row.decided,
        version=row.version,
        grounds=Grounds(row.account_hash, row.verdict, row.subtype, row.source, row.official_name),
        snapshot=row.snapshot,
        p_absent=row.p_absent,
        updated_at=row.updated_at,
        combined=row.combined,
        resolved_by=row.resolved_by,
        withdrawn_from=FlagStatus(row.withdrawn_from) if row.withdrawn_from else None,
        people=row.people,
        raised_at=row.created_at,
        deferred_until=row.deferred_until,
    )


def _row(matter: Matter) -> dict[str, Any]:
    return {
        "id": matter.id,
        "community_id": matter.community_id,
        "record_id": matter.record_id,
        "status": matter.status.value,
        "decided": matter.decided,
        "version": matter.version,
        "snapshot": matter.snapshot,
        "p_absent": matter.p_absent,
        "updated_at": matter.updated_at,
        "combined": matter.combined,
        "resolved_by": matter.resolved_by,
        "withdrawn_from": matter.withdrawn_from.value if matter.withdrawn_from else None,
        "people": matter.people,
        **ranking.ranked(_stakes(matter)),
        "deferred_until": matter.deferred_until,
        **asdict(matter.grounds),
    }


def _stakes(matter: Matter) -> Stakes:
    since = matter.raised_at or matter.updated_at
    return Stakes(matter.grounds.verdict, matter.p_absent, matter.people, matter.status.value, since)
