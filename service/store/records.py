"""Records: one organisation's accounts, the latest revision of each, and what was found about it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, select, update

from matchers.communities.quarantine import Ground
from service.errors import NOT_FOUND, Problem
from service.store import findings, holds, placed
from service.store.engine import Session
from service.store.filters import RecordFilter, cursor_at, page_after, page_size, place_of, record_conditions, seen
from service.store.reach import Scope, Subject, held
from service.store.tables import FlagRow, RecordRow, RevisionRow
from service.store.terms import TERMS, account_of
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
    RECORDS.c.community_id.label("record_community_id"),
    RECORDS.c.quarantine,
    *TERMS,
    *placed.COLUMNS,
    holds.ANY,
)
LATEST = and_(REVISIONS.c.record_id == RECORDS.c.id, REVISIONS.c.number == RECORDS.c.revision)
_RECORDS: Select[Any] = select(RECORDS.c.seq, *COLUMNS, FLAGS.c.id.label("flag_id")).select_from(
    RECORDS.join(REVISIONS, LATEST)
    .outerjoin(FLAGS, FLAGS.c.community_id == RECORDS.c.community_id)
    .outerjoin(placed.PLACED, placed.PLACED.c.community_id == RECORDS.c.community_id)
)
_RECORDS = _RECORDS.where(RECORDS.c.erased_at.is_(None))
#: Built once, because every posted record goes through them.
_BY_ID = _RECORDS.where(RECORDS.c.id.in_(bindparam("ids", expanding=True)))
_STANDING = (
    select(
        RECORDS.c.id,
        RECORDS.c.revision,
        RECORDS.c.verdict,
        RECORDS.c.updated_at,
        RECORDS.c.community_id,
        RECORDS.c.state,
        RECORDS.c.released_at,
    )
    .where(RECORDS.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(RECORDS.c.seq)
    .with_for_update()
)
_SET_VERIFIED = (
    update(RECORDS)
    .where(RECORDS.c.id == bindparam("of_record"))
    .values(
        state=RecordState.VERIFIED.value,
        verdict=bindparam("new_verdict"),
        p_absent=bindparam("new_p_absent"),
        updated_at=bindparam("at"),
    )
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a record stands."""

    revision: int
    verdict: str | None  # on this revision
    updated_at: datetime
    community_id: str | None  # None: never out of quarantine
    state: RecordState
    released: bool  # from quarantine, before which it may have been verified

    @property
    def fresh(self) -> bool:
        """Whether it was never verified, so that it has neither findings nor a flag."""
        return self.revision == 1 and self.verdict is None and not self.released


def get(session: Session, record_id: str) -> Record:
    """Return one record. Raises `Problem` (not found)."""
    found = many(session, [record_id])
    if not found:
        detail = f"There is no record {record_id}."
        raise Problem(NOT_FOUND, detail)
    return found[0]


def many(session: Session, record_ids: Sequence[str]) -> tuple[Record, ...]:
    """Return the records that exist among these, in the order asked."""
    rows = session.execute(_BY_ID, {"ids": list(record_ids)}).all() if record_ids else ()
    by_id = {record.id: record for record in _with_findings(session, rows)}
    return tuple(by_id[record_id] for record_id in record_ids if record_id in by_id)


def page(session: Session, wanted: RecordFilter, cursor: str | None = None, limit: int = 100) -> Page[Record]:
    """Return one page of at most `limit` records, oldest first. Raises `Problem` (invalid) for a foreign cursor."""
    limit = page_size(limit)
    conditions = record_conditions(RECORDS, wanted) + seen(RECORDS, REVISIONS, wanted.unseen)
    query = _RECORDS.where(*conditions)
    rows = session.execute(page_after(query, RECORDS, cursor, limit)).all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(_with_findings(session, rows), cursor_at(rows[-1].seq) if more else None)


def cursor_after(session: Session, record_id: str) -> str:
    """Return the cursor of the page that follows a record, which exists."""
    return cursor_at(session.execute(place_of(RECORDS, record_id)).scalar_one())


def ids(session: Session, wanted: RecordFilter, after: int = 0, limit: int = 1_000) -> list[tuple[int, str]]:
    """Return (row number, identifier) of at most `limit` records after a row number, oldest first."""
    conditions = record_conditions(RECORDS, wanted)
    query = select(RECORDS.c.seq, RECORDS.c.id).where(RECORDS.c.seq > after, *conditions)
    return [(row.seq, row.id) for row in session.execute(query.order_by(RECORDS.c.seq).limit(limit))]


def standing(session: Session, record_ids: Sequence[str]) -> dict[str, Standing]:
    """Return where each record stands, locked until the transaction ends."""
    rows = session.execute(_STANDING, {"ids": list(record_ids)})
    return {row.id: _standing(row) for row in rows}


def _standing(row: Any) -> Standing:
    state, released = RecordState(row.state), row.released_at is not None
    return Standing(row.revision, row.verdict, row.updated_at, row.community_id, state, released)


def set_verified(session: Session, verdicts: dict[str, tuple[str, float | None]], at: datetime) -> None:
    """Say what was found about each record: its primary verdict, and the probability of absence."""
    if verdicts:
        rows = [
            {"of_record": record_id, "new_verdict": verdict, "new_p_absent": p_absent, "at": at}
            for record_id, (verdict, p_absent) in verdicts.items()
        ]
        session.execute(_SET_VERIFIED, rows)


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


def build(row: Any, found: tuple[Finding, ...], flag_id: str | None, scopes: Sequence[Scope] = ()) -> Record:
    """Build a record from a row with `COLUMNS`; `scopes` is what is held now."""
    account = account_of(row)
    return Record(
        id=row.record_id,
        organisation=row.organisation,
        revision=row.revision,
        state=RecordState(row.state),
        account=account,
        created_at=row.record_created_at,
        updated_at=row.record_updated_at,
        verdict=row.record_verdict,
        p_absent=row.record_p_absent,
        findings=tuple(finding for finding in found if finding.revision == row.revision),
        flag_id=flag_id,
        community_id=row.record_community_id,
        quarantine=tuple(Ground(**ground) for ground in row.quarantine or ()),
        placed=placed.build(row),
        held=held(scopes, Subject.of(row.organisation, account)),
    )


def scopes_over(session: Session, rows: Sequence[Any]) -> tuple[Scope, ...]:
    """Return what is held now, for `build`; rows with `COLUMNS` tell whether there is anything to ask for."""
    return holds.in_force(session) if any(row.any_hold for row in rows) else ()


def _with_findings(session: Session, rows: Sequence[Row[Any]]) -> tuple[Record, ...]:
    found = findings.present(session, [row.record_id for row in rows if row.record_verdict is not None])
    scopes = scopes_over(session, rows)
    return tuple(build(row, found.get(row.record_id, ()), row.flag_id, scopes) for row in rows)
