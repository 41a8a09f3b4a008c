"""Coalition: which organisations agreed to see one another's records. Both have to, and either ends it at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, insert, select, update

from service.callers.caller import Caller
from service.store import events
from service.store.access_tables import CoalitionRow
from service.store.engine import Session

COALITION = CoalitionRow.__table__


@dataclass(frozen=True, slots=True)
class Partner:
    """How one organisation and another stand: who agreed, and since when."""

    organisation: str  # the other
    given_at: datetime | None  # by the one that asks; None: not
    received_at: datetime | None  # by the other; None: not

    @property
    def shared(self) -> bool:
        """Whether both agreed, so that they see one another's records."""
        return self.given_at is not None and self.received_at is not None


def partners(session: Session, organisation: str) -> frozenset[str]:
    """Return the organisations with which both sides agreed to share."""
    theirs = COALITION.alias()
    both = and_(
        theirs.c.organisation == COALITION.c.partner,
        theirs.c.partner == COALITION.c.organisation,
        theirs.c.ended_at.is_(None),
    )
    query = select(COALITION.c.partner).join(theirs, both)
    return frozenset(
        session.execute(query.where(COALITION.c.organisation == organisation, COALITION.c.ended_at.is_(None))).scalars()
    )


def standing(session: Session, organisation: str) -> tuple[Partner, ...]:
    """Return how an organisation stands with each to which it agreed or that agreed to it, in order."""
    live = COALITION.c.ended_at.is_(None)
    given = select(COALITION.c.partner, COALITION.c.given_at).where(COALITION.c.organisation == organisation, live)
    received = select(COALITION.c.organisation, COALITION.c.given_at).where(COALITION.c.partner == organisation, live)
    by_us, by_them = ({row[0]: row[1] for row in session.execute(query)} for query in (given, received))
    return tuple(Partner(one, by_us.get(one), by_them.get(one)) for one in sorted({*by_us, *by_them}))


def agree(session: Session, partner: str, by: Caller, at: datetime) -> None:
    """Agree to share with another organisation; again, it changes nothing."""
    if session.execute(select(COALITION.c.seq).where(*_between(by, partner))).first() is not None:
        return
    row = {"organisation": by.organisation, "partner": partner, "key_id": by.key_id, "given_at": at, "ended_at": None}
    session.execute(insert(COALITION), [row])
    events.add(session, [events.Event("coalition.agreed", partner, at, by)])


def leave(session: Session, partner: str, by: Caller, at: datetime) -> None:
    """Share with another organisation no more, from now on; where nothing was agreed, nothing changes."""
    if session.execute(update(COALITION).where(*_between(by, partner)).values(ended_at=at)).rowcount:
        events.add(session, [events.Event("coalition.left", partner, at, by)])


def _between(by: Caller, partner: str) -> tuple[ColumnElement[bool], ...]:
    mine = COALITION.c.organisation == by.organisation
    return mine, COALITION.c.partner == partner, COALITION.c.ended_at.is_(None)
