"""Flags as an edition of a gap report froze them: put together again from the revisions and findings they rested on.

What is read is what was said then, as far as it may still be told: an account has the narrower consent and the higher
sensitivity of then and now, and a community of which a record was withdrawn, erased or set aside since is taken out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, or_, select

from service.accounts.account import Account
from service.store import codes, findings, records, reviews
from service.store.conclusions import concluded
from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.gap_report_tables import GapReportItemRow, GapReportRow
from service.store.placed import PLACED
from service.store.records import RECORDS, REVISIONS
from service.store.tables import FlagRow
from service.store.terms import account_of, narrowed
from service.store.values import SILENT, Audit, Finding, Flag, FlagStatus, Record, Witness

ITEMS, REPORTS, FLAGS = GapReportItemRow.__table__, GapReportRow.__table__, FlagRow.__table__
CHUNK = 500  # flags read at a time
_ROWS_AT_ONCE = 5_000

_NUMBER = REVISIONS.c.number.label("at_revision")
_OF: Select[Any] = (
    select(*records.COLUMNS, _NUMBER)
    .select_from(
        RECORDS.join(REVISIONS, REVISIONS.c.record_id == RECORDS.c.id).outerjoin(
            PLACED, PLACED.c.community_id == RECORDS.c.community_id
        )
    )
    .where(
        RECORDS.c.id.in_(bindparam("ids", expanding=True)),
        RECORDS.c.erased_at.is_(None),
        or_(RECORDS.c.revision == _NUMBER, _NUMBER.in_(bindparam("numbers", expanding=True))),
    )
)
_FOUND = select(*findings.COLUMNS).where(FINDINGS.c.id.in_(bindparam("ids", expanding=True)))


@dataclass(frozen=True, slots=True)
class Frozen:
    """One flag of an edition; `flag` is None where it was taken out since."""

    flag_id: str
    outside: bool  # everybody could read it then
    status_now: FlagStatus | None  # None: there is no such flag any more
    flag: Flag | None
    later: Account | None = None  # what the record that speaks says now, where that is another revision


def item(flag: Flag, place: int, *, outside: bool) -> dict[str, Any]:
    """Return what is kept of a flag; `outside` says whether everybody can read it."""
    company = {one.id: one for one in (*flag.members, flag.record)}
    return {
        "place": place,
        "flag_id": flag.id,
        "record_id": flag.record.id,
        "status": flag.status.value,
        "version": flag.version,
        "verdict": flag.machine_verdict,
        "subtype": flag.subtype,
        "source": flag.source,
        "p_absent": flag.p_absent,
        "combined": flag.combined,
        "outside": outside,
        "created_at": flag.created_at,
        "updated_at": flag.updated_at,
        "basis": {record_id: _basis(record) for record_id, record in company.items()},
    }


def add(session: Session, report: int, items: Sequence[Mapping[str, Any]]) -> None:
    """Keep the flags of an edition."""
    for start in range(0, len(items), _ROWS_AT_ONCE):
        session.execute(insert(ITEMS), [{"report": report, **one} for one in items[start : start + _ROWS_AT_ONCE]])


def chunks(session: Session, report: int, at: datetime, told: Mapping[str, Any]) -> Iterator[tuple[Frozen, ...]]:
    """Return the flags of an edition that was made at a moment, oldest first, some hundreds at a time."""
    audits, after = _audits(told["audits"]), -1
    query = select(ITEMS, FLAGS.c.status.label("status_now"), FLAGS.c.community_id, FLAGS.c.embargo_until)
    query = query.select_from(ITEMS.outerjoin(FLAGS, FLAGS.c.id == ITEMS.c.flag_id)).where(ITEMS.c.report == report)
    while True:
        part = query.where(ITEMS.c.place > after).order_by(ITEMS.c.place).limit(CHUNK)
        rows = session.execute(part).all()
        if not rows:
            return
        yield _complete(session, rows, at, audits)
        after = rows[-1].place


def statuses(session: Session, report_id: str, *, outside: bool) -> dict[str, str]:
    """Return how the flags of an edition stood then, by flag; of those that everybody could read, or of all."""
    joined = ITEMS.join(REPORTS, REPORTS.c.seq == ITEMS.c.report)
    query = select(ITEMS.c.flag_id, ITEMS.c.status).select_from(joined).where(REPORTS.c.id == report_id)
    return {row.flag_id: row.status for row in session.execute(query.where(ITEMS.c.outside) if outside else query)}


def audited(flags: Sequence[Flag]) -> list[list[Any]]:
    """Return the audits behind flags as they are kept with an edition."""
    found = {(*witness, *audit) for flag in flags for witness, of in flag.audits.items() for audit in map(_plain, of)}
    return [list(one) for one in sorted(found, key=repr)]


def _plain(audit: Audit) -> tuple[str, int, int]:
    return audit.day.isoformat(), audit.confirmed, audit.refused


def _audits(kept: Sequence[Sequence[Any]]) -> dict[Witness, tuple[Audit, ...]]:
    found: dict[Witness, list[Audit]] = defaultdict(list)
    for organisation, method, day, confirmed, refused in kept:
        found[Witness(organisation, method)].append(Audit(date.fromisoformat(day), confirmed, refused))
    return {witness: tuple(sorted(of, key=lambda one: one.day)) for witness, of in found.items()}


def _basis(record: Record) -> dict[str, Any]:
    return {
        "revision": record.revision,
        "updated_at": record.updated_at.isoformat(),
        "verdict": record.verdict,
        "p_absent": record.p_absent,
        "findings": [[one.id, one.holds_at] for one in record.findings],
    }


def _complete(
    session: Session, rows: Sequence[Row[Any]], at: datetime, audits: Mapping[Witness, tuple[Audit, ...]]
) -> tuple[Frozen, ...]:
    basis = {record_id: of for row in rows for record_id, of in row.basis.items()}
    company, later = _records(session, basis, {record_id: row.flag_id for row in rows for record_id in row.basis})
    decided = reviews.of(session, [row.flag_id for row in rows])
    coded = codes.of(session, [row.community_id for row in rows if row.community_id is not None])
    found = []
    for row in rows:
        members = [company[record_id] for record_id in row.basis if record_id in company]
        flag = None
        if row.record_id in company and row.status_now is not None:
            speaker, status = company[row.record_id], FlagStatus(row.status)
            flag = Flag(
                id=row.flag_id,
                status=status,
                version=row.version,
                verdict=concluded(row.verdict, row.subtype, status) or row.verdict,
                machine_verdict=row.verdict,
                source=row.source,
                subtype=row.subtype,
                p_absent=row.p_absent,
                created_at=row.created_at,
                updated_at=row.updated_at,
                record=replace(speaker, held=any(one.held for one in members)),
                reviews=tuple(one for one in decided.get(row.flag_id, ()) if one.created_at <= at),
                members=tuple(members),
                audits=audits,
                combined=row.combined if len(members) == len(row.basis) else None,  # whose counts are gone, are gone
                code=coded.get(row.community_id),
                embargo_until=row.embargo_until,
            )
        now = FlagStatus(row.status_now) if row.status_now is not None else None
        found.append(Frozen(row.flag_id, row.outside, now, flag, later.get(row.record_id)))
    return tuple(found)


def _records(
    session: Session, basis: Mapping[str, Mapping[str, Any]], flag_of: Mapping[str, str]
) -> tuple[dict[str, Record], dict[str, Account]]:
    """Return records as they were then, those that still speak, and what those say now that say something else.

    Consent and sensitivity are as they are now if stricter.
    """
    wanted = {"ids": list(basis), "numbers": sorted({int(of["revision"]) for of in basis.values()})}
    rows: Sequence[Row[Any]] = session.execute(_OF, wanted).all()
    ids = [finding_id for of in basis.values() for finding_id, _ in of["findings"]]
    found = {one.id: one for one in findings.built(session.execute(_FOUND, {"ids": ids}).mappings())} if ids else {}
    scopes = records.scopes_over(session, rows)
    present = {row.record_id: account_of(row) for row in rows if row.at_revision == row.revision}
    revision_of = {row.record_id: row.revision for row in rows}
    then: dict[str, Record] = {}
    for row in rows:
        of = basis[row.record_id]
        if row.at_revision != of["revision"] or row.state in SILENT or row.record_id not in present:
            continue
        record, now = records.build(row, (), flag_of[row.record_id], scopes), present[row.record_id]
        strict = {"consent": now.consent, "sensitivity": now.sensitivity}
        then[row.record_id] = replace(
            record,
            revision=row.at_revision,
            account=narrowed(record.account, strict),
            verdict=of["verdict"],
            p_absent=of["p_absent"],
            updated_at=datetime.fromisoformat(of["updated_at"]).astimezone(UTC),
            findings=_findings(of["findings"], found),
        )
    return then, {own: present[own] for own, record in then.items() if record.revision != revision_of[own]}


def _findings(kept: Sequence[Sequence[Any]], found: Mapping[str, Finding]) -> tuple[Finding, ...]:
    return tuple(replace(found[one], holds_at=holds_at) for one, holds_at in kept if one in found)
