"""What a release did to flags, read from what happened since it came."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Select, and_, func, select

from service.store.conclusions import missing_column
from service.store.engine import Session
from service.store.events import EVENTS
from service.store.flags import FLAGS
from service.store.values import FlagStatus


class Became(NamedTuple):
    """How many flags became what."""

    resolved: int
    regressed: int
    visible: int  # of those resolved: they said that the list lacks the place


def of_release(session: Session, snapshot: str, since: int) -> Became:
    """Return what became of flags by a snapshot, after an event."""
    closed = _touched(since, ("flag.closed",))
    gone = _touched(since, ("flag.raised", "flag.reopened"))
    resolved = and_(FLAGS.c.id.in_(closed), FLAGS.c.resolved_by == snapshot)
    regressed = and_(FLAGS.c.id.in_(gone), FLAGS.c.snapshot == snapshot, FLAGS.c.status == FlagStatus.REGRESSED.value)
    wanted = (resolved, regressed, and_(resolved, missing_column(FLAGS)))
    return Became(
        *(session.execute(select(func.count()).select_from(FLAGS).where(each)).scalar_one() for each in wanted)
    )


def _touched(since: int, kinds: tuple[str, ...]) -> Select[tuple[str]]:
    return select(EVENTS.c.noun_id).where(EVENTS.c.seq > since, EVENTS.c.kind.in_(kinds))
