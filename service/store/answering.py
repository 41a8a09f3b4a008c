"""Answering: every matter with when it was put before people, and what each office answered, for their register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, not_, select

from service.accounts.account import Account
from service.callers.caller import Right, Role, holders
from service.callers.territory import Area
from service.store import holds, scoping
from service.store.engine import Session
from service.store.flags import FLAGS
from service.store.keys import KEYS
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.reviews import REVIEWS
from service.store.terms import TERMS, account_of
from service.store.values import JUDGEMENTS, FlagStatus, RecordState

_AT_ONCE = 1_000  # rows fetched
_LATER = REVIEWS.alias("later")
_CLOSED = (FlagStatus.RESOLVED_BY_RELEASE.value, FlagStatus.WITHDRAWN.value)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an office said first about a matter, as far as that was not taken back."""

    office: str
    decision: FlagStatus
    at: datetime


@dataclass(frozen=True, slots=True)
class Matter:
    """One flag as the register counts it."""

    flag_id: str
    organisation: str  # whose record speaks
    account: Account
    put_at: datetime
    closed_at: datetime | None  # by itself: a release resolved it, or the latest comparison found no gap
    answers: tuple[Answer, ...]  # of each office the first, the earliest first


def offices(session: Session) -> dict[str, tuple[Area, ...] | None]:
    """Return the organisations that hold reviewers' keys, or have answered a matter, each with where they work.

    None is everywhere. Operators review only where they hold such a key too, or did.
    """
    roles = [role.value for role in holders(Right.REVIEW) if role is not Role.ADMIN]
    held = select(KEYS.c.organisation, KEYS.c.scope).where(KEYS.c.role.in_(roles), KEYS.c.revoked_at.is_(None))
    found: dict[str, tuple[Area, ...] | None] = {}
    for row in session.execute(held):
        areas, _ = scoping.read(row.scope)
        before = found.get(row.organisation, ())
        found[row.organisation] = None if areas is None or before is None else (*before, *areas)
    answered = select(REVIEWS.c.organisation).where(REVIEWS.c.decision.in_([one.value for one in JUDGEMENTS]))
    found |= {name: None for name in session.execute(answered.distinct()).scalars() if name not in found}
    return dict(sorted(found.items()))


def matters(session: Session) -> Iterator[Matter]:
    """Yield every flag whose record speaks and is not held, the oldest first."""
    said = _answers(session)
    query = (
        select(
            FLAGS.c.id,
            FLAGS.c.status,
            FLAGS.c.decided,
            FLAGS.c.created_at,
            FLAGS.c.updated_at,
            RECORDS.c.organisation,
            REVISIONS.c.body,
            *TERMS,
        )
        .select_from(FLAGS.join(RECORDS, RECORDS.c.id == FLAGS.c.record_id).join(REVISIONS, LATEST))
        .where(
            RECORDS.c.state == RecordState.VERIFIED.value,
            RECORDS.c.erased_at.is_(None),
            not_(holds.condition(session, RECORDS)),
        )
        .order_by(FLAGS.c.seq)
    )
    for row in session.execute(query.execution_options(yield_per=_AT_ONCE)):
        by_itself = row.status in _CLOSED and not row.decided
        closed = row.updated_at if by_itself else None
        yield Matter(row.id, row.organisation, account_of(row), row.created_at, closed, said.get(row.id, ()))


def mark(session: Session) -> int:
    """Return up to where decisions go."""
    return int(session.execute(select(func.max(REVIEWS.c.seq))).scalar() or 0)


def _answers(session: Session) -> dict[str, tuple[Answer, ...]]:
    taken_back = exists().where(_LATER.c.supersedes == REVIEWS.c.id)
    query = select(REVIEWS.c.flag_id, REVIEWS.c.organisation, REVIEWS.c.decision, REVIEWS.c.created_at).where(
        REVIEWS.c.decision.in_([one.value for one in JUDGEMENTS]), REVIEWS.c.undo.is_(None), not_(taken_back)
    )
    found: defaultdict[str, dict[str, Answer]] = defaultdict(dict)
    for row in session.execute(query.order_by(REVIEWS.c.seq)):
        answer = Answer(row.organisation, FlagStatus(row.decision), row.created_at)
        found[row.flag_id].setdefault(row.organisation, answer)
    return {flag_id: tuple(by.values()) for flag_id, by in found.items()}
