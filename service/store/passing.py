"""Passing: what comes about by time alone. Embargoes and holds end without anybody doing anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, insert, or_, select, update

from service.accounts import embargo
from service.store.engine import Session
from service.store.feed_tables import PassedRow
from service.store.holds import HOLDS
from service.store.tables import FlagRow
from service.store.values import FlagStatus

PASSED, FLAGS = PassedRow.__table__, FlagRow.__table__


def told_until(session: Session) -> datetime | None:
    """Return up to which moment it was told what ended; None: never."""
    return session.execute(select(PASSED.c.until)).scalar()


def move(session: Session, before: datetime | None, until: datetime) -> bool:
    """Note that it is told up to a moment; False where somebody else told it since."""
    if before is None:
        if told_until(session) is not None:
            return False
        session.execute(insert(PASSED), [{"id": 1, "until": until}])
        return True
    return bool(session.execute(update(PASSED).where(PASSED.c.until == before).values(until=until)).rowcount)


def embargoes(session: Session, since: datetime, until: datetime) -> list[str]:
    """Return the published flags whose embargo may have ended after a moment, up to another one.

    The class of a record is not known to the database: every end that a class may have is one that may be meant.
    """
    ends = [_within(FLAGS.c.embargo_until, since, until)]
    for lasting in sorted(embargo.lengths()):
        begun = _within(FLAGS.c.created_at, since - lasting, until - lasting)
        ends.append(and_(FLAGS.c.embargo_until.is_(None), begun))
    query = select(FLAGS.c.id).where(FLAGS.c.status == FlagStatus.PUBLISHED.value, or_(*ends))
    return list(session.execute(query.order_by(FLAGS.c.seq)).scalars())


def holds(session: Session, since: datetime, until: datetime) -> list[str]:
    """Return the holds that ended after a moment, up to another one, without being lifted."""
    ended = HOLDS.c.lifted_at.is_(None), _within(HOLDS.c.until, since, until)
    return list(session.execute(select(HOLDS.c.id).where(*ended).order_by(HOLDS.c.seq)).scalars())


def _within(column: Column[Any], since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(column > since, column <= until)
