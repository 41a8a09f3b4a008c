"""Invitations: keys that wait to be fetched, each once, with a token of which only a hash is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from service.callers.caller import ANONYMOUS, Caller, Charge, Role
from service.callers.territory import Area
from service.store import events, keys
from service.store.access_tables import InvitationRow
from service.store.engine import Session
from service.store.identifiers import new_id
from service.store.keys import Wanted, digest_of
from service.store.scoping import read, written

INVITATIONS = InvitationRow.__table__

PREFIX = "inv_"  # so that a token that leaked is recognised, and is not taken for a key


@dataclass(frozen=True, slots=True)
class Invitation:
    """A key that somebody may fetch, or that was fetched; the token itself was shown once."""

    id: str
    organisation: str
    role: Role
    label: str
    areas: tuple[Area, ...] | None
    charges: tuple[Charge, ...]
    lasts: timedelta | None  # how long the key opens; None: without end
    by_organisation: str | None
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    key_id: str | None  # that was made of it

    def wanted(self, at: datetime) -> Wanted:
        """Return the key that it makes at a moment."""
        ends_at = None if self.lasts is None else at + self.lasts
        return Wanted(self.organisation, self.role, self.label, ends_at, self.areas, self.charges)


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation to be made: the key, how long it will open, and until when it may be fetched."""

    key: Wanted
    lasts: timedelta | None
    expires_at: datetime


def add(session: Session, offer: Offer, by: Caller, at: datetime) -> tuple[str, str]:
    """Keep an invitation and return its identifier and its token: the only time it is seen."""
    token, invitation_id = PREFIX + secrets.token_hex(32), new_id()
    wanted = offer.key
    row: dict[str, Any] = {
        "id": invitation_id,
        "organisation": wanted.organisation,
        "role": wanted.role.value,
        "label": wanted.label,
        "hash": digest_of(token),
        "lasts_s": None if offer.lasts is None else int(offer.lasts.total_seconds()),
        "by_organisation": by.acts_for,
        "by_key": by.key_id,
        "created_at": at,
        "expires_at": offer.expires_at,
    }
    if (scope := written(wanted.areas, wanted.charges)) is not None:
        row["scope"] = scope
    session.execute(insert(INVITATIONS), [row])
    data = {"organisation": wanted.organisation, "role": wanted.role.value, "expires_at": offer.expires_at.isoformat()}
    events.add(session, [events.Event("invitation.made", invitation_id, at, by, data)])
    return invitation_id, token


def accept(session: Session, token: str, at: datetime) -> tuple[str, str] | None:
    """Make the key of an invitation and return its identifier and secret; None where the token opens nothing (more)."""
    mine = INVITATIONS.c.hash == digest_of(token), INVITATIONS.c.ended_at.is_(None), INVITATIONS.c.expires_at > at
    row = session.execute(select(INVITATIONS).where(*mine).with_for_update()).one_or_none()
    if row is None:
        return None
    found = _invitation(row)
    by = Caller(found.organisation, None, None)
    made = keys.exchange(session, found.wanted(at), by)
    ended = update(INVITATIONS).where(INVITATIONS.c.id == found.id).values(ended_at=at, key_id=made[0])
    session.execute(ended)
    events.add(session, [events.Event("invitation.accepted", found.id, at, by, {"key": made[0]})])
    return made


def revoke(session: Session, invitation_id: str, at: datetime, by: Caller = ANONYMOUS) -> bool:
    """Let an invitation open nothing any more; return whether it did until now."""
    waiting = INVITATIONS.c.id == invitation_id, INVITATIONS.c.ended_at.is_(None)
    if not session.execute(update(INVITATIONS).where(*waiting).values(ended_at=at)).rowcount:
        return False
    events.add(session, [events.Event("invitation.revoked", invitation_id, at, by)])
    return True


def all(session: Session, organisation: str | None = None) -> tuple[Invitation, ...]:  # noqa: A001  # invitations.all
    """Return the invitations to one organisation, or all, the newest first."""
    query = select(INVITATIONS).order_by(INVITATIONS.c.seq.desc())
    if organisation is not None:
        query = query.where(INVITATIONS.c.organisation == organisation)
    return tuple(_invitation(row) for row in session.execute(query))


def get(session: Session, invitation_id: str) -> Invitation | None:
    """Return one invitation; None where there is none."""
    row = session.execute(select(INVITATIONS).where(INVITATIONS.c.id == invitation_id)).one_or_none()
    return None if row is None else _invitation(row)


def _invitation(row: Any) -> Invitation:
    areas, charges = read(row.scope)
    return Invitation(
        id=row.id,
        organisation=row.organisation,
        role=Role(row.role),
        label=row.label,
        areas=areas,
        charges=charges,
        lasts=None if row.lasts_s is None else timedelta(seconds=row.lasts_s),
        by_organisation=row.by_organisation,
        created_at=row.created_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        key_id=row.key_id,
    )
