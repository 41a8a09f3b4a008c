"""Sources: which official publications are followed, and how far each was brought up to date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.official_tables import SourceRow
from service.store.snapshots import COLUMNS, SNAPSHOTS, weights
from service.store.values import SnapshotEntry, SourceEntry

SOURCES = SourceRow.__table__


@dataclass(frozen=True, slots=True)
class Configuration:
    """How a source is fetched. Options hold no secret: those come from the settings."""

    connector: str
    title: str
    options: dict[str, str]


def all(session: Session) -> tuple[SourceEntry, ...]:  # noqa: A001  # read as `sources.all(session)`
    """Return every configured source with its present snapshot, by identifier."""
    present = SNAPSHOTS.c.current & (SNAPSHOTS.c.source == SOURCES.c.id)
    columns = [column.label(f"snapshot_{column.name}") for column in COLUMNS]
    weighing = weights(session)
    query = select(SOURCES, *columns).select_from(SOURCES.outerjoin(SNAPSHOTS, present)).order_by(SOURCES.c.id)
    return tuple(
        SourceEntry(
            id=row["id"],
            connector=row["connector"],
            title=row["title"],
            current=_snapshot(dict(row)),
            last_checked_at=row["last_checked_at"],
            last_error=row["last_error"],
            bytes=weighing.get(row["id"], 0),
        )
        for row in session.execute(query).mappings()
    )


def get(session: Session, source_id: str) -> SourceEntry:
    """Return one source. Raises `Problem` (not found)."""
    for source in all(session):  # a handful
        if source.id == source_id:
            return source
    detail = f"There is no source {source_id}."
    raise Problem(NOT_FOUND, detail)


def configuration(session: Session, source_id: str) -> Configuration | None:
    """Return how a source is fetched, None when it is not configured."""
    row = session.execute(select(SOURCES).where(SOURCES.c.id == source_id)).one_or_none()
    return Configuration(row.connector, row.title, dict(row.options)) if row else None


def configure(session: Session, source_id: str, wanted: Configuration, at: datetime) -> None:
    """Add a source, or change how it is fetched."""
    values: dict[str, Any] = {
        "connector": wanted.connector,
        "title": wanted.title,
        "options": wanted.options,
    }
    if not session.execute(update(SOURCES).where(SOURCES.c.id == source_id).values(values)).rowcount:
        session.execute(insert(SOURCES), [values | {"id": source_id, "created_at": at}])


def set_checked(session: Session, source_id: str, at: datetime, error: str | None = None) -> None:
    """Say when a source was last asked, and what went wrong then."""
    session.execute(update(SOURCES).where(SOURCES.c.id == source_id).values(last_checked_at=at, last_error=error))


def _snapshot(row: dict[str, Any]) -> SnapshotEntry | None:
    values = {column.name: row[f"snapshot_{column.name}"] for column in COLUMNS}
    return SnapshotEntry(**values) if values["sha256"] is not None else None
