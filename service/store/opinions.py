"""Opinions: matters that somebody judges without knowing what others decided, and what they judged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update

from service.running import clock
from service.store import findings
from service.store.chain import microseconds
from service.store.decision_tables import OpinionRow
from service.store.engine import Session
from service.store.reviews import REVIEWS, note_digest
from service.store.values import Finding, FlagStatus

OPINIONS = OpinionRow.__table__
_COLUMNS = [column for column in OPINIONS.c if column.name != "seq"]

#: Of an opinion, what its event vouches for.
STATED = ("id", "flag_id", "review_id", "ordinal", "decision", "reason_code", "organisation", "key_id")

#: Somebody who was handed a matter and does not judge it has it for so long; then somebody else may get it.
LASTING = timedelta(hours=24)

#: How many that wait are looked at to hand out the next one.
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Opinion:
    """A matter to be judged blind, and what somebody judged, once they did."""

    id: str
    flag_id: str
    review_id: str | None  # the decision it was drawn for; None: it is the first
    ordinal: int  # 1: it decides, 2: it is held against the decision, 3: it settles where both differ
    drawn_at: datetime
    handed_to: str | None = None  # a key
    handed_at: datetime | None = None
    decision: FlagStatus | None = None
    reason_code: str | None = None
    note: str | None = None
    organisation: str | None = None
    key_id: str | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people judged of one matter, apart from one another; the second always blind."""

    flag_id: str
    first: str
    second: str
    blind: bool  # the first is known to have judged blind too


def draw(session: Session, opinions: Sequence[Opinion]) -> None:
    """Keep matters that are to be judged blind."""
    if opinions:
        session.execute(insert(OPINIONS), [_row(one) for one in opinions])


def hand(session: Session, opinion_id: str, key_id: str | None, at: datetime | None) -> None:
    """Hand a matter to somebody, or to nobody; who had it before and did not judge it has it no longer."""
    values = {"handed_to": key_id, "handed_at": at}
    session.execute(update(OPINIONS).where(OPINIONS.c.id == opinion_id).values(values))


def give(session: Session, opinion: Opinion) -> str:
    """Keep what somebody judged, and return its digest."""
    row = _row(opinion)
    given = ("review_id", "decision", "reason_code", "note", "organisation", "key_id", "decided_at")
    values = {name: row[name] for name in given}
    session.execute(update(OPINIONS).where(OPINIONS.c.id == opinion.id).values(values))
    return digest(row, note_digest(opinion.note))


def digest(row: dict[str, Any], note: str | None) -> str:
    """Return the sha256 of an opinion as it was given; of its note only the digest."""
    said = {name: row[name] for name in STATED} | {"at": microseconds(row["decided_at"]), "note": note}
    return sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()


def of(session: Session, flag_id: str) -> tuple[Opinion, ...]:
    """Return the opinions about one flag, given or not, in the order they were drawn."""
    query = select(*_COLUMNS).where(OPINIONS.c.flag_id == flag_id).order_by(OPINIONS.c.seq)
    return tuple(map(_opinion, session.execute(query).mappings()))


def handed(session: Session, flag_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """Return the keys that were handed each of these flags to judge blind, and have not yet."""
    query = select(OPINIONS.c.flag_id, OPINIONS.c.handed_to).where(
        OPINIONS.c.flag_id.in_(list(flag_ids)), OPINIONS.c.handed_to.is_not(None), *_under_way()
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in session.execute(query):
        found[row.flag_id].add(row.handed_to)
    return {flag_id: frozenset(keys) for flag_id, keys in found.items()}


def found_before(session: Session, flag_id: str, record_id: str) -> tuple[Finding, ...]:
    """Return what had been found about a record when its flag was judged first, of each list the latest."""
    judged = select(func.min(REVIEWS.c.created_at)).join_from(OPINIONS, REVIEWS, REVIEWS.c.id == OPINIONS.c.review_id)
    first = session.execute(judged.where(OPINIONS.c.flag_id == flag_id)).scalar()
    made = [one for one in findings.history(session, record_id) if first is None or one.created_at < first]
    by_source = {one.source: one for one in made}
    last = max((one.created_at for one in made), default=None)
    return tuple(sorted(by_source.values(), key=lambda one: (one.created_at != last, made.index(one))))


def held_by(session: Session, key_id: str) -> Opinion | None:
    """Return what somebody was handed first and has not judged yet."""
    query = select(*_COLUMNS).where(OPINIONS.c.handed_to == key_id, *_under_way())
    row = session.execute(query.order_by(OPINIONS.c.seq).limit(1)).mappings().first()
    return None if row is None else _opinion(row)


def waiting(session: Session, at: datetime) -> tuple[Opinion, ...]:
    """Return second and third opinions that nobody has, or that somebody was handed too long ago; the oldest first."""
    free = or_(OPINIONS.c.handed_to.is_(None), OPINIONS.c.handed_at < at - LASTING)
    query = select(*_COLUMNS).where(OPINIONS.c.decision.is_(None), OPINIONS.c.ordinal > 1, free)
    return tuple(map(_opinion, session.execute(query.order_by(OPINIONS.c.seq).limit(_LOOKED_AT)).mappings()))


def pairs(session: Session) -> tuple[Pair, ...]:
    """Return the first and the second judgement of each decision that was judged twice, the oldest first.

    Of what was decided before that was kept with it, only what was handed out is known to have been judged blind.
    """
    given = OPINIONS.alias("given")
    handed_out = exists().where(given.c.review_id == REVIEWS.c.id, given.c.ordinal == 1)
    query = (
        select(
            OPINIONS.c.flag_id,
            REVIEWS.c.decision.label("first"),
            OPINIONS.c.decision.label("second"),
            func.coalesce(REVIEWS.c.blind, handed_out).label("blind"),
        )
        .join_from(OPINIONS, REVIEWS, OPINIONS.c.review_id == REVIEWS.c.id)
        .where(OPINIONS.c.ordinal == 2, OPINIONS.c.decision.is_not(None))  # noqa: PLR2004 - the second opinion
        .order_by(OPINIONS.c.seq)
    )
    return tuple(Pair(row.flag_id, row.first, row.second, bool(row.blind)) for row in session.execute(query))


def not_given(session: Session) -> tuple[str, ...]:
    """Return the flags of second and third opinions that nobody has given yet, one for each opinion."""
    query = select(OPINIONS.c.flag_id).where(OPINIONS.c.decision.is_(None), OPINIONS.c.ordinal > 1)
    return tuple(session.execute(query.order_by(OPINIONS.c.seq)).scalars())


def held(session: Session, key_id: str) -> dict[str, datetime]:
    """Return the flags that somebody was handed and has not judged, each with the moment it was drawn."""
    query = select(OPINIONS.c.flag_id, OPINIONS.c.drawn_at).where(OPINIONS.c.handed_to == key_id, *_under_way())
    return {row.flag_id: row.drawn_at for row in session.execute(query)}


def _under_way() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a matter was handed out, not too long ago, and is not judged yet."""
    return OPINIONS.c.handed_at >= clock.now() - LASTING, OPINIONS.c.decision.is_(None)


def _row(opinion: Opinion) -> dict[str, Any]:
    row: dict[str, Any] = {column.name: getattr(opinion, column.name) for column in _COLUMNS}
    return row | {"decision": opinion.decision.value if opinion.decision else None}


def _opinion(row: Any) -> Opinion:
    decision = FlagStatus(row["decision"]) if row["decision"] else None
    return Opinion(**{**row, "decision": decision})
