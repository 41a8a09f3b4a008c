"""The queue: flags that wait for a person, in order of their urgency; one query for each page.

The order is kept beside each flag and moves only when the flag does, so a walk through pages sees every flag once
whatever is raised meanwhile. A cursor says how urgent the last one shown was, and which it was.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from service.errors import INVALID, Problem
from service.store.engine import Session
from service.store.filters import Bbox, FlagFilter, flag_conditions, located, seen, shown_with
from service.store.flag_claims import CLAIMS, in_force
from service.store.flags import FLAGS
from service.store.records import LATEST, RECORDS, REVISIONS
from service.store.values import Flag, FlagStatus

#: Where a flag is before people come to it, or where it comes back to them.
WAITING = tuple(
    status.value for status in (FlagStatus.OPEN, FlagStatus.IN_REVIEW, FlagStatus.REGRESSED, FlagStatus.APPEALED)
)

_PACKED = struct.Struct(">d16s")


class Assigned(StrEnum):
    """Whose flags are asked for: those one has claimed, or those that nobody has."""

    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which waiting flags, as whom, and when."""

    flags: FlagFilter
    at: datetime
    assigned: Assigned | None = None
    key_id: str | None = None  # who asks
    countries: frozenset[str] | None = None  # where they may decide at all; None: everywhere


@dataclass(frozen=True, slots=True)
class Place:
    """Where a flag stands in the queue."""

    urgency: float
    flag_id: str

    def cursor(self) -> str:
        """Return the cursor of what follows."""
        return base64.urlsafe_b64encode(_PACKED.pack(self.urgency, bytes.fromhex(self.flag_id))).decode()

    @classmethod
    def read(cls, cursor: str) -> Place:
        """Return the place in a cursor. Raises `Problem` (invalid) when it is not one of ours."""
        try:
            urgency, flag_id = _PACKED.unpack(base64.b64decode(cursor.encode(), altchars=b"-_", validate=True))
        except (binascii.Error, struct.error):
            urgency, flag_id = math.nan, b""
        if not math.isfinite(urgency):
            detail = "The cursor is not one this service gave out. Start again without it."
            raise Problem(INVALID, detail)
        return cls(urgency, flag_id.hex())


def places(session: Session, wanted: QueueFilter, after: Place | None, limit: int) -> list[Place]:
    """Return at most `limit` places of the queue after one, the most urgent first."""
    rows = session.execute(_ordered(wanted, after).limit(limit))
    return [Place(row.urgency, row.id) for row in rows]


def beside(session: Session, flag: Flag, bbox: Bbox | None, limit: int) -> list[str]:
    """Return the flags still to be decided that lie in a box, or that ended at the same entry of a list as another."""
    own = select(FLAGS.c.source, FLAGS.c.official_name).where(FLAGS.c.id == flag.id).subquery()
    same = and_(FLAGS.c.source == own.c.source, FLAGS.c.official_name == own.c.official_name)
    near = or_(same, and_(*located(RECORDS, bbox))) if bbox is not None else same
    joined = FLAGS.join(RECORDS, shown_with(FLAGS, RECORDS, None)).join(own, true())
    there = RECORDS.c.country == flag.record.account.country
    conditions = (FLAGS.c.urgency.is_not(None), RECORDS.c.erased_at.is_(None), FLAGS.c.id != flag.id, near, there)
    query = (
        select(FLAGS.c.id).select_from(joined).where(*conditions).order_by(FLAGS.c.urgency.desc(), FLAGS.c.id.desc())
    )
    return list(session.execute(query.limit(limit)).scalars())


def locked_next(session: Session, wanted: QueueFilter, after: Place | None) -> Place | None:
    """Return the first place after one that nobody else is just taking, locked until the transaction ends."""
    query = _ordered(wanted, after).limit(1).with_for_update(of=FLAGS, skip_locked=True)
    row = session.execute(query).one_or_none()
    return None if row is None else Place(row.urgency, row.id)


def _ordered(wanted: QueueFilter, after: Place | None) -> Select[Any]:
    joined = FLAGS.join(RECORDS, shown_with(FLAGS, RECORDS, None))
    unseen = seen(RECORDS, REVISIONS, wanted.flags.unseen)
    conditions = [FLAGS.c.urgency.is_not(None), RECORDS.c.erased_at.is_(None), _waiting(wanted), *unseen]
    conditions += flag_conditions(FLAGS, RECORDS, wanted.flags)
    if wanted.countries is not None:
        conditions.append(RECORDS.c.country.in_(sorted(wanted.countries)))
    if unseen:
        joined = joined.join(REVISIONS, LATEST)
    held = select(CLAIMS.c.flag_id).where(CLAIMS.c.flag_id == FLAGS.c.id, in_force(wanted.at))
    if wanted.assigned is Assigned.ME:
        conditions.append(held.where(CLAIMS.c.key_id == wanted.key_id).exists())
    elif wanted.assigned is Assigned.NOBODY:
        conditions.append(~held.exists())
    if after is not None:
        same = and_(FLAGS.c.urgency == after.urgency, FLAGS.c.id < after.flag_id)
        conditions.append(and_(FLAGS.c.urgency <= after.urgency, or_(FLAGS.c.urgency < after.urgency, same)))
    order = (FLAGS.c.urgency.desc(), FLAGS.c.id.desc())
    return select(FLAGS.c.urgency, FLAGS.c.id).select_from(joined).where(*conditions).order_by(*order)


def _waiting(wanted: QueueFilter) -> ColumnElement[bool]:
    """Return the condition of waiting for a person now; whoever asks for statuses gets those instead."""
    if wanted.flags.statuses:
        return FLAGS.c.status.in_([status.value for status in wanted.flags.statuses])
    return _due(wanted.at)


def _due(at: datetime) -> ColumnElement[bool]:
    status = func.coalesce(FLAGS.c.status, "")  # not by its index: what waits is read in order, not gathered and sorted
    waits = status.in_(WAITING)
    back = and_(status == FlagStatus.DEFERRED.value, FLAGS.c.deferred_until <= at.date())
    return or_(waits, back)
