"""Schedules: by which cron expression each source comes due, and when next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update

from service.store.engine import Session
from service.store.schedule_tables import ScheduleRow
from service.store.sources import SOURCES

SCHEDULES = ScheduleRow.__table__

#: The own schedule of a source that is not to be brought up to date by itself, whatever the settings say.
OFF = "off"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a source is due. `own` goes before the schedule of the settings."""

    source: str
    own: str | None = None
    due_by: str | None = None  # the expression from which `due_at` was worked out
    due_at: datetime | None = None

    def expression(self, general: str | None) -> str | None:
        """Return the expression that holds, None where the source is not scheduled; `general` is of the settings."""
        chosen = self.own or general
        return None if chosen == OFF else chosen


def all(session: Session) -> tuple[Schedule, ...]:  # noqa: A001  # read as `schedules.all(session)`
    """Return the schedule of every configured source, by identifier."""
    query = select(SOURCES.c.id, SCHEDULES.c.own, SCHEDULES.c.due_by, SCHEDULES.c.due_at)
    joined = query.select_from(SOURCES.outerjoin(SCHEDULES, SCHEDULES.c.source == SOURCES.c.id))
    return tuple(Schedule(*row) for row in session.execute(joined.order_by(SOURCES.c.id)))


def set_own(session: Session, source: str, own: str | None) -> None:
    """Give a source a schedule of its own, or none; when it is due follows at the next look at the clock."""
    _put(session, source, {"own": own})


def set_due(session: Session, schedule: Schedule) -> None:
    """Keep when a source is next due, and by which expression."""
    _put(session, schedule.source, {"due_by": schedule.due_by, "due_at": schedule.due_at})


def move_on(session: Session, schedule: Schedule, due_at: datetime) -> bool:
    """Move the next moment of a source on; return False where another process did so first."""
    seen = (SCHEDULES.c.source == schedule.source, SCHEDULES.c.due_at == schedule.due_at)
    return bool(session.execute(update(SCHEDULES).where(*seen).values(due_at=due_at)).rowcount)


def _put(session: Session, source: str, values: dict[str, object]) -> None:
    if not session.execute(update(SCHEDULES).where(SCHEDULES.c.source == source).values(values)).rowcount:
        session.execute(insert(SCHEDULES), [{"source": source, "own": None, "due_by": None, "due_at": None} | values])
