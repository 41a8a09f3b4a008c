"""Outcomes: what people decided about communities, for whoever sent records of them or speaks for such to be told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, or_, select

from service.store import appeals
from service.store.appeals import Appeal
from service.store.engine import Session
from service.store.filters import Worked, cursor_at, page_size, position, worked
from service.store.flags import FLAGS
from service.store.records import RECORDS
from service.store.reviews import REVIEWS
from service.store.stretches import Asked, Stretch
from service.store.values import JUDGEMENTS, FlagStatus, Review

_TOLD = (*JUDGEMENTS, FlagStatus.DEFERRED, FlagStatus.PUBLISHED, FlagStatus.WITHDRAWN)
_LATER = REVIEWS.alias("later")
_OF_REVIEW = [column for column in REVIEWS.c if column.name not in {"seq", "flag_version", "evidence_hash"}]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision about a community, with the record of it that was sent, or is spoken for."""

    review: Review
    status: FlagStatus  # of the flag, now
    record_id: str
    own_id: str | None
    holds: bool  # nobody took it back, and it is the status of the flag
    appeal: Appeal | None = None


def stretch(session: Session, whose: Worked, asked: Asked) -> Stretch[Outcome]:
    """Return a stretch of outcomes for whoever works with these records. Raises `Problem` (invalid): foreign cursor."""
    limit, after = page_size(asked.limit), position(asked.cursor) if asked.cursor else 0
    query = _query(whose).where(REVIEWS.c.seq > after)
    if asked.since is not None:
        query = query.where(REVIEWS.c.created_at >= asked.since)
    rows = session.execute(query.order_by(REVIEWS.c.seq).limit(limit + 1)).mappings().all()
    items = _outcomes(session, rows[:limit])
    return Stretch(items, cursor_at(rows[:limit][-1]["seq"] if items else after), len(rows) > limit)


def latest(session: Session, organisation: str, flag_id: str) -> Outcome | None:
    """Return what was decided last about one flag."""
    query = _query(Worked(organisation)).where(REVIEWS.c.flag_id == flag_id).order_by(REVIEWS.c.seq.desc()).limit(1)
    found = _outcomes(session, session.execute(query).mappings().all())
    return found[0] if found else None


def _query(whose: Worked) -> Select[Any]:
    """Return the query for decisions, each with the oldest record of the community that is worked with."""
    mine = RECORDS.alias("mine")
    own = (
        select(mine.c.seq)
        .where(
            mine.c.community_id == FLAGS.c.community_id,
            worked(mine, whose),
            mine.c.erased_at.is_(None),
        )
        .order_by(mine.c.seq)
        .limit(1)
        .correlate(FLAGS)
        .scalar_subquery()
    )
    superseded = exists().where(_LATER.c.supersedes == REVIEWS.c.id)
    return (
        select(
            REVIEWS.c.seq,
            *_OF_REVIEW,
            FLAGS.c.status,
            RECORDS.c.id.label("record_id"),
            RECORDS.c.own_id,
            superseded.label("superseded"),
        )
        .join_from(REVIEWS, FLAGS, FLAGS.c.id == REVIEWS.c.flag_id)
        .join(RECORDS, RECORDS.c.seq == own)
        .where(or_(REVIEWS.c.decision.in_([one.value for one in _TOLD]), REVIEWS.c.undo.is_(True)))
    )


def _outcomes(session: Session, rows: Sequence[Any]) -> tuple[Outcome, ...]:
    made = [_outcome(row) for row in rows]
    appealed = appeals.against(session, [one.review.id for one in made]) if made else {}
    return tuple(
        Outcome(one.review, one.status, one.record_id, one.own_id, one.holds, appealed.get(one.review.id))
        for one in made
    )


def _outcome(row: Any) -> Outcome:
    told = {column.name: row[column.name] for column in _OF_REVIEW}
    review = Review(**{**told, "decision": FlagStatus(row["decision"])})
    status = FlagStatus(row["status"])
    holds = not row["superseded"] and not review.undo and review.decision is status
    return Outcome(review, status, row["record_id"], row["own_id"], holds)
