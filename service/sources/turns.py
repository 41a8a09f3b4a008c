"""Turns: one process at a time is at work on a source, and what a process died over is told and taken up again.

A turn is a lease in the database that a thread renews while the work lasts. A process that is killed renews nothing:
those of the same machine see that it is gone and take over at once, others when its lease ran out, within `LASTING`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

import structlog

from service.context import Context
from service.errors import BUSY, Problem
from service.running import clock, holders
from service.running.logs import told_safely
from service.store import events, leases
from service.store.engine import Session
from service.store.leases import Claim, Lease, Taken

#: How long a turn outlives its process. Clocks of several machines may differ by less than half of it.
LASTING = timedelta(seconds=30)

_RENEWED_EVERY_S = 5.0
_PREFIX = "source/"

log = structlog.get_logger(__name__)


@contextmanager
def turn(context: Context, source: str) -> Iterator[Taken]:
    """Be the only one at work on a source. Raises `Problem` (busy) where somebody else is."""
    with kept(context, taken(source, context.store.write(lambda session: take(session, source)))) as one:
        yield one


def take(session: Session, source: str) -> Taken | Lease:
    """Take the turn of a source in a transaction of the caller's, or return the lease of who is at work on it."""
    found = leases.take(session, f"{_PREFIX}{source}", claim())
    if isinstance(found, Taken):
        _tell(session, found)
    return found


def take_over(session: Session, died: Lease) -> Taken | None:
    """Take the turn of a process that died over it; None where somebody else did, or it lived and ended meanwhile."""
    found = leases.take_over(session, died, claim())
    if found is not None:
        _tell(session, found)
    return found


def claim() -> Claim:
    """Return this process's claim to a lease, from now on."""
    return Claim(holders.name(), clock.now(), LASTING)


def _tell(session: Session, taken: Taken) -> None:
    """Tell of a sync that broke off, if the turn was taken from one that did."""
    if taken.broken_off:
        data = {"began": taken.broken_off.isoformat(), "attempt": taken.lease.attempts}
        events.add(session, [events.Event("source.sync_broken_off", source_of(taken), taken.lease.since, data=data)])


def taken(source: str, found: Taken | Lease) -> Taken:
    """Return the turn that was taken. Raises `Problem` (busy) where it is the lease of somebody else."""
    if isinstance(found, Taken):
        return found
    detail = (
        f"Another process is at work on {source} since {found.since:%Y-%m-%d %H:%M:%S} UTC. "
        f"If that one was killed, try again in {LASTING.seconds} seconds."
    )
    raise Problem(BUSY, detail)


@contextmanager
def kept(context: Context, turn: Taken) -> Iterator[Taken]:
    """Keep a turn that was taken while the block runs, and let go of it afterwards."""
    ended = Event()
    renewing = Thread(target=_renew, args=(context, turn.lease, ended), name="turn", daemon=True)
    renewing.start()
    try:
        yield turn
    finally:
        ended.set()
        renewing.join()
        context.store.write(lambda session: leases.release(session, turn.lease))


def source_of(turn: Taken) -> str:
    """Return whose turn it is."""
    return turn.lease.name.removeprefix(_PREFIX)


def under_way(session: Session) -> dict[str, Lease]:
    """Return the lease of each source that somebody is at work on, or died over, by source."""
    return leases.beginning(session, _PREFIX)


def _renew(context: Context, lease: Lease, ended: Event) -> None:
    while not ended.wait(_RENEWED_EVERY_S):
        try:
            with context.store.begin() as session:
                leases.renew(session, lease, clock.now() + LASTING)
        except Problem as problem:  # the database is busy for a moment; the next renewal is soon enough
            log.warning("turn.not_renewed", source=lease.name.removeprefix(_PREFIX), **told_safely(problem))
