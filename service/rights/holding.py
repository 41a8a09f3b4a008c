"""Holding: one call hides all of a country, unit, group, organisation, collection or area, until it is lifted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure.gone import no_longer_open
from service.errors import INVALID, NOT_PERMITTED, STALE_STATE, Mistake, Problem
from service.store import editions, events, flags, holds, tallies, tombstones
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.holds import Hold
from service.store.identifiers import new_id
from service.store.reach import Scope, Subject, held
from service.store.tombstones import Gone


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be hidden, why, and until when."""

    scope: Scope
    reason: str  # told to admins alone
    until: datetime | None = None  # None: until somebody lifts it


def hold(context: Context, asked: Asked, caller: Caller) -> Hold:
    """Hide everything in a scope from everybody but its own organisation and admins, at once and in every process.

    What was open leaves tombstones right after that. Raises `Problem`: not permitted; invalid, where the scope names
    nothing, a unit without its country, or the end is over.
    """
    _check(asked, caller)
    made = Hold(
        id=new_id(),
        scope=asked.scope,
        reason=asked.reason.strip(),
        until=asked.until,
        by_organisation=caller.organisation,
        key_id=caller.key_id,
        created_at=datetime.now(UTC),
    )
    context.store.write(partial(_hold, made=made, by=caller))
    context.store.write(partial(_tell, scope=made.scope))
    return made


def lift(context: Context, hold_id: str, caller: Caller) -> Hold:
    """End a hold: what it hid is as before, if nothing else hides it.

    Raises `Problem`: not permitted, not found, stale state (it was lifted before).
    """
    _permitted(caller)
    return context.store.write(partial(_lift, hold_id=hold_id, by=caller))


def reached(context: Context) -> int:
    """Return how many records are held now, by any hold."""
    with context.store.read() as session:
        return tallies.held(session)


def _check(asked: Asked, caller: Caller) -> None:
    _permitted(caller)
    scope = asked.scope
    mistakes: list[Mistake] = []
    if scope == Scope():
        mistakes.append(Mistake("", "This names nothing to hold.", "Name a country, or anything narrower."))
    if scope.admin is not None and scope.country is None:
        hint = "Name its country too: records that name no unit are held there, because nobody can tell where they are."
        mistakes.append(Mistake("/admin", "A unit needs its country.", hint))
    if not asked.reason.strip():
        mistakes.append(Mistake("/reason", "This is empty.", "Say why, for those who decide when to lift it."))
    if asked.until is not None and asked.until <= datetime.now(UTC):
        mistakes.append(Mistake("/until", "This moment is over.", "Give a moment to come, or leave it out."))
    if mistakes:
        raise Problem(INVALID, "Nothing was held.", errors=[one.members() for one in mistakes])


def _permitted(caller: Caller) -> None:
    if not caller.may(Right.ADMINISTER):
        detail = "Only admins hold and lift."
        raise Problem(NOT_PERMITTED, detail)


def _hold(session: Session, made: Hold, by: Caller) -> None:
    holds.add(session, made)
    until = {"until": made.until.isoformat()} if made.until else {}
    narrowed = [name for name in Scope.__slots__ if getattr(made.scope, name) is not None]
    data = {"by": " ".join(narrowed), **until}  # an event names no place and no people: the hold itself does
    events.add(session, [events.Event("hold.begun", made.id, made.created_at, by, data)])
    countries = [made.scope.country] if made.scope.country else []
    editions.supersede(session, made.created_at, countries)  # what was counted with what is held is counted anew


def _tell(session: Session, scope: Scope) -> None:
    """Lay tombstones for what everybody read until now."""
    gone: list[Gone] = []
    for flag in flags.iterate(session, FlagFilter(country=scope.country, published_only=True)):
        members = flag.members or (flag.record,)
        if any(held((scope,), Subject.of(one.organisation, one.account)) for one in members):
            gone += no_longer_open(replace(flag, record=replace(flag.record, held=False)))
    tombstones.lay(session, gone, datetime.now(UTC))


def _lift(session: Session, hold_id: str, by: Caller) -> Hold:
    at = datetime.now(UTC)
    if not holds.lift(session, hold_id, at):
        before = holds.get(session, hold_id)
        detail = f"The hold was lifted at {before.lifted_at:%Y-%m-%d %H:%M:%S} UTC."
        raise Problem(STALE_STATE, detail)
    events.add(session, [events.Event("hold.lifted", hold_id, at, by)])
    return holds.get(session, hold_id)
