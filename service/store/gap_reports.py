"""Editions of gap reports: what each is about, its number within that, and what was counted for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, insert, null, select, text, update

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import cursor_at, page_after, page_size, place_of
from service.store.gap_report_tables import GapReportRow
from service.store.values import Page

REPORTS = GapReportRow.__table__


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition as it is kept, without its flags."""

    id: str
    scope: Mapping[str, Any]
    public: bool
    licence: str
    organisation: str | None
    key_id: str | None
    created_at: datetime
    number: int = 0  # given when it is kept
    previous_id: str | None = None  # likewise
    seq: int = 0  # likewise
    flags: int = 0
    told: Mapping[str, Any] | None = None  # None: it waits to be made
    made_at: datetime | None = None  # the moment everything in it was read at

    @property
    def scope_key(self) -> str:
        """The sha256 of its scope."""
        return hashlib.sha256(orjson.dumps(dict(self.scope), option=orjson.OPT_SORT_KEYS)).hexdigest()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which editions."""

    public_only: bool
    country: str | None = None  # ISO 3166-1 alpha-3


def add(session: Session, new: Edition) -> Edition:
    """Keep an edition as the next of its scope, and return it with its number."""
    if session.dialect.name == "postgresql":  # SQLite has one writer anyway
        session.execute(text("LOCK TABLE gap_reports IN SHARE ROW EXCLUSIVE MODE"))
    of_scope = select(REPORTS.c.id, REPORTS.c.number).where(REPORTS.c.scope_key == new.scope_key)
    last = session.execute(of_scope.order_by(REPORTS.c.number.desc()).limit(1)).first()
    kept = replace(new, number=last.number + 1 if last else 1, previous_id=last.id if last else None)
    names = [column.name for column in REPORTS.c if column.name not in {"seq", "scope", "told"}]
    row = {name: getattr(kept, name) for name in names} | {"scope": dict(kept.scope), "told": null()}
    session.execute(insert(REPORTS).values(row))
    seq = session.execute(select(REPORTS.c.seq).where(REPORTS.c.id == kept.id)).scalar_one()
    return replace(kept, seq=int(seq))


def made(session: Session, edition: Edition) -> bool:
    """Say that an edition was made; return whether it had been waiting."""
    waits = REPORTS.c.id == edition.id, REPORTS.c.made_at.is_(None)
    values = {"told": dict(edition.told or {}), "flags": edition.flags, "made_at": edition.made_at}
    return bool(session.execute(update(REPORTS).where(*waits).values(values)).rowcount)


def waiting(session: Session) -> tuple[Edition, ...]:
    """Return the editions that wait to be made, oldest first."""
    query = select(REPORTS).where(REPORTS.c.made_at.is_(None)).order_by(REPORTS.c.seq)
    return tuple(map(_edition, session.execute(query)))


def get(session: Session, report_id: str) -> Edition:
    """Return one edition. Raises `Problem` (not found)."""
    row = session.execute(select(REPORTS).where(REPORTS.c.id == report_id)).one_or_none()
    if row is None:
        detail = f"There is no gap report {report_id}."
        raise Problem(NOT_FOUND, detail)
    return _edition(row)


def page(session: Session, wanted: Wanted, cursor: str | None = None, limit: int = 100) -> Page[Edition]:
    """Return one page of at most `limit` editions, oldest first. Raises `Problem` (invalid) for a foreign cursor."""
    limit = page_size(limit)
    query = select(REPORTS)
    if wanted.public_only:
        query = query.where(REPORTS.c.public)
    if wanted.country is not None:
        query = query.where(REPORTS.c.scope["country"].as_string() == wanted.country)
    rows: Sequence[Row[Any]] = session.execute(page_after(query, REPORTS, cursor, limit)).all()
    more, rows = len(rows) > limit, rows[:limit]
    return Page(tuple(map(_edition, rows)), cursor_at(rows[-1].seq) if more else None)


def cursor_after(session: Session, report_id: str) -> str:
    """Return the cursor of the page that follows an edition, which exists."""
    return cursor_at(session.execute(place_of(REPORTS, report_id)).scalar_one())


def _edition(row: Row[Any]) -> Edition:
    return Edition(**{name: getattr(row, name) for name in Edition.__slots__})
