"""Imports: the files that were sent, how far each has been read, and what became of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import cursor_at, page_after, page_size, place_of
from service.store.import_tables import ImportRow, ImportState, Mode
from service.store.values import Page

IMPORTS = ImportRow.__table__

#: States in which something is still to be done.
OPEN = (ImportState.WAITING.value, ImportState.RUNNING.value)


@dataclass(frozen=True, slots=True)
class Import:
    """A file that was sent."""

    id: str
    organisation: str
    collection: str
    key_id: str | None
    file_name: str
    mode: Mode
    plan: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    state: ImportState = ImportState.WAITING
    cancelling: bool = False  # somebody asked it to stop
    parts: int = 0  # of the file that were kept
    rows_read: int = 0
    created: int = 0
    revised: int = 0
    unchanged: int = 0
    set_aside: int = 0  # rows that could not be kept
    quarantined: int = 0  # records that wait for a person
    withdrawn: int = 0
    verified: int = 0
    problems: int = 0
    parts_of: dict[str, str] = field(default_factory=dict)  # header -> part
    dropped: list[dict[str, Any]] = field(default_factory=list)
    stopped: dict[str, str] | None = None
    ended_at: datetime | None = None

    @property
    def kept(self) -> int:
        """How many rows are kept, said for the first time or before."""
        return self.created + self.revised + self.unchanged

    @property
    def open(self) -> bool:
        """Whether something is still to be done."""
        return self.state.value in OPEN


_FIELDS = tuple(one.name for one in fields(Import))


def add(session: Session, new: Import) -> None:
    """Keep a file that was sent."""
    session.execute(insert(IMPORTS), [_row(new)])


def get(session: Session, import_id: str) -> Import:
    """Return one import. Raises `Problem` (not found)."""
    row = session.execute(select(IMPORTS).where(IMPORTS.c.id == import_id)).mappings().one_or_none()
    if row is None:
        detail = f"There is no import {import_id}."
        raise Problem(NOT_FOUND, detail)
    return _import(row)


def locked(session: Session, import_id: str) -> Import:
    """Return one import, locked until the transaction ends. Raises `Problem` (not found)."""
    session.execute(select(IMPORTS.c.id).where(IMPORTS.c.id == import_id).with_for_update())
    return get(session, import_id)


def put(session: Session, changed: Import) -> None:
    """Bring an import to a new state; that somebody asked it to stop is never taken back by this."""
    values = {name: value for name, value in _row(changed).items() if name not in {"id", "cancelling"}}
    session.execute(update(IMPORTS).where(IMPORTS.c.id == changed.id).values(values))


def ask_to_stop(session: Session, import_id: str, at: datetime) -> None:
    """Note that an import is to stop after the part that is being kept."""
    session.execute(update(IMPORTS).where(IMPORTS.c.id == import_id).values(cancelling=True, updated_at=at))


def unfinished(session: Session, organisation: str | None = None) -> tuple[Import, ...]:
    """Return the imports of one organisation, or of all, that something is still to be done about, oldest first."""
    query = select(IMPORTS).where(IMPORTS.c.state.in_(OPEN)).order_by(IMPORTS.c.seq)
    if organisation is not None:
        query = query.where(IMPORTS.c.organisation == organisation)
    return tuple(map(_import, session.execute(query).mappings()))


def states(session: Session, import_ids: Sequence[str]) -> dict[str, ImportState]:
    """Return the state of each of these imports that exists."""
    query = select(IMPORTS.c.id, IMPORTS.c.state).where(IMPORTS.c.id.in_(list(import_ids)))
    return {row.id: ImportState(row.state) for row in session.execute(query)} if import_ids else {}


def open_ids(session: Session) -> tuple[str, ...]:
    """Return the imports in which something is still to be done, oldest first."""
    query = select(IMPORTS.c.id).where(IMPORTS.c.state.in_(OPEN)).order_by(IMPORTS.c.seq)
    return tuple(session.execute(query).scalars())


def page(session: Session, organisation: str | None, cursor: str | None = None, limit: int = 100) -> Page[Import]:
    """Return one page of the imports of one organisation, or of all, oldest first."""
    limit = page_size(limit)
    query = select(IMPORTS)
    if organisation is not None:
        query = query.where(IMPORTS.c.organisation == organisation)
    rows = session.execute(page_after(query, IMPORTS, cursor, limit)).mappings().all()
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(tuple(map(_import, rows)), cursor_at(rows[-1]["seq"]) if more else None)


def cursor_after(session: Session, import_id: str) -> str:
    """Return the cursor of the page that follows an import, which exists."""
    return cursor_at(session.execute(place_of(IMPORTS, import_id)).scalar_one())


def _import(row: Any) -> Import:
    values = {name: row[name] for name in _FIELDS}
    return Import(**values | {"mode": Mode(row["mode"]), "state": ImportState(row["state"])})


def _row(one: Import) -> dict[str, Any]:
    values = {name: getattr(one, name) for name in _FIELDS}
    return values | {"mode": one.mode.value, "state": one.state.value}
