"""A case: one flag with all a reviewer needs to decide about it, both sides beside one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from math import cos, radians
from typing import Any

from geodata.distance import haversine_m
from service.callers.caller import Caller
from service.context import Context
from service.desk.blind import blinded
from service.desk.differences import differences
from service.desk.entries import entries_of, outline
from service.desk.queue import claim_shown, people_of
from service.desk.reading import DeskReader
from service.desk.words import happened
from service.disclosure.outcomes import redact_appeals
from service.figures.people import usable
from service.running import clock
from service.store import appeals, events, flag_claims, flags, queue
from service.store.filters import Bbox
from service.store.values import Flag
from service.urgency.loss import Stakes, expected_loss, urgency
from service.urgency.policy import in_force

#: How far around a flag other pending ones are taken to be at the same place, metres; farther where it is less certain.
BESIDE_M = 1_000.0
_FARTHEST_M = 10_000.0
_MOST_BESIDE = 10
_M_PER_DEGREE = 111_195.0


def case(context: Context, flag_id: str, caller: Caller, *, blind: bool = False) -> dict[str, Any]:
    """Return a flag as a case, for a reviewer. Raises `Problem` (not found), also where it is hidden from them."""
    at = clock.now()
    with context.store.read() as session:
        reader = DeskReader(session, caller)
        flag, shown = reader.by_id(flag_id)
        accounts = _accounts(reader, flag)
        blind = blind or caller.key_id in flag.blind_to  # handed to them as a second judgement
        history = _history(flag, shown["reviews"], events.about(session, "flag", flag_id))
        claim = claim_shown(flag_claims.of(session, [flag_id], at).get(flag_id), caller)
        appealed = redact_appeals(appeals.of(session, flag_id), flag, caller)
        pending = _pending(reader, flag, accounts)
    entries = entries_of(context, flag, [one["official_id"] for one in shown["candidates"]])
    candidates = [_candidate(one, entries.get(one["official_id"]), accounts) for one in shown["candidates"]]
    told = {
        **{name: shown[name] for name in ("status", "version", "verdict", "machine_verdict", "subtype", "probability")},
        "flag_id": flag_id,
        "blind": blind,
        "expected_loss": _loss(flag, at),
        "waiting_days": max((at - flag.created_at).days, 0),
        "reason": shown["reason"],
        "list": shown["list"],
        "code": shown["code"],
        "people": people_of(flag, shown),
        "claim": claim,
        "accounts": accounts,
        "candidates": candidates,
        "history": history,
        "took_part": sorted({one["organisation"] for one in history if one["organisation"]}),
        "appeals": appealed,
        "pending": pending,
        "withheld": shown["withheld"],
        "created_at": shown["created_at"],
        "updated_at": shown["updated_at"],
    }
    return blinded(told) if blind else told


def _accounts(reader: DeskReader, flag: Flag) -> list[dict[str, Any]]:
    """Return what each record of the community says that the reviewer may see, the one that speaks first."""
    members = flag.members or (flag.record,)
    ordered = sorted(members, key=lambda one: one.id != flag.record.id)
    seen = [(record, shown) for record in ordered if (shown := reader.record(record)) is not None]
    parts = ("organisation", "collection", "name", "country", "location", "admin", "kind", "groups", "counts")
    also = ("observed", "founded", "evidence", "consent", "sensitivity")
    return [
        {
            "record_id": record.id,
            "speaks": record.id == flag.record.id,
            **{name: shown[name] for name in (*parts, *also)},
            "other_names": [name["text"] for name in shown["names"][1:]],
            "area": outline(shown["area"]),
        }
        for record, shown in seen
    ]


def _candidate(
    candidate: Mapping[str, Any], entry: dict[str, Any] | None, accounts: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    told = {**candidate, "entry": entry}
    return {**told, "differences": differences(accounts[0], told) if accounts else []}


def _history(
    flag: Flag, reviews: Sequence[Mapping[str, Any]], happenings: Sequence[events.Event]
) -> list[dict[str, Any]]:
    said = {review["id"]: review for review in reviews}
    told = []
    for event in happenings:
        review = said.get(event.data.get("review", ""), {})
        told.append(
            {
                "at": event.at,
                "kind": event.kind,
                "organisation": event.by.organisation,
                "words": happened(event.kind, event.data),
                "decision": review.get("decision"),
                "reason_code": review.get("reason_code"),
                "note": review.get("note"),
                "blind": review.get("blind"),
            }
        )
    return told or [_beginning(flag)]


def _beginning(flag: Flag) -> dict[str, Any]:
    told = dict.fromkeys(("organisation", "decision", "reason_code", "note", "blind"))
    return {"at": flag.created_at, "kind": "flag.raised", "words": "raised", **told}


def _pending(reader: DeskReader, flag: Flag, accounts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return other flags to be decided at the same place: close by, or that ended at the same entry of the list."""
    place = accounts[0]["location"] if accounts else None
    ids = queue.beside(reader.session, flag, _around(place), _MOST_BESIDE)
    shown = [one for found in flags.many(reader.session, ids) if (one := reader.flag(found)) is not None]
    return [
        {
            "flag_id": one["id"],
            "name": one["community"]["name"],
            "status": one["status"],
            "verdict": one["verdict"],
            "probability": one["probability"],
            "organisation": one["organisation"],
            "distance_m": _distance(place, one["community"]["location"]),
        }
        for one in shown
    ]


def _around(place: Mapping[str, Any] | None) -> Bbox | None:
    if place is None:
        return None
    tall = min(max(BESIDE_M, place["uncertainty_m"] or 0.0), _FARTHEST_M) / _M_PER_DEGREE
    wide = tall / max(cos(radians(place["lat"])), 0.01)
    lat, lon = place["lat"], place["lon"]
    return _round(lon - wide), lat - tall, _round(lon + wide), lat + tall


def _round(lon: float) -> float:
    """Return a longitude that went over the antimeridian as it is written on the other side."""
    return (lon + 180) % 360 - 180


def _distance(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> float | None:
    if one is None or other is None:
        return None
    return round(float(haversine_m(one["lat"], one["lon"], other["lat"], other["lon"])), 1)


def _loss(flag: Flag, at: datetime) -> float:
    heads = usable(flag.record.account.counts)
    people = None if heads is None else heads.estimate
    stakes = Stakes(flag.machine_verdict, flag.p_absent, people, flag.status.value, flag.created_at)
    return round(expected_loss(urgency(stakes, in_force()), at, in_force()), 3)
