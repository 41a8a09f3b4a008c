"""Footing: what new records of an organisation stand on at the moment they are kept, asked in one statement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, literal, or_, select

from service.store.any_of import any_of
from service.store.engine import Session
from service.store.keys import KEYS, SHUT
from service.store.marks import MARKS, Marks
from service.store.receipts import RECEIPTS
from service.store.records import RECORDS
from service.store.snapshots import LISTED, SNAPSHOTS


@dataclass(frozen=True, slots=True)
class Sent:
    """New accounts that one organisation sends: by which keys, under which names, and where they stand."""

    organisation: str
    key_ids: Collection[str]
    own_ids: Collection[str]
    keys: Collection[str]  # of idempotency
    spots: Sequence[str]
    midnight: datetime  # when the day began on which they are sent


@dataclass(frozen=True, slots=True)
class Footing:
    """What holds when they are kept."""

    marks: Marks
    revoked: bool  # one of the keys opens nothing any more
    known: bool  # something was sent before under one of the names
    today: int  # records that the organisation made today, counted up to `most`
    before: bool  # it made some before today
    on_one_spot: int  # most that would stand on one of the spots, counting it high


def of(session: Session, sent: Sent, most: int) -> Footing:
    """Return what new accounts stand on; `most` is up to where the records of the day are counted."""
    asked = {
        "organisation": sent.organisation,
        "key_ids": sorted(sent.key_ids),
        "own_ids": sorted(sent.own_ids),
        "sent": sorted(sent.keys),
        "spots": sorted(set(sent.spots)),
        "midnight": sent.midnight,
        "most": most,
        "now": datetime.now(UTC),
    }
    rows = session.execute(_query(session.dialect.name), asked).all()
    first = rows[0]
    lists = tuple(row[0] for row in rows if row[0] is not None)
    here = max(Counter(sent.spots).values(), default=0)
    return Footing(Marks(lists, *first[1:4]), bool(first[4]), bool(first[5]), first[6], bool(first[7]), first[8] + here)


@cache
def _query(dialect: str) -> Select[Any]:
    """Return the query: a row for each present list, or one without, and beside it everything else."""
    one = select(literal(1).label("one")).subquery()
    of_organisation = RECORDS.c.organisation == bindparam("organisation")
    revoked = exists().where(any_of(dialect, KEYS.c.id, "key_ids"), SHUT)
    named = exists().where(of_organisation, any_of(dialect, RECORDS.c.own_id, "own_ids"))
    answered = exists().where(
        RECEIPTS.c.organisation == bindparam("organisation"), any_of(dialect, RECEIPTS.c.key, "sent")
    )
    today = select(RECORDS.c.seq).where(of_organisation, RECORDS.c.created_at >= bindparam("midnight"))
    before = exists().where(of_organisation, RECORDS.c.created_at < bindparam("midnight"))
    standing = (
        select(func.count().label("number"))
        .where(of_organisation, any_of(dialect, RECORDS.c.spot, "spots"), RECORDS.c.released_at.is_(None))
        .group_by(RECORDS.c.spot)
        .subquery()
    )
    return (
        select(
            SNAPSHOTS.c.sha256,
            *MARKS,
            revoked,
            or_(named, answered),
            select(func.count()).select_from(today.limit(bindparam("most")).subquery()).scalar_subquery(),
            before,
            select(func.coalesce(func.max(standing.c.number), 0)).scalar_subquery(),
        )
        .select_from(one.outerjoin(SNAPSHOTS, and_(*LISTED)))
        .order_by(SNAPSHOTS.c.source)
    )
