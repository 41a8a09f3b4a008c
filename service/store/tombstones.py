"""Tombstones: what others had seen and see no longer, in an order that whoever keeps copies can follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, insert, or_, select, text, true

from service.store.engine import Session
from service.store.filters import cursor_at, page_size, position
from service.store.rights_tables import TombstoneRow
from service.store.stretches import Asked, Stretch

TOMBSTONES = TombstoneRow.__table__


@dataclass(frozen=True, slots=True)
class Gone:
    """A flag or record that goes, and who had seen it besides its organisation."""

    noun: Literal["flag", "record"]
    id: str
    organisation: str
    public: bool
    reviewers: bool


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is gone, since when."""

    noun: str
    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Readers:
    """Whose tombstones are read."""

    organisation: str | None
    reviewer: bool = False
    admin: bool = False


def lay(session: Session, gone: Sequence[Gone], at: datetime) -> None:
    """Lay tombstones; nobody else lays any until the transaction ends.

    Otherwise a reader could pass over one whose number was given out before, and that was committed after.
    """
    if not gone:
        return
    if session.dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(text("LOCK TABLE tombstones IN SHARE ROW EXCLUSIVE MODE"))
    session.execute(
        insert(TOMBSTONES),
        [
            {
                "noun": one.noun,
                "noun_id": one.id,
                "organisation": one.organisation,
                "public": one.public,
                "reviewers": one.reviewers,
                "created_at": at,
            }
            for one in gone
        ],
    )


def stretch(session: Session, readers: Readers, asked: Asked) -> Stretch[Tombstone]:
    """Return a stretch of what these readers had seen. Raises `Problem` (invalid) for a foreign cursor."""
    limit, after = page_size(asked.limit), position(asked.cursor) if asked.cursor else 0
    conditions = [TOMBSTONES.c.seq > after, _seen_by(readers)]
    if asked.since is not None:
        conditions.append(TOMBSTONES.c.created_at >= asked.since)
    rows = session.execute(select(TOMBSTONES).where(*conditions).order_by(TOMBSTONES.c.seq).limit(limit + 1)).all()
    items = tuple(Tombstone(row.noun, row.noun_id, row.created_at) for row in rows[:limit])
    return Stretch(items, cursor_at(rows[:limit][-1].seq if items else after), len(rows) > limit)


def told(session: Session, readers: Readers, flag_ids: Sequence[str]) -> frozenset[str]:
    """Return those of these flags of which these readers may know that they went."""
    if not flag_ids:
        return frozenset()
    these = TOMBSTONES.c.noun == "flag", TOMBSTONES.c.noun_id.in_(list(flag_ids))
    return frozenset(session.execute(select(TOMBSTONES.c.noun_id).where(*these, _seen_by(readers))).scalars())


def mark(session: Session) -> int:
    """Return up to where tombstones go; it moves with everything that is taken back."""
    return int(session.execute(select(func.max(TOMBSTONES.c.seq))).scalar() or 0)


def _seen_by(readers: Readers) -> ColumnElement[bool]:
    if readers.admin:
        return true()
    own = [TOMBSTONES.c.organisation == readers.organisation] if readers.organisation is not None else []
    others = [TOMBSTONES.c.reviewers] if readers.reviewer else []
    return or_(TOMBSTONES.c.public, *others, *own)
