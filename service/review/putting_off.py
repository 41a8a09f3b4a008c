"""Putting off: a matter that was deferred to a day is open again on that day, by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from service.context import Context
from service.review.overtaken import BACK
from service.running import clock
from service.store import appeals, events, flags
from service.store.engine import Session
from service.store.values import FlagStatus


def bring_back(context: Context) -> int:
    """Open every deferred matter whose day has come (UTC), and return how many there were.

    One about which an appeal waits is appealed again, not merely open.
    """
    brought = 0
    while True:
        with context.store.read() as session:
            due = flags.put_off_until(session, datetime.now(UTC).date())
        if not due:
            return brought
        brought += context.store.write(partial(_open, due=due))


def _open(session: Session, due: list[str]) -> int:
    flags.locked_in_order(session, due)
    at, after = clock.now(), []
    for matter in (flags.locked(session, flag_id) for flag_id in due):
        if matter.status is not FlagStatus.DEFERRED:  # somebody was quicker
            continue
        waits = appeals.waiting(session, matter.id) is not None
        status = FlagStatus.APPEALED if waits else FlagStatus.OPEN
        after.append(
            replace(
                matter,
                status=status,
                decided=waits,
                version=matter.version + 1,
                updated_at=at,
                deferred_until=None,
            )
        )
    flags.change(session, after)
    told = [(one.id, {"status": one.status.value, "version": str(one.version)}) for one in after]
    events.add(session, [events.Event(BACK, flag_id, at, data=data) for flag_id, data in told])
    return len(after)
