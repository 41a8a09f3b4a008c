"""Snapshots: the catalogue of what official sources said, and which state of each is the present one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import bindparam, exists, insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import cursor_at, page_size, position
from service.store.official_tables import SnapshotRow
from service.store.values import Page, SnapshotEntry

SNAPSHOTS = SnapshotRow.__table__
COLUMNS = [SNAPSHOTS.c[field.name] for field in fields(SnapshotEntry)]
#: Built once, because every posted record asks them.
_BY_SHA256 = select(*COLUMNS).where(SNAPSHOTS.c.sha256 == bindparam("wanted"))
_CURRENT_LISTS = (
    select(SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.current, SNAPSHOTS.c.places > 0).order_by(SNAPSHOTS.c.source)
)

#: Rates of growth come from one connector; of several sources that use it, the first configured counts.
_CURRENT_RATES = (
    select(SNAPSHOTS.c.sha256)
    .where(SNAPSHOTS.c.current, SNAPSHOTS.c.connector == "worldbank", SNAPSHOTS.c.observations > 0)
    .order_by(SNAPSHOTS.c.source)
    .limit(1)
)


def get(session: Session, sha256: str) -> SnapshotEntry:
    """Return one snapshot. Raises `Problem` (not found)."""
    row = session.execute(_BY_SHA256, {"wanted": sha256}).mappings().one_or_none()
    if row is None:
        detail = f"There is no snapshot {sha256}."
        raise Problem(NOT_FOUND, detail)
    return SnapshotEntry(**row)


def page(
    session: Session, source: str | None = None, cursor: str | None = None, limit: int = 100
) -> Page[SnapshotEntry]:
    """Return one page of at most `limit` snapshots of one source or of all, newest first."""
    limit = page_size(limit)
    query = select(SNAPSHOTS.c.seq, *COLUMNS)
    if source is not None:
        query = query.where(SNAPSHOTS.c.source == source)
    if cursor is not None:
        query = query.where(SNAPSHOTS.c.seq < position(cursor))
    rows = session.execute(query.order_by(SNAPSHOTS.c.seq.desc()).limit(limit + 1)).mappings().all()
    items = tuple(SnapshotEntry(**{column.name: row[column.name] for column in COLUMNS}) for row in rows[:limit])
    return Page(items, cursor_at(rows[limit - 1]["seq"]) if len(rows) > limit else None)


def later(session: Session, of_sources: Iterable[str], limit: int) -> tuple[SnapshotEntry, ...]:
    """Return at most `limit` snapshots of some sources that another came before, the newest first."""
    earlier = SNAPSHOTS.alias()
    not_first = exists().where(earlier.c.source == SNAPSHOTS.c.source, earlier.c.seq < SNAPSHOTS.c.seq)
    query = select(*COLUMNS).where(SNAPSHOTS.c.source.in_(sorted(of_sources)), not_first)
    rows = session.execute(query.order_by(SNAPSHOTS.c.seq.desc()).limit(limit)).mappings()
    return tuple(SnapshotEntry(**row) for row in rows)


def current(session: Session, source: str) -> SnapshotEntry | None:
    """Return the present snapshot of a source, None when it was never synced."""
    query = select(*COLUMNS).where(SNAPSHOTS.c.source == source, SNAPSHOTS.c.current)
    row = session.execute(query).mappings().one_or_none()
    return SnapshotEntry(**row) if row else None


def current_lists(session: Session) -> tuple[str, ...]:
    """Return the sha256 of every present snapshot that lists places, in order of their sources."""
    return tuple(session.execute(_CURRENT_LISTS).scalars())


def current_rates(session: Session) -> str | None:
    """Return the sha256 of the present snapshot of growth rates, None when none was ever synced."""
    return session.execute(_CURRENT_RATES).scalars().one_or_none()


def make_current(session: Session, entry: SnapshotEntry, at: datetime) -> None:
    """Catalogue a snapshot, unless it is already, and make it the present one of its source."""
    of_source = SNAPSHOTS.c.source == entry.source
    session.execute(update(SNAPSHOTS).where(of_source, SNAPSHOTS.c.current).values(current=False))
    moved = update(SNAPSHOTS).where(SNAPSHOTS.c.sha256 == entry.sha256).values(current=True)
    if not session.execute(moved).rowcount:
        session.execute(insert(SNAPSHOTS), [asdict(entry) | {"current": True, "created_at": at}])
