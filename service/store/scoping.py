"""What a key is for beside its role, as its row keeps it, and the caller that a row makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy import exists, select

from service.callers import territory
from service.callers.caller import Caller, Charge, Role
from service.callers.territory import Area
from service.store import coalition
from service.store.access_tables import CoalitionRow
from service.store.engine import Session
from service.store.tables import KeyRow

KEYS, _COALITION = KeyRow.__table__, CoalitionRow.__table__

_ALLIED = exists().where(_COALITION.c.organisation == KEYS.c.organisation, _COALITION.c.ended_at.is_(None))

#: What a caller is made of; whether their organisation shares with any is asked along, because few do.
CALLER = (KEYS.c.id, KEYS.c.organisation, KEYS.c.role, KEYS.c.scope, _ALLIED.label("allied"))


def caller_of(session: Session, row: Any) -> Caller:
    """Return the caller whom a row with `CALLER` makes."""
    role, areas, charges = Role(row.role), *read(row.scope)
    if role is Role.STEWARD:
        return Caller(None, row.id, role, charges=charges, named_by=row.organisation)
    partners = coalition.partners(session, row.organisation) if row.allied else frozenset[str]()
    return Caller(row.organisation, row.id, role, areas, partners)


def written(areas: tuple[Area, ...] | None, charges: tuple[Charge, ...]) -> dict[str, Any] | None:
    """Return the scope of a key as its row keeps it."""
    if areas is None and not charges:
        return None
    return {
        "areas": None if areas is None else territory.plain(areas),
        "charges": [asdict(charge) for charge in charges],
    }


def read(scope: Mapping[str, Any] | None) -> tuple[tuple[Area, ...] | None, tuple[Charge, ...]]:
    """Return the areas and charges of a scope as it is kept."""
    if not scope:
        return None, ()
    areas = None if scope["areas"] is None else territory.from_plain(scope["areas"])
    return areas, tuple(Charge(**one) for one in scope["charges"])


def of_key(session: Session, key_id: str) -> Caller | None:
    """Return the caller whom a key makes, whether it opens anything or not; None for one that is not there."""
    row = session.execute(select(*CALLER).where(KEYS.c.id == key_id)).one_or_none()
    return None if row is None else caller_of(session, row)
