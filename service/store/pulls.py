"""Pulls: until when the submissions of each form are known, which is noted only when they are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select

from service.store.engine import Session
from service.store.passports import Key
from service.store.pull_tables import PullRow

PULLS = PullRow.__table__


def cursor(session: Session, key: Key, origin: str) -> str | None:
    """Return until when a form was pulled into a collection, None where it never was."""
    found: str | None = session.execute(select(PULLS.c.cursor).where(*_of(key, origin))).scalar_one_or_none()
    return found


def move(session: Session, key: Key, origin: str, to: tuple[str, datetime]) -> None:
    """Note until when a form was pulled, and when that was noted."""
    session.execute(delete(PULLS).where(*_of(key, origin)))
    row = {"organisation": key[0], "collection": key[1], "origin": origin, "cursor": to[0], "updated_at": to[1]}
    session.execute(insert(PULLS), [row])


def _of(key: Key, origin: str) -> tuple[Any, ...]:
    return PULLS.c.organisation == key[0], PULLS.c.collection == key[1], PULLS.c.origin == origin
