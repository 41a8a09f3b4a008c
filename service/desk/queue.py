"""The queue as a reviewer sees it: what waits for a person, the most urgent first, in a few facts each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.callers.caller import Caller
from service.context import Context
from service.desk.blind import blinded
from service.desk.reading import DeskReader
from service.disclosure.unseen import unseen_by
from service.figures.people import usable
from service.running import clock
from service.store import flag_claims, flags, queue
from service.store.filters import FlagFilter
from service.store.flag_claims import FlagClaim
from service.store.queue import Assigned, Place, QueueFilter
from service.store.values import Flag
from service.urgency.loss import expected_loss
from service.urgency.policy import in_force

_AT_ONCE = 200  # flags read together at most


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue, and how it is shown."""

    flags: FlagFilter
    assigned: Assigned | None = None
    blind: bool = False
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the queue, and the cursor of the next."""

    items: list[dict[str, Any]]
    next_cursor: str | None


def wanted_by(asked: Asked, caller: Caller, at: datetime) -> QueueFilter:
    """Return what of the queue a reviewer asks for; what they may never see is left out."""
    seen = FlagFilter(**{**_parts(asked.flags), "unseen": unseen_by(caller)})
    where = None if caller.areas is None else frozenset(area.country for area in caller.areas)
    return QueueFilter(seen, at, asked.assigned, caller.key_id, where)


def page(context: Context, asked: Asked, caller: Caller) -> Shown:
    """Return one page of the queue. Raises `Problem` (invalid) for a cursor that is none of ours."""
    at = clock.now()
    after = Place.read(asked.cursor) if asked.cursor else None
    wanted = wanted_by(asked, caller, at)
    items: list[tuple[Place, dict[str, Any]]] = []
    with context.store.read() as session:
        reader = DeskReader(session, caller)
        while len(items) <= asked.limit:
            found = queue.places(session, wanted, after, min(asked.limit + 1, _AT_ONCE))
            items += _shown(reader, found, at)
            if not found:
                break
            after = found[-1]
    told = [blinded(item) if asked.blind else item for _, item in items[: asked.limit]]
    more = len(items) > asked.limit
    return Shown(told, items[asked.limit - 1][0].cursor() if more else None)


def _shown(reader: DeskReader, found: list[Place], at: datetime) -> list[tuple[Place, dict[str, Any]]]:
    ids = [one.flag_id for one in found]
    held = flag_claims.of(reader.session, ids, at)
    known = {flag.id: flag for flag in flags.many(reader.session, ids)}
    told = []
    for place in found:
        flag = known.get(place.flag_id)
        shown = reader.flag(flag) if flag is not None else None
        if flag is not None and shown is not None:
            claim = claim_shown(held.get(flag.id), reader.caller)
            item = _item(flag, shown, claim, expected_loss(place.urgency, at, in_force()), at)
            told.append((place, blinded(item) if reader.caller.key_id in flag.blind_to else item))
    return told


def _item(  # noqa: PLR0913, PLR0917 - one item out of five sides of it
    flag: Flag, shown: Mapping[str, Any], claim: dict[str, Any] | None, loss: float, at: datetime
) -> dict[str, Any]:
    community, best = shown["community"], next(iter(shown["candidates"]), None)
    return {
        "flag_id": flag.id,
        "status": shown["status"],
        "version": shown["version"],
        "expected_loss": round(loss, 3),
        "waiting_days": max((at - flag.created_at).days, 0),
        "name": community["name"],
        "country": community["country"],
        "admin": community["admin"],
        "kind": community["kind"],
        "organisation": shown["organisation"],
        "collection": flag.record.account.collection,
        "people": people_of(flag, shown),
        "verdict": shown["verdict"],
        "subtype": shown["subtype"],
        "probability": shown["probability"],
        "reason": shown["reason"],
        "list": shown["list"],
        "best_candidate": best and {name: best[name] for name in ("official_id", "official_name", "distance_m")},
        "claim": claim,
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }


def people_of(flag: Flag, shown: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how many people a community counts, with a 95 % range; None where nobody counted them usably."""
    common = (shown["corroboration"] or {}).get("persons")
    if common is not None:
        return {name: common[name] for name in ("estimate", "low", "high")}
    heads = usable(flag.record.account.counts)
    return (
        None
        if heads is None
        else {"estimate": round(heads.estimate), "low": round(heads.low), "high": round(heads.high)}
    )


def claim_shown(claim: FlagClaim | None, caller: Caller) -> dict[str, Any] | None:
    """Return who is at work on a flag, as a reviewer is told; the key's own name only among colleagues."""
    if claim is None:
        return None
    return {
        "organisation": claim.organisation,
        "label": claim.label if claim.organisation == caller.organisation else None,
        "mine": claim.key_id == caller.key_id,
        "since": claim.since,
        "until": claim.until,
    }


def _parts(given: FlagFilter) -> dict[str, Any]:
    return {name: getattr(given, name) for name in FlagFilter.__dataclass_fields__}
