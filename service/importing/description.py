"""Descriptions: what holds for the records of a collection that do not say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import KEY_NEEDED, Problem
from service.importing.plan import Usual
from service.placing import place_waiting
from service.store import descriptions, events, keys, passports, placed
from service.store.engine import Session
from service.store.passports import Key


def describe(context: Context, name: str, usual: Usual, caller: Caller) -> Usual:
    """Keep what holds for a collection of the caller's organisation.

    Its consent and its sensitivity hold at once for every record of it, the rest for what is imported from now on.
    Raises `Problem` (key needed).
    """
    key, at = key_of(caller, name), datetime.now(UTC)

    def keep(session: Session) -> None:
        if caller.key_id is None:
            keys.add_organisation(session, key[0], at)
        keys.lock_organisation(session, key[0])
        if descriptions.description(session, key) != asdict(usual):
            descriptions.describe(session, key, asdict(usual), (caller, at))
            placed.unsettle(session, key)
            events.add(session, [events.Event("collection.described", key[0], at, caller)])

    context.store.write(keep)
    place_waiting(context, held=False)
    return usual


def usual_of(context: Context, key: Key) -> Usual:
    """Return what holds for a collection: what was said of it, else the one country its passport names."""
    with context.store.read() as session:
        said = descriptions.description(session, key)
        declared = passports.latest(session, [key]).get(key)
    usual = Usual(**said) if said else Usual()
    if usual.country is None and declared is not None:
        return Usual(**asdict(usual) | {"country": _only_country(declared.body)})
    return usual


def key_of(caller: Caller, name: str) -> Key:
    """Return the collection of the caller's organisation. Raises `Problem` (key needed) for nobody in particular."""
    if caller.organisation is None or not caller.may(Right.SEND):
        detail = "A collection belongs to an organisation, whose key this needs."
        raise Problem(KEY_NEEDED, detail)
    return caller.organisation, name


def _only_country(passport: Mapping[str, Any]) -> str | None:
    named = (passport.get("scope") or {}).get("countries") or []
    return named[0] if len(named) == 1 else None
