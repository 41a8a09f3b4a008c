"""Upkeep: how it stands with bringing each source up to date, for people to see."""

from __future__ import annotations

from datetime import UTC, datetime

from service.context import Context
from service.sources import turns
from service.store.leases import Lease
from service.store.values import Upkeep
from service.syncing.schedule import upcoming


def upkeep(context: Context) -> dict[str, Upkeep]:
    """Return the upkeep of each source that is scheduled, at work, or died over."""
    at = datetime.now(UTC)
    scheduled = upcoming(context, at)
    with context.store.read() as session:
        leases = turns.under_way(session)
    return {
        source: _upkeep(scheduled.get(source, (None, None)), leases.get(source), at)
        for source in scheduled.keys() | leases.keys()
    }


def _upkeep(due: tuple[str | None, datetime | None], lease: Lease | None, at: datetime) -> Upkeep:
    died = lease is not None and lease.ran_out(at)
    return Upkeep(
        schedule=due[0],
        due_at=due[1],
        under_way_since=lease.since if lease and not died else None,
        broken_off_at=lease.since if lease and died else None,
    )
