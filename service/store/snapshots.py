"""Snapshots: the catalogue of what official sources said, and which state of each is the present one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import bindparam, exists, func, insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import cursor_at, page_size, position
from service.store.official_tables import SnapshotRow
from service.store.values import Page, SnapshotEntry

SNAPSHOTS = SnapshotRow.__table__
COLUMNS = [SNAPSHOTS.c[field.name] for field in fields(SnapshotEntry)]
#: Built once, because every posted record asks them.
_BY_SHA256 = select(*COLUMNS).where(SNAPSHOTS.c.sha256 == bindparam("wanted"))
LISTED = (SNAPSHOTS.c.current, SNAPSHOTS.c.places > 0)
CURRENT_LISTS = select(SNAPSHOTS.c.sha256).where(*LISTED).order_by(SNAPSHOTS.c.source)

#: Rates of growth come from one connector; of several sources that use it, the first configured counts.
CURRENT_RATES = (
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


def titles(session: Session, wanted: Iterable[str]) -> dict[str, str]:
    """Return what the lists of these snapshots are called: title and vintage, by sha256; unknown ones are left out."""
    query = select(SNAPSHOTS.c.sha256, SNAPSHOTS.c.title, SNAPSHOTS.c.vintage)
    rows = session.execute(query.where(SNAPSHOTS.c.sha256.in_(sorted(set(wanted)))))
    return {row.sha256: f"{row.title} ({row.vintage})" for row in rows}


def current_lists(session: Session) -> tuple[str, ...]:
    """Return the sha256 of every present snapshot that lists places, in order of their sources."""
    return tuple(session.execute(CURRENT_LISTS).scalars())


def current_rates(session: Session) -> str | None:
    """Return the sha256 of the present snapshot of growth rates, None when none was ever synced."""
    return session.execute(CURRENT_RATES).scalars().one_or_none()


def make_current(session: Session, entry: SnapshotEntry, at: datetime) -> None:
    """Catalogue a snapshot, unless it is already, and make it the present one of its source."""
    of_source = SNAPSHOTS.c.source == entry.source
    session.execute(update(SNAPSHOTS).where(of_source, SNAPSHOTS.c.current).values(current=False))
    present = {"current": True, "bytes": entry.bytes, "pruned_at": None}  # what was pruned may have come again
    moved = update(SNAPSHOTS).where(SNAPSHOTS.c.sha256 == entry.sha256).values(present)
    if not session.execute(moved).rowcount:
        session.execute(insert(SNAPSHOTS), [asdict(entry) | {"current": True, "created_at": at}])


def there(session: Session, source: str | None = None) -> tuple[SnapshotEntry, ...]:
    """Return the snapshots of one source or of all whose content is in the archive, oldest first."""
    query = select(*COLUMNS).where(SNAPSHOTS.c.pruned_at.is_(None)).order_by(SNAPSHOTS.c.source, SNAPSHOTS.c.seq)
    if source is not None:
        query = query.where(SNAPSHOTS.c.source == source)
    return tuple(SnapshotEntry(**row) for row in session.execute(query).mappings())


def pruned(session: Session) -> tuple[tuple[str, str], ...]:
    """Return source and sha256 of every snapshot whose content was to be removed."""
    query = select(SNAPSHOTS.c.source, SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.pruned_at.is_not(None))
    return tuple((row.source, row.sha256) for row in session.execute(query.order_by(SNAPSHOTS.c.seq)))


def set_pruned(session: Session, sha256s: Sequence[str], at: datetime) -> None:
    """Say that the content of snapshots is no longer kept; a present one is never among them."""
    wanted = SNAPSHOTS.c.sha256.in_(sha256s) & ~SNAPSHOTS.c.current
    session.execute(update(SNAPSHOTS).where(wanted).values(pruned_at=at))


def unmeasured(session: Session) -> tuple[str, ...]:
    """Return the sha256 of every snapshot of which nobody knows what it weighs."""
    query = select(SNAPSHOTS.c.sha256).where(SNAPSHOTS.c.bytes.is_(None), SNAPSHOTS.c.pruned_at.is_(None))
    return tuple(session.execute(query).scalars())


def set_sizes(session: Session, sizes: Mapping[str, int]) -> None:
    """Keep what snapshots weigh in the archive, bytes by sha256."""
    for sha256, size in sizes.items():
        session.execute(update(SNAPSHOTS).where(SNAPSHOTS.c.sha256 == sha256).values(bytes=size))


def weights(session: Session) -> dict[str, int]:
    """Return what the snapshots of each source weigh together, bytes, as far as they were measured."""
    of_source = func.coalesce(func.sum(SNAPSHOTS.c.bytes), 0)
    query = select(SNAPSHOTS.c.source, of_source).where(SNAPSHOTS.c.pruned_at.is_(None)).group_by(SNAPSHOTS.c.source)
    return {source: int(weight) for source, weight in session.execute(query)}
