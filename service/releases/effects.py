"""Effects: what bringing in a release did to the records and flags, told once it is done."""

from __future__ import annotations

from dataclasses import dataclass

from service.context import Context
from service.store import effects, events


@dataclass(frozen=True, slots=True)
class Effect:
    """What a release did; nothing, where a source said nothing new."""

    concerned: int = 0  # records that it may say something else about
    verified: int = 0  # records verified again because they waited, those that waited before among them
    resolved: int = 0  # flags that are resolved, because the release agrees with the account
    regressed: int = 0  # flags of communities whose entry is gone
    visible: int = 0  # communities that were missing before, among those resolved


NO_EFFECT = Effect()


def mark(context: Context) -> int:
    """Return the moment from which on effects are told."""
    with context.store.read() as session:
        return events.mark(session)


def effect(context: Context, snapshot: str, since: int, counted: tuple[int, int]) -> Effect:
    """Return what a snapshot did since a mark; `counted` are the records concerned, and those verified."""
    with context.store.read() as session:
        became = effects.of_release(session, snapshot, since)
    return Effect(*counted, became.resolved, became.regressed, became.visible)
