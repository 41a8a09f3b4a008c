"""Tallies: how many records and flags of a scope got which verdict and stand where, counted by the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, FromClause, and_, case, distinct, func, not_, or_, select

from matchers.base import Verdict
from service.accounts.account import Account
from service.store import holds
from service.store.conclusions import concluded_column
from service.store.engine import Session
from service.store.filters import FlagFilter, concerning, flag_conditions, seen, shown_with
from service.store.findings import FINDINGS
from service.store.flags import FLAGS
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.snapshots import COLUMNS, SNAPSHOTS
from service.store.terms import TERMS, account_of
from service.store.values import FlagStatus, SnapshotEntry

#: What a finding was made with, and up to which release it holds.
_USED = (FINDINGS.c.snapshot, FINDINGS.c.holds_at)

_AT_ONCE = 1_000  # rows fetched

#: Statuses of a flag whose gap is closed.
_NO_GAP = (FlagStatus.RESOLVED_BY_RELEASE.value, FlagStatus.WITHDRAWN.value, FlagStatus.MATCHED_EXISTING.value)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a scope's findings rest on."""

    snapshots: tuple[SnapshotEntry, ...]
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One record as the tallies count it."""

    verdict: str
    gapless_in: str | None  # its units, as the row keeps them, where it counts as a community without a gap
    community_id: str | None
    organisation: str
    account: Account


def verdicts(session: Session, wanted: FlagFilter) -> dict[str, int]:
    """Return the number of records per verdict, flagged or not; "pending" for those not verified yet.

    What people concluded about a flag counts instead of what was left to them. With a source, it is the verdict against
    that source, and only records compared with it count.
    """
    said = _said(wanted)
    query = select(said, func.count()).select_from(_scope(wanted)).where(*_conditions(session, wanted))
    return {row[0]: row[1] for row in session.execute(query.group_by(said).order_by(said))}


def statuses(session: Session, wanted: FlagFilter) -> dict[str, int]:
    """Return the number of flags per status."""
    joined = FLAGS.join(RECORDS, shown_with(FLAGS, RECORDS, wanted.published_or_of))
    conditions = [*flag_conditions(FLAGS, RECORDS, wanted), *_unheld(session, wanted)]
    query = select(FLAGS.c.status, func.count()).select_from(joined).where(*conditions)
    return {row[0]: row[1] for row in session.execute(query.group_by(FLAGS.c.status).order_by(FLAGS.c.status))}


def consistent(session: Session, wanted: FlagFilter) -> dict[str, int]:
    """Return the number of communities without a gap, by the administrative units that their records name.

    The units are as `RecordRow.admin` keeps them: folded, one "level=value" a line. A community counts where a record
    of it was found consistent, with the list asked about if one was, and no flag stands over it.
    """
    query = (
        select(RECORDS.c.admin, func.count(distinct(RECORDS.c.community_id)))
        .select_from(_scope(wanted))
        .where(*_conditions(session, wanted), _gapless(wanted))
        .group_by(RECORDS.c.admin)
        .order_by(RECORDS.c.admin)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def each(session: Session, wanted: FlagFilter) -> Iterator[Counted]:
    """Yield what the two tallies above count, one row for each record, so that some can be left out of them."""
    said, gapless = _said(wanted), _gapless(wanted)
    scope = _scope(wanted).join(REVISIONS, LATEST)
    columns = (said.label("said"), gapless.label("gapless"), RECORDS.c.admin, RECORDS.c.community_id)
    query = select(*columns, RECORDS.c.organisation, REVISIONS.c.body, *TERMS).select_from(scope)
    query = query.where(*_conditions(session, wanted))
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        account = account_of(row)
        yield Counted(row.said, row.admin if row.gapless else None, row.community_id, row.organisation, account)


def basis(session: Session, wanted: FlagFilter) -> Basis:
    """Return the snapshots and the versions of the model on which the present findings of the scope rest."""
    scope = _scope(wanted, with_findings=True)
    conditions = _conditions(session, wanted) + seen(RECORDS, REVISIONS, wanted.unseen)
    made, held = (select(column).select_from(scope).where(*conditions) for column in _USED)
    models = select(FINDINGS.c.model).select_from(scope).where(*conditions).distinct()
    entries = session.execute(
        select(*COLUMNS)
        .where(or_(SNAPSHOTS.c.sha256.in_(made), SNAPSHOTS.c.sha256.in_(held)))
        .order_by(SNAPSHOTS.c.source, SNAPSHOTS.c.seq)
    )
    return Basis(
        snapshots=tuple(SnapshotEntry(**row) for row in entries.mappings()),
        models=tuple(sorted(session.execute(models).scalars())),
    )


def _said(wanted: FlagFilter) -> ColumnElement[str]:
    """Return the verdict under which a record counts."""
    if wanted.source is None:
        return func.coalesce(concluded_column(FLAGS), RECORDS.c.verdict, "pending")
    own = case((FLAGS.c.source == wanted.source, concluded_column(FLAGS)))
    return func.coalesce(own, FINDINGS.c.verdict)


def _gapless(wanted: FlagFilter) -> ColumnElement[bool]:
    """Return whether a record says that its community is listed, and no flag that stands says otherwise."""
    said = RECORDS.c.verdict if wanted.source is None else FINDINGS.c.verdict
    return and_(said == Verdict.CONSISTENT.value, or_(FLAGS.c.id.is_(None), FLAGS.c.status.in_(_NO_GAP)))


def _scope(wanted: FlagFilter, *, with_findings: bool = False) -> FromClause:
    joined: FromClause = RECORDS.outerjoin(FLAGS, concerning(FLAGS, RECORDS, wanted))
    if wanted.unseen is not None:
        joined = joined.join(REVISIONS, LATEST)
    if with_findings or wanted.source is not None:
        present = and_(FINDINGS.c.record_id == RECORDS.c.id, FINDINGS.c.place.is_not(None))
        joined = joined.join(FINDINGS, present)
    return joined


def _conditions(session: Session, wanted: FlagFilter) -> list[ColumnElement[bool]]:
    """Return the conditions on records; a source is asked of the finding, because many a record has no flag."""
    conditions = [*flag_conditions(FLAGS, RECORDS, replace(wanted, source=None)), *_unheld(session, wanted)]
    return conditions if wanted.source is None else [*conditions, FINDINGS.c.source == wanted.source]


def _unheld(session: Session, wanted: FlagFilter) -> list[ColumnElement[bool]]:
    """Return the conditions that records are not held, or are those of the organisation that asks."""
    if not wanted.unheld:
        return []
    free = not_(holds.condition(session, RECORDS))
    return [free if wanted.held_of is None else or_(free, RECORDS.c.organisation == wanted.held_of)]


def held_flags(session: Session, wanted: FlagFilter) -> frozenset[str]:
    """Return the flags of the scope that are not counted in these numbers because their records are held."""
    if not wanted.unheld or not holds.in_force(session):
        return frozenset()
    joined = FLAGS.join(RECORDS, shown_with(FLAGS, RECORDS, wanted.published_or_of))
    conditions = [*flag_conditions(FLAGS, RECORDS, wanted), *(not_(one) for one in _unheld(session, wanted))]
    return frozenset(session.execute(select(FLAGS.c.id).select_from(joined).where(*conditions)).scalars())


def held(session: Session) -> int:
    """Return how many records are held now."""
    query = select(func.count()).select_from(RECORDS).where(holds.condition(session, RECORDS))
    return int(session.execute(query).scalar_one())
