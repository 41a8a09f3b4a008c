"""Organisations: what they say about themselves, for those who work with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from service.callers.caller import Caller
from service.store import events
from service.store.engine import Session
from service.store.keys import ORGANISATIONS
from service.store.tables import OrganisationKind


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation, and whom to ask there."""

    id: str  # short name
    name: str | None
    kind: OrganisationKind | None
    contact: str | None


def some(session: Session, ids: frozenset[str] | None) -> tuple[Organisation, ...]:
    """Return organisations in order, those of these names, or all where None is given."""
    query = select(ORGANISATIONS).order_by(ORGANISATIONS.c.id)
    if ids is not None:
        query = query.where(ORGANISATIONS.c.id.in_(sorted(ids)))
    return tuple(
        Organisation(row.id, row.name, OrganisationKind(row.kind) if row.kind else None, row.contact)
        for row in session.execute(query)
    )


def describe(session: Session, said: Organisation, by: Caller, at: datetime) -> bool:
    """Keep what is said about an organisation in the place of what was said; return whether there is such a one."""
    change = update(ORGANISATIONS).where(ORGANISATIONS.c.id == said.id)
    kind = None if said.kind is None else said.kind.value
    if not session.execute(change.values(name=said.name, kind=kind, contact=said.contact)).rowcount:
        return False
    events.add(session, [events.Event("organisation.described", said.id, at, by)])
    return True
