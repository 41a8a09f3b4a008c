"""Passing: tell in the log of events what comes about by time alone, so that whoever follows it learns of that too."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.context import Context
from service.disclosure.openness import opens_at
from service.running import clock
from service.store import events, flags, passing
from service.store.engine import Session
from service.store.events import Event

#: How much later than it came about it is told at most, while anybody looks.
EVERY = timedelta(seconds=5)


def note(context: Context, every: timedelta = EVERY) -> None:
    """Tell of embargoes and holds that ended since this was done last, unless that was a moment ago."""
    now = clock.now()
    with context.store.read() as session:
        before = passing.told_until(session)
    if before is None or now - before >= every:
        context.store.write(lambda session: _tell(session, before, now))


def _tell(session: Session, before: datetime | None, now: datetime) -> None:
    if not passing.move(session, before, now) or before is None:
        return
    opened = [
        Event("flag.opened", flag.id, now)
        for flag in flags.many(session, passing.embargoes(session, before, now))
        if before < opens_at(flag) <= now
    ]
    ended = [Event("hold.ended", hold_id, now) for hold_id in passing.holds(session, before, now)]
    events.add(session, [*opened, *ended])
