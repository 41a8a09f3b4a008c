"""Grounds: why the content of a snapshot must stay in the archive."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from service.store.engine import Session
from service.store.findings import FINDINGS
from service.store.flags import FLAGS
from service.store.records import RECORDS
from service.store.reviews import REVIEWS
from service.store.snapshots import SNAPSHOTS
from service.store.values import SnapshotEntry


class Ground(StrEnum):
    """What may rest on a snapshot."""

    PRESENT = "the present state of its source"
    NEWEST = "among the newest of its source"
    FINDINGS = "findings that hold now, with their certificates"
    GROWTH = "certificates that took growth rates from it"
    FLAGS = "flags raised by it"
    DECISIONS = "findings that people decided upon, published or not"


def present(session: Session) -> frozenset[str]:
    """Return the present snapshot of every source."""
    return frozenset(session.execute(select(SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.current)).scalars())


def newest(session: Session, keep: int) -> frozenset[str]:
    """Return the newest snapshots of every source whose content is there, so many of each."""
    rank = func.row_number().over(partition_by=SNAPSHOTS.c.source, order_by=SNAPSHOTS.c.seq.desc()).label("rank")
    ranked = select(SNAPSHOTS.c.sha256, rank).where(SNAPSHOTS.c.pruned_at.is_(None)).subquery()
    return frozenset(session.execute(select(ranked.c.sha256).where(ranked.c.rank <= keep)).scalars())


def resting(session: Session, entries: Collection[SnapshotEntry]) -> dict[str, Counter[Ground]]:
    """Return how much rests on each of these snapshots, by what it is; those that nothing rests on are left out."""
    found: dict[str, Counter[Ground]] = defaultdict(Counter)
    every = [entry.sha256 for entry in entries]
    figures = [entry.sha256 for entry in entries if entry.observations]  # only these can be rates, and asking is slow
    holding, decided = FINDINGS.c.place.is_not(None), _decided_upon()
    for ground, snapshot, wanted, holds in (
        (Ground.FINDINGS, FINDINGS.c.snapshot, every, holding),
        (Ground.DECISIONS, FINDINGS.c.snapshot, every, and_(~holding, decided)),
        (Ground.GROWTH, _growth(), figures, or_(holding, decided)),
        (Ground.FLAGS, FLAGS.c.snapshot, every, true()),
    ):
        if wanted:
            query = select(snapshot, func.count()).where(snapshot.in_(wanted), holds).group_by(snapshot)
            for sha256, count in session.execute(query):
                found[sha256][ground] += count
    return dict(found)


def _growth() -> ColumnElement[str]:
    """Return the snapshot of growth rates that a finding's certificate names."""
    named: ColumnElement[str] = FINDINGS.c.certificate["search"]["known"]["growth"].as_string()
    return named


def _decided_upon() -> ColumnElement[bool]:
    """Return whether a finding is about a community about which people decided something."""
    joined = RECORDS.join(FLAGS, FLAGS.c.community_id == RECORDS.c.community_id)
    reviewed = joined.join(REVIEWS, REVIEWS.c.flag_id == FLAGS.c.id)
    return exists(select(RECORDS.c.id).select_from(reviewed).where(RECORDS.c.id == FINDINGS.c.record_id))
