"""Embargoes: from when on a published flag is open to everybody, where its organisation said another moment."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Table, and_, func, or_, select, update

from service.accounts import embargo
from service.store.engine import Session
from service.store.tables import FlagRow
from service.store.values import FlagStatus


def open_now(flags: Table) -> ColumnElement[bool]:
    """Return the condition that people published a flag and that its embargo may be over.

    The class of a record is not known to the database: of flags with a longer embargo only `service.disclosure` knows.
    """
    return and_(flags.c.status == FlagStatus.PUBLISHED.value, over(flags))


def over(flags: Table) -> ColumnElement[bool]:
    """Return the condition that the embargo of a flag may be over, whatever people decided about it."""
    now = datetime.now(UTC)
    by_itself = and_(flags.c.embargo_until.is_(None), flags.c.created_at <= now - embargo.shortest())
    return or_(by_itself, flags.c.embargo_until <= now)


def mark(session: Session) -> tuple[int, datetime | None]:
    """Return what moves as soon as the embargo of a published flag ends: how many may be over, and when the next ends.

    Of a flag whose class is not known here every end that a class may have counts.
    """
    flags, now = FlagRow.__table__, datetime.now(UTC)
    published = flags.c.status == FlagStatus.PUBLISHED.value
    said = select(func.min(flags.c.embargo_until)).where(published, flags.c.embargo_until > now)
    ends = [session.execute(said).scalar()]
    for lasting in sorted(embargo.lengths()):
        begun = select(func.min(flags.c.created_at)).where(
            published, flags.c.embargo_until.is_(None), flags.c.created_at > now - lasting
        )
        ends += [first + lasting for first in [session.execute(begun).scalar()] if first is not None]
    may_be_over = session.execute(select(func.count(flags.c.seq)).where(open_now(flags))).scalar_one()
    return may_be_over, min((end for end in ends if end is not None), default=None)


def set_until(session: Session, flag_id: str, until: datetime) -> None:
    """Let the embargo of a flag end at a moment, whatever would hold by itself."""
    flags = FlagRow.__table__
    session.execute(update(flags).where(flags.c.id == flag_id).values(embargo_until=until))
