"""What states published: open to everybody, but still only what is meant to leave."""

from __future__ import annotations

from typing import Any

from service.callers.caller import Caller, Right
from service.store.values import NEVER, SnapshotEntry, SourceEntry, Upkeep

_SNAPSHOT = (
    "sha256",
    "source",
    "connector",
    "title",
    "vintage",
    "vintage_kind",
    "licence",
    "licence_url",
    "attribution",
    "endpoint",
    "retrieved_at",
    "places",
    "observations",
    "problems",
    "coverage",
    "current",
    "bytes",
    "pruned_at",
)
_PLACE = ("id", "names", "country", "admin", "lat", "lon", "r95_m", "kind", "level", "parent")


def redact_snapshot(entry: SnapshotEntry, _caller: Caller) -> dict[str, Any]:
    """Return a catalogue entry; everything in it is about a publication, not about a community."""
    return {name: getattr(entry, name) for name in _SNAPSHOT}


def redact_source(source: SourceEntry, caller: Caller, upkeep: Upkeep = NEVER) -> dict[str, Any]:
    """Return a source; why it last failed is for those who can do something about it."""
    return {
        "id": source.id,
        "connector": source.connector,
        "title": source.title,
        "last_checked_at": source.last_checked_at,
        "last_error": source.last_error if caller.may(Right.READ) else None,
        "current": redact_snapshot(source.current, caller) if source.current else None,
        "bytes": source.bytes,
        "schedule": upkeep.schedule,
        "due_at": upkeep.due_at,
        "under_way_since": upkeep.under_way_since,
        "broken_off_at": upkeep.broken_off_at,
    }


def redact_entry(row: dict[str, Any], source: str) -> dict[str, Any]:
    """Return a row of an official list with its numbers and its outline, as the state published them."""
    return {**redact_place(row, source), "counts": row["counts"] or [], "area": row["area"]}


def redact_place(row: dict[str, Any], source: str) -> dict[str, Any]:
    """Return a row of an official list."""
    place = {name: row[name] for name in _PLACE}
    names = [name["text"] for name in place["names"]]
    return {"source": source, **place, "name": names[0] if names else None, "admin": dict(place["admin"] or ())}
