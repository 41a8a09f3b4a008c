"""Emergency holds: what is hidden from everybody outside at once, read anew with everything that is read.

Whether a record is held is said where records are read, in the same transaction, so that a hold is in force in every
process the moment it is committed. Where a record does not say enough to tell, it is held rather than shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    RowMapping,
    Table,
    Text,
    and_,
    cast,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    true,
    update,
)

from service.errors import NOT_FOUND, Problem
from service.store.engine import Session
from service.store.filters import located, within
from service.store.reach import Scope, meant
from service.store.rights_tables import HoldRow
from service.store.tables import RevisionRow

HOLDS = HoldRow.__table__
_REVISIONS = RevisionRow.__table__.alias("held_revisions")  # the query may join the revisions themselves
_CORNERS = ("west", "south", "east", "north")

#: Beside every record that is read: one look for all rows, and no other query while nothing is held.
ANY = exists(select(HOLDS.c.seq).where(HOLDS.c.lifted_at.is_(None))).label("any_hold")


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold, by whom, since when and until when."""

    id: str
    scope: Scope
    reason: str  # for those inside
    until: datetime | None  # None: until somebody lifts it
    by_organisation: str | None  # None: the operator of the machine
    key_id: str | None
    created_at: datetime
    lifted_at: datetime | None = None

    def in_force(self, at: datetime) -> bool:
        """Return whether it hides anything at a moment."""
        return self.lifted_at is None and (self.until is None or self.until > at)


def add(session: Session, hold: Hold) -> None:
    """Let a hold be in force."""
    row = asdict(hold)
    scope = row.pop("scope")
    corners = dict(zip(_CORNERS, scope.pop("bbox") or (None,) * 4, strict=True))
    session.execute(insert(HOLDS), [row | scope | corners])


def lift(session: Session, hold_id: str, at: datetime) -> bool:
    """End a hold; return whether it had not been lifted before."""
    standing = HOLDS.c.id == hold_id, HOLDS.c.lifted_at.is_(None)
    return bool(session.execute(update(HOLDS).where(*standing).values(lifted_at=at)).rowcount)


def get(session: Session, hold_id: str) -> Hold:
    """Return one hold. Raises `Problem` (not found)."""
    row = session.execute(select(HOLDS).where(HOLDS.c.id == hold_id)).mappings().one_or_none()
    if row is None:
        detail = f"There is no hold {hold_id}."
        raise Problem(NOT_FOUND, detail)
    return _hold(row)


def all(session: Session) -> tuple[Hold, ...]:  # noqa: A001 - holds.all() reads as what it is, as keys.all() does
    """Return every hold there ever was, the newest first."""
    return tuple(map(_hold, session.execute(select(HOLDS).order_by(HOLDS.c.seq.desc())).mappings()))


def in_force(session: Session) -> tuple[Scope, ...]:
    """Return what is held now."""
    rows = session.execute(select(HOLDS).where(HOLDS.c.lifted_at.is_(None))).mappings()
    now = datetime.now(UTC)
    return tuple(hold.scope for hold in map(_hold, rows) if hold.in_force(now))


def mark(session: Session) -> tuple[object, ...]:
    """Return what moves with every hold that begins or ends, for those that remember what they read."""
    scopes = in_force(session)
    return tuple(session.execute(select(func.count(), func.count(HOLDS.c.lifted_at))).one()), len(scopes)


def condition(session: Session, records: Table) -> ColumnElement[bool]:
    """Return the condition that a record is held now, for totals that the database counts.

    It finds a group by its names as the taxonomy writes them; other spellings are found by `service.store.reach` alone.
    """
    held = or_(false(), *(_condition(scope, records) for scope in in_force(session)))
    return func.coalesce(held, false())  # what a record does not say is null, and to be not held is said of it too


def _condition(scope: Scope, records: Table) -> ColumnElement[bool]:
    equal = (("country", scope.country), ("organisation", scope.organisation), ("collection", scope.collection))
    conditions: list[ColumnElement[bool]] = [records.c[name] == value for name, value in equal if value is not None]
    if scope.admin is not None:
        conditions.append(or_(records.c.admin == "\n", *within(records, scope.admin)))
    if scope.bbox is not None:
        nowhere = records.c.lat.is_(None) if scope.country is not None else false()
        conditions.append(or_(nowhere, and_(*located(records, scope.bbox))))
    if scope.people is not None:
        conditions.append(_told(scope.people, scope.country, records))
    return and_(true(), *conditions)


def _told(people: str, country: str | None, records: Table) -> ColumnElement[bool]:
    groups = meant(people, country)
    names = {people, *(text for one in groups for text in (one.id, one.label, *(name.text for name in one.names)))}
    body = func.lower(cast(_REVISIONS.c.body, Text))
    said = or_(*(body.contains(f'"{name.lower()}"', autoescape=True) for name in sorted(names)))
    latest = _REVISIONS.c.record_id == records.c.id, _REVISIONS.c.number == records.c.revision
    return exists(select(_REVISIONS.c.record_id).where(*latest, said))


def _hold(row: RowMapping) -> Hold:
    names = ("country", "admin", "people", "organisation", "collection")
    bbox: Any = None if row["west"] is None else tuple(row[corner] for corner in _CORNERS)
    own = ("id", "reason", "until", "by_organisation", "key_id", "created_at", "lifted_at")
    return Hold(scope=Scope(**{name: row[name] for name in names}, bbox=bbox), **{name: row[name] for name in own})
