"""Schedules: when each source is due, and who of several processes brings it up to date then.

A source that is due is claimed by moving its next moment on and taking its turn, in one transaction: of any number of
processes that look at the same moment one gets it. A moment that passed while no process ran is made up for once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service.context import Context
from service.running import clock
from service.running.cron import following
from service.sources import turns
from service.store import events, schedules, sources
from service.store.engine import Session
from service.store.leases import Lease, Taken
from service.store.schedules import OFF, Schedule

#: How often a sync is begun again whose process died over it, before its next moment comes.
ATTEMPTS = 3


def set_schedule(context: Context, source_id: str, own: str | None) -> None:
    """Give a source a schedule of its own, "off", or None to follow that of the settings.

    Raises `Problem`: not found, or invalid for what is no schedule.
    """
    if own not in {None, OFF}:
        following(str(own), clock.now())
    context.store.write(lambda session: _set_own(session, source_id, own))


def upcoming(context: Context, at: datetime) -> dict[str, tuple[str, datetime]]:
    """Return by which expression each scheduled source is due, and when next."""
    general = context.settings.sync_schedule
    with context.store.read() as session:
        known = schedules.all(session)
    planned = {one.source: (one.expression(general), one) for one in known}
    return {
        source: (expression, _next(expression, one, at))
        for source, (expression, one) in planned.items()
        if expression is not None
    }


def claim(context: Context, at: datetime) -> Taken | None:
    """Return the turn of one source that is due, or whose sync died, None where there is none left.

    Also keeps when sources are due whose schedule was changed.
    """
    general = context.settings.sync_schedule
    with context.store.read() as session:
        if not _moves(session, general, at):
            return None
    return context.store.write(lambda session: _claim(session, general, at))


def _next(expression: str, schedule: Schedule, at: datetime) -> datetime:
    if schedule.due_by == expression and schedule.due_at is not None:
        return schedule.due_at
    return following(expression, at)


def _set_own(session: Session, source_id: str, own: str | None) -> None:
    sources.get(session, source_id)
    schedules.set_own(session, source_id, own)
    data = {"schedule": own or "of the settings"}
    events.add(session, [events.Event("source.scheduled", source_id, clock.now(), data=data)])


def _moves(session: Session, general: str | None, at: datetime) -> list[Schedule]:
    """Return the schedules that something must be done about: due, stale, or died over."""
    died = _died(session)
    return [
        one
        for one in schedules.all(session)
        if _stale(one, general, at)
        or (one.due_at is not None and one.due_at <= at)
        or (one.due_by is not None and one.source in died)
    ]


def _stale(schedule: Schedule, general: str | None, at: datetime) -> bool:
    """Return whether the kept moment no longer follows: the schedule was changed, or the clock set far back since."""
    expression = schedule.expression(general)
    if schedule.due_by != expression:
        return True
    if expression is None or schedule.due_at is None:
        return False
    return schedule.due_at > following(expression, following(expression, at))


def _died(session: Session) -> dict[str, Lease]:
    """Return the turns that ran out, by the clock they are renewed by, and are worth another attempt."""
    at, under_way = clock.now(), turns.under_way(session)
    return {source: one for source, one in under_way.items() if one.ran_out(at) and one.attempts < ATTEMPTS}


def _claim(session: Session, general: str | None, at: datetime) -> Taken | None:
    died = _died(session)
    for one in _moves(session, general, at):
        expression = one.expression(general)
        if _stale(one, general, at):  # the old moment holds no longer
            due_at = following(expression, at) if expression else None
            schedules.set_due(session, replace(one, due_by=expression, due_at=due_at))
            continue
        found: Taken | Lease | None = None
        if expression is not None and one.due_at is not None and one.due_at <= at:
            if schedules.move_on(session, one, following(expression, at)):  # else another process was quicker
                found = turns.take(session, one.source)
        elif one.source in died:
            found = turns.take_over(session, died[one.source])
        if isinstance(found, Taken):
            return found
    return None
