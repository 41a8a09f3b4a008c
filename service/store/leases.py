"""Leases: of several processes only one does a thing at a time, and one that died over it lets go by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update

from service.running import holders
from service.store.engine import Session
from service.store.schedule_tables import LeaseRow

LEASES = LeaseRow.__table__

#: No lease is ever taken or renewed for as long as this; clocks of several machines differ by far less.
LONGEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who is at work on what, since when, and until when unless it is renewed."""

    name: str
    holder: str
    since: datetime
    until: datetime
    attempts: int = 1  # more than one where holders before died over it

    def ran_out(self, at: datetime) -> bool:
        """Return whether its holder must have died: it is seen to be gone, or would have renewed it.

        One that is held until far too late was renewed last before the clock was set back.
        """
        return self.until <= at or self.until - at > LONGEST or holders.gone(self.holder)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who wants a lease, from which moment, for how long."""

    holder: str
    at: datetime
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Taken:
    """A lease that was taken, and when the work began that its last holder died over, if one did."""

    lease: Lease
    broken_off: datetime | None = None


def take(session: Session, name: str, claim: Claim) -> Taken | Lease:
    """Take a lease, also from a holder that died; return the lease of who is at work where somebody is."""
    before = get(session, name)
    if before is None:
        lease = Lease(name, claim.holder, claim.at, claim.at + claim.lasting)
        session.execute(insert(LEASES), [_row(lease)])
        return Taken(lease)
    if not before.ran_out(claim.at):
        return before
    return take_over(session, before, claim) or get(session, name) or before


def take_over(session: Session, before: Lease, claim: Claim) -> Taken | None:
    """Take a lease from a holder that died; None where that was done, or the lease let go of, a moment before."""
    lease = Lease(before.name, claim.holder, claim.at, claim.at + claim.lasting, before.attempts + 1)
    taken = session.execute(update(LEASES).where(*_own(before)).values(_row(lease))).rowcount
    return Taken(lease, before.since) if taken else None


def renew(session: Session, lease: Lease, until: datetime) -> None:
    """Hold a lease for longer, unless somebody else took it over meanwhile."""
    session.execute(update(LEASES).where(*_own(lease)).values(until=until))


def release(session: Session, lease: Lease) -> None:
    """Let go of a lease, unless somebody else took it over meanwhile."""
    session.execute(delete(LEASES).where(*_own(lease)))


def get(session: Session, name: str) -> Lease | None:
    """Return the lease of this name, also one that ran out, None when nobody is at work."""
    row = session.execute(select(LEASES).where(LEASES.c.name == name)).mappings().one_or_none()
    return Lease(**row) if row else None


def beginning(session: Session, prefix: str) -> dict[str, Lease]:
    """Return the leases whose names begin so, by the rest of their names."""
    query = select(LEASES).where(LEASES.c.name.startswith(prefix, autoescape=True)).order_by(LEASES.c.name)
    return {row["name"].removeprefix(prefix): Lease(**row) for row in session.execute(query).mappings()}


def _own(lease: Lease) -> tuple[ColumnElement[bool], ...]:
    return LEASES.c.name == lease.name, LEASES.c.holder == lease.holder


def _row(lease: Lease) -> dict[str, object]:
    return {
        "name": lease.name,
        "holder": lease.holder,
        "since": lease.since,
        "until": lease.until,
        "attempts": lease.attempts,
    }
