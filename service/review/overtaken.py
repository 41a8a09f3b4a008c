"""Overtaken: who changed a flag while somebody looked at it, when, and why."""

from __future__ import annotations

from collections.abc import Sequence

from service.errors import STALE_STATE, Problem
from service.store import events
from service.store.engine import Session
from service.store.flags import Matter
from service.store.values import Review

#: What changes a flag without anybody deciding about it, and how that is told.
BESIDE, APPEALED, BACK = "flag.beside_decided", "flag.appealed", "flag.brought_back"


def stale(session: Session, matter: Matter, earlier: Sequence[Review], expected: int) -> Problem:
    """Return the problem of deciding on a version of before: who brought the flag to the present one, and when."""
    detail = (
        f"You decided on version {expected}, but {_who(session, matter, earlier)} brought the flag to version "
        f"{matter.version} ({matter.status}) at {matter.updated_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    return Problem(STALE_STATE, detail, version=matter.version, flag_status=matter.status.value)


def _who(session: Session, matter: Matter, earlier: Sequence[Review]) -> str:
    last = next(
        (one for one in reversed(events.about(session, "flag", matter.id)) if one.at <= matter.updated_at), None
    )
    if last is not None and last.at == matter.updated_at:
        by = last.by.organisation or "somebody"
        told = {
            BESIDE: f"{by}, deciding about another flag on the same place,",
            APPEALED: f"an appeal of {by}",
            BACK: "the day to which it was put off",
        }
        if last.kind in told:
            return told[last.kind]
    decided = earlier[-1] if earlier else None
    by_person = decided is not None and decided.created_at == matter.updated_at
    return decided.organisation if decided is not None and by_person else "a new verification"
