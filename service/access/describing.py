"""Describing: what an organisation says about itself, and who reads it: itself, its coalition, and admins."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import NOT_FOUND, Problem
from service.store import organisations
from service.store.organisations import Organisation


def seen(context: Context, caller: Caller) -> tuple[Organisation, ...]:
    """Return the organisations that a caller knows of: its own and those it shares with, to an admin all."""
    own = {caller.acts_for} if caller.acts_for is not None else set()
    ids = None if caller.may(Right.ADMINISTER) else frozenset({*own, *caller.partners})
    with context.store.read() as session:
        return organisations.some(session, ids)


def describe(context: Context, said: Organisation, caller: Caller) -> Organisation:
    """Keep what is said about the caller's organisation, to an admin about any, and return it.

    Raises `Problem`: not found, for another organisation too.
    """
    mine = caller.organisation == said.id and caller.may(Right.SEND)
    keep = partial(organisations.describe, said=said, by=caller, at=datetime.now(UTC))
    if not (mine or caller.may(Right.ADMINISTER)) or not context.store.write(keep):
        detail = f"There is no organisation {said.id} of yours."
        raise Problem(NOT_FOUND, detail)
    return said
