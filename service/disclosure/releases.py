"""What a release made visible: a number in which nobody can be counted out, and the entries that changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from service.caller import Caller, Role
from service.disclosure.policy import SMALLEST_COUNT, Consent, Sensitivity, View, consent_of, sensitivity_of, view_of
from service.store.values import Record

_TOTALS = frozenset({Consent.PUBLIC_AGGREGATE, Consent.PUBLIC_MASKED, Consent.PUBLIC_EXACT})


class Resolution(Protocol):
    """A community that a release names, as it is kept (`service.store.visible.Resolved`)."""

    @property
    def record(self) -> Record:
        """The record that speaks for it."""

    @property
    def published(self) -> bool:
        """Whether people had published that it was missing."""


def redact_visible(resolved: Iterable[Resolution], caller: Caller) -> dict[str, Any]:
    """Return how many communities a release made visible, as far as this caller may count them.

    Counted are those the caller sees anyhow, and of others those that had been published and agreed to be part of
    totals, where they are ten at least. Outsiders are not told whether there are fewer or none.
    """
    seen, others = 0, 0
    for one in resolved:
        if view_of(one.record, caller, published=False) is not View.NOTHING:
            seen += 1
        elif one.published and _agreed(one.record):
            others += 1
    enough = others >= SMALLEST_COUNT
    if caller.may(Role.REVIEWER) or enough:
        return {"communities": seen + (others if enough else 0), "withheld": None}
    return {"communities": seen or None, "withheld": f"of others under {SMALLEST_COUNT}"}


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


def _agreed(record: Record) -> bool:
    return sensitivity_of(record.account) in {Sensitivity.OPEN, Sensitivity.CAUTION} and consent_of(record) in _TOTALS


def _name(row: Mapping[str, Any]) -> str | None:
    return row["names"][0]["text"] if row.get("names") else None


def _counts(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    parts = ("value", "low", "high", "unit", "group", "date", "status")
    return [{part: count[part] for part in parts} for count in row.get("counts") or ()]
