"""Communities made visible: flags that an official release resolved, by the snapshot that did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, exists, select

from service.store import records
from service.store.conclusions import missing_column
from service.store.embargoes import over
from service.store.engine import Session
from service.store.filters import FlagFilter, flag_conditions
from service.store.flags import FLAGS
from service.store.records import RECORDS
from service.store.snapshots import SNAPSHOTS
from service.store.tables import ReviewRow
from service.store.values import FlagStatus, Record

REVIEWS = ReviewRow.__table__
_SHOWN = FLAGS.join(RECORDS, RECORDS.c.id == FLAGS.c.record_id)
_LATER = REVIEWS.alias("later")
_PUBLISHED = exists().where(
    REVIEWS.c.flag_id == FLAGS.c.id,
    REVIEWS.c.decision == FlagStatus.PUBLISHED.value,
    ~exists().where(_LATER.c.supersedes == REVIEWS.c.id),
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A community that a release names, and no release before it did."""

    snapshot: str
    record: Record  # that speaks for it
    published: bool  # people had published before that it was missing, and its embargo is over


def resolved(session: Session, wanted: FlagFilter) -> tuple[Resolved, ...]:
    """Return whom releases made visible in a scope, whoever may see it: only `service.disclosure` lets it out."""
    scope = replace(wanted, published_only=False, published_or_of=None)
    return _resolved(session, [FLAGS.c.resolved_by.is_not(None), *flag_conditions(FLAGS, RECORDS, scope)])


def resolved_by(session: Session, snapshots: Sequence[str]) -> tuple[Resolved, ...]:
    """Return whom these snapshots made visible, whoever may see it."""
    return _resolved(session, [FLAGS.c.resolved_by.in_(list(snapshots))]) if snapshots else ()


def between(session: Session, before: str, after: str) -> tuple[str, ...]:
    """Return the snapshots of a source that came after one of them, up to another; none where that came first."""
    seqs = (select(SNAPSHOTS.c.seq).where(SNAPSHOTS.c.sha256 == each) for each in (before, after))
    first, last = (seq.scalar_subquery() for seq in seqs)
    source = select(SNAPSHOTS.c.source).where(SNAPSHOTS.c.sha256 == after).scalar_subquery()
    query = select(SNAPSHOTS.c.sha256).where(
        SNAPSHOTS.c.source == source, SNAPSHOTS.c.seq > first, SNAPSHOTS.c.seq <= last
    )
    return tuple(session.execute(query.order_by(SNAPSHOTS.c.seq)).scalars())


def _resolved(session: Session, conditions: list[ColumnElement[bool]]) -> tuple[Resolved, ...]:
    published = and_(_PUBLISHED, over(FLAGS)).label("published")
    query = select(FLAGS.c.record_id, FLAGS.c.resolved_by, published).select_from(_SHOWN)
    rows = session.execute(query.where(missing_column(FLAGS), *conditions).order_by(FLAGS.c.seq)).all()
    found = {record.id: record for record in records.many(session, [row.record_id for row in rows])}
    return tuple(Resolved(row.resolved_by, found[row.record_id], row.published) for row in rows)
