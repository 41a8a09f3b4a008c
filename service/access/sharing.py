"""Sharing: organisations that see one another's records, once both agreed and until one of them leaves."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from service.callers.caller import Caller, Right
from service.callers.permission import not_permitted
from service.context import Context
from service.errors import INVALID, Mistake, Problem
from service.store import coalition
from service.store.coalition import Partner


def agree(context: Context, partner: str, caller: Caller) -> Partner:
    """Agree to share with another organisation, and return how both stand; again, it changes nothing.

    Whether there is such an organisation is not told. Raises `Problem`: not permitted; invalid for oneself.
    """
    _require_organisation(caller)
    if partner == caller.organisation:
        wrong = Mistake("/organisation", "This is your own organisation.", "Name another one.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    context.store.write(partial(coalition.agree, partner=partner, by=caller, at=datetime.now(UTC)))
    return _with(context, partner, caller)


def leave(context: Context, partner: str, caller: Caller) -> Partner:
    """Share with another organisation no more, from this moment on, and return how both stand.

    Raises `Problem` (not permitted).
    """
    _require_organisation(caller)
    context.store.write(partial(coalition.leave, partner=partner, by=caller, at=datetime.now(UTC)))
    return _with(context, partner, caller)


def standing(context: Context, caller: Caller) -> tuple[Partner, ...]:
    """Return how the caller's organisation stands with each to which it agreed, or that agreed to it."""
    with context.store.read() as session:
        return coalition.standing(session, caller.organisation) if caller.organisation else ()


def _require_organisation(caller: Caller) -> None:
    if caller.organisation is None or not caller.may(Right.SEND):
        raise not_permitted(caller, Right.SEND)


def _with(context: Context, partner: str, caller: Caller) -> Partner:
    found = {one.organisation: one for one in standing(context, caller)}
    return found.get(partner, Partner(partner, None, None))
