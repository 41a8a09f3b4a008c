"""What a release made visible: a number in which nobody can be counted out, and the entries that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from service.callers.caller import Caller, Right
from service.disclosure.hidden import Totals
from service.disclosure.hidden_tables import agreed
from service.disclosure.policy import SMALLEST_COUNT, View, view_of
from service.disclosure.registry import beside
from service.store.values import Record


class Resolution(Protocol):
    """A community that a release names, as it is kept (`service.store.visible.Resolved`)."""

    @property
    def snapshot(self) -> str:
        """The release."""

    @property
    def record(self) -> Record:
        """The record that speaks for it."""

    @property
    def published(self) -> bool:
        """Whether people had published that it was missing."""


def redact_visible(resolved: Iterable[Resolution], caller: Caller, totals: Totals) -> dict[str, Any]:
    """Return how many communities a release made visible, as far as this caller may count them.

    Counted are those the caller sees anyhow, and of others what the registry tells. Outsiders are not told whether
    there are fewer or none.
    """
    seen, own, snapshots = 0, 0, set()
    for one in resolved:
        snapshots.add(one.snapshot)
        if view_of(one.record, caller, published=False) is not View.NOTHING:
            seen += 1
            own += one.published and agreed(one.record)
    if caller.may(Right.READ):
        return {"communities": seen, "withheld": None}
    told = totals.visible(snapshots)
    number = seen + beside(told, own)
    return {"communities": number or None, "withheld": None if told else f"of others under {SMALLEST_COUNT}"}


def redact_change(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return an entry of a list as it was and as it is; what states publish is open to everybody."""
    row, old = after or before or {}, before or {}
    return {
        "id": row["id"],
        "previous_id": old.get("id") if after is not None else None,
        "name": _name(row),
        "previous_name": _name(old) if after is not None else None,
        **{name: row[name] for name in ("country", "kind", "level", "parent", "lat", "lon")},
        "admin": dict(row["admin"] or ()),
        "previous_lat": old.get("lat") if after is not None else None,
        "previous_lon": old.get("lon") if after is not None else None,
        "counts": _counts(row),
        "previous_counts": _counts(old) if after is not None else [],
    }


def _name(row: Mapping[str, Any]) -> str | None:
    return row["names"][0]["text"] if row.get("names") else None


def _counts(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = ("value", "low", "high", "unit", "group", "date", "status")
    return [{part: count[part] for part in parts} for count in row.get("counts") or ()]
