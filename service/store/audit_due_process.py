"""Audit of due process: opinions and appeals held against the events that vouch for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from service.store import appeals, opinions
from service.store.appeals import APPEALS
from service.store.audit import Broken
from service.store.engine import Session
from service.store.events import EVENTS
from service.store.opinions import OPINIONS
from service.store.reviews import note_digest

_CHANGED = "it was changed: it is not what the event of that moment says"
_GONE = "it was taken out: an event tells of it, and it is not there"
_PUT_IN = "it was put in: no event tells of it"


def due_process(session: Session) -> Iterator[Broken]:
    """Return opinions and appeals that are not what their events say, that are gone, or that no event tells of."""
    given = select(OPINIONS).where(OPINIONS.c.decision.is_not(None))
    yield from _held(_rows(session, given), _vouched(session, "opinion.given"), "opinion", _opinion)
    yield from _held(_rows(session, select(APPEALS)), _vouched(session, "appeal.made"), "appeal", _appeal)


def _held(rows: list[dict[str, Any]], vouched: dict[str, dict[str, Any]], what: str, digest: Any) -> Iterator[Broken]:
    for row in rows:
        stated = vouched.pop(row["id"], None)
        if stated is None:
            yield Broken(f"{what} {row['id']}", _PUT_IN)
        elif stated.get("sha256") != digest(row, stated):
            yield Broken(f"{what} {row['id']}", _CHANGED)
    for gone in vouched:
        yield Broken(f"{what} {gone}", _GONE)


def _opinion(row: dict[str, Any], stated: dict[str, Any]) -> str:
    return opinions.digest(row, stated.get("note") if row["note"] is None else note_digest(row["note"]))


def _appeal(row: dict[str, Any], stated: dict[str, Any]) -> str:
    erased = {name: stated[name] for name in appeals.WORDS if row[name] is None and name in stated}
    return appeals.digest(row, erased | appeals.written(row))


def _rows(session: Session, query: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in session.execute(query).mappings()]


def _vouched(session: Session, kind: str) -> dict[str, dict[str, Any]]:
    query = select(EVENTS.c.noun_id, EVENTS.c.data).where(EVENTS.c.kind == kind).order_by(EVENTS.c.seq)
    return {row.noun_id: row.data for row in session.execute(query)}
