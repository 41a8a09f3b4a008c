"""Marks: up to where everything goes that a comparison reads besides the records, to see whether any of it moved."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from service.store.engine import Session
from service.store.memory import DECISIONS
from service.store.passports import PASSPORTS
from service.store.snapshots import CURRENT_LISTS, CURRENT_RATES

#: Asked together, because every posted record asks them.
MARKS = (
    select(func.max(DECISIONS.c.seq)).scalar_subquery(),
    select(func.coalesce(func.max(PASSPORTS.c.seq), 0)).scalar_subquery(),
    CURRENT_RATES.scalar_subquery(),
)
_NOW = select(*MARKS)


class Marks(NamedTuple):
    """What a comparison reads besides the records."""

    snapshots: tuple[str, ...]  # the present ones that list places, in order of their sources
    memory: int | None
    passports: int
    growth: str | None  # snapshot of the growth rates


def now(session: Session) -> Marks:
    """Return how it stands at present."""
    lists = tuple(session.execute(CURRENT_LISTS).scalars())
    return Marks(lists, *session.execute(_NOW).one())
