"""Messages: what is sent, and how much it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from geodata.kinds import kind_of, lineage
from service.changes.feed import Change, ChangeType
from service.changes.showing import Fits
from service.store.deliveries import Delivery
from service.store.identifiers import new_id
from service.store.webhooks import Wanted
from service.writing.formats import json_text

#: Of the shape of messages; it rises when a member changes what it means.
VERSION = 1


class Trial(StrEnum):
    """What tells of no flag."""

    PING = "webhook.ping"


def fitting(wanted: Wanted) -> Fits:
    """Return whether flags, as they are shown, are of the countries and kinds of place that a webhook wants."""

    def fits(flag: Mapping[str, Any]) -> bool:
        community = flag["community"]
        if wanted.countries and community["country"] not in wanted.countries:
            return False
        return not wanted.kinds or not set(wanted.kinds).isdisjoint(_kinds(community["kind"]))

    return fits


def wants(wanted: Wanted, change: Change) -> bool:
    """Return whether a webhook is told of a change; that something is gone, every one is told."""
    return not wanted.types or change.type is ChangeType.GONE or change.type.value in wanted.types


def told(change: Change, number: int, now: datetime) -> Delivery:
    """Return the message that tells of a change, frozen as it is seen now."""
    made = Delivery(new_id(), number, change.type.value, change.flag_id, created_at=change.at, due_at=now)
    return filled(made, change.flag)


def filled(message: Delivery, flag: Mapping[str, Any] | None) -> Delivery:
    """Return a message with what it says of its flag as it is shown; None: it is gone, whatever was to be told."""
    if flag is None and message.flag_id is not None:
        return _with(message, ChangeType.GONE.value, {"flag_id": message.flag_id, "flag": None}, None)
    data: dict[str, Any] = {} if flag is None else {"flag_id": message.flag_id, "flag": flag}
    return _with(message, message.type, data, None if flag is None else exposure(flag))


def exposure(flag: Mapping[str, Any]) -> str:
    """Return a digest of how much a shown flag shows: with another one, something is withheld that was not, or shown.

    What is shown may change as often as it likes.
    """
    community, location = flag["community"], flag["community"]["location"] or {}
    said = [
        sorted(flag["withheld"]),
        community["sensitivity"],
        community["consent"],
        [location.get(name) for name in ("precision", "cell", "unit")],
        flag["organisation"] is None,
    ]
    return blake2b(json_text(said), digest_size=12).hexdigest()


def _with(message: Delivery, kind: str, data: dict[str, Any], shows: str | None) -> Delivery:
    body = {
        "id": message.id,
        "type": kind,
        "version": VERSION,
        "sequence": message.number,
        "timestamp": message.created_at,
        "data": data,
    }
    return replace(message, type=kind, body=json_text(body).decode(), exposure=shows)


def _kinds(kind: str | None) -> tuple[str, ...]:
    term = kind_of(kind) if kind else None
    return () if term is None else tuple(lineage(term))
