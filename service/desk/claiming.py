"""Claiming: a reviewer takes a flag for some time, so that no two work on one; a claim that is left ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.callers.caller import Caller, Right
from service.context import Context
from service.desk.reading import DeskReader
from service.errors import INVALID, NOT_FOUND, NOT_PERMITTED, Problem
from service.running import clock
from service.store import events, flag_claims, queue, ranking
from service.store.engine import Session
from service.store.flag_claims import FlagClaim
from service.store.queue import Place, QueueFilter
from service.store.values import Flag, FlagStatus

LONGEST_MINUTES = 1_440


def claim(context: Context, flag_id: str, caller: Caller, minutes: int | None = None) -> FlagClaim:
    """Claim a flag, or hold one's own claim for longer, counted from now; None: as long as the settings say.

    Raises `Problem`: not permitted (no reviewer), not found, claimed (by whom and until when), invalid (nothing is left
    to decide about it).
    """
    key_id = _reviewer(caller)
    lasting = timedelta(minutes=minutes or context.settings.claim_minutes)

    def take(session: Session) -> FlagClaim:
        flag, _ = DeskReader(session, caller).by_id(flag_id)
        if flag.status in ranking.ENDS:
            detail = f"This flag is {flag.status}: nothing about it waits for a decision."
            raise Problem(INVALID, detail, errors=[{"pointer": "", "message": detail}])
        return _taken(session, flag_id, (caller, key_id), lasting)

    return context.store.write(take)


def release(context: Context, flag_id: str, caller: Caller) -> None:
    """Let go of one's own claim. Raises `Problem`: not permitted, not found where one holds none."""
    key_id = _reviewer(caller)

    def let_go(session: Session) -> None:
        DeskReader(session, caller).by_id(flag_id)
        if not flag_claims.release(session, flag_id, key_id):
            detail = f"You hold no claim upon flag {flag_id}."
            raise Problem(NOT_FOUND, detail)
        events.add(session, [events.Event("flag.released", flag_id, clock.now(), caller)])

    context.store.write(let_go)


def claim_next(context: Context, wanted: QueueFilter, caller: Caller) -> tuple[Flag, FlagClaim] | None:
    """Claim the most urgent flag that nobody holds, and return it; None where none is left.

    However many ask at once, no two are given the same: each locks the row it looks at, passes over rows that others
    have locked, and takes it only where nobody claimed it meanwhile.
    """
    key_id = _reviewer(caller)
    lasting = timedelta(minutes=context.settings.claim_minutes)

    def take(session: Session) -> tuple[Flag, FlagClaim] | None:
        reader, after = DeskReader(session, caller), None
        while (place := queue.locked_next(session, wanted, after)) is not None:
            after = place
            taken = _if_free(reader, place, key_id, lasting)
            if taken is not None:
                return taken
        return None

    return context.store.write(take)


def _if_free(reader: DeskReader, place: Place, key_id: str, lasting: timedelta) -> tuple[Flag, FlagClaim] | None:
    try:
        flag, _ = reader.by_id(place.flag_id)
        if flag.status is FlagStatus.APPEALED and key_id in {one.key_id for one in flag.reviews}:
            return None  # an appeal is answered by somebody who took no part
        return flag, _taken(reader.session, place.flag_id, (reader.caller, key_id), lasting)
    except Problem:  # hidden from this reviewer, or taken between our question and the lock
        return None


def _taken(session: Session, flag_id: str, by: tuple[Caller, str], lasting: timedelta) -> FlagClaim:
    caller, key_id = by
    now = clock.now()
    if not flag_claims.take(session, flag_id, flag_claims.Wanted(key_id, now, now + lasting)):
        raise flag_claims.taken(_held(session, flag_id, now), caller)
    held = _held(session, flag_id, now)
    data = {"until": held.until.isoformat()}
    events.add(session, [events.Event("flag.claimed", flag_id, now, caller, data)])
    return held


def _held(session: Session, flag_id: str, at: datetime) -> FlagClaim:
    return flag_claims.of(session, [flag_id], at)[flag_id]


def _reviewer(caller: Caller) -> str:
    if caller.key_id is None or not caller.holds(Right.REVIEW):
        detail = "Only reviewers claim flags: that needs the right to review, which an admin gives."
        raise Problem(NOT_PERMITTED, detail)
    return caller.key_id
