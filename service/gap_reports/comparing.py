"""Comparing: what became of each flag from one edition to another, as far as one audience may see both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.context import Context
from service.gap_reports.edition import Audience
from service.gap_reports.telling import tell
from service.report import Shown
from service.store.gap_reports import Edition

_BECAME = {
    "resolved_by_release": "resolved",
    "regressed": "regressed",
    "published": "published",
    "confirmed": "confirmed",
    "rejected": "dismissed",
    "matched_existing": "dismissed",
    "withdrawn": "dismissed",
}
_PARTS = ("status", "verdict", "subtype", "probability")


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one flag; a side is None where it was not in that edition."""

    flag_id: str
    change: str  # new, gone, resolved, regressed, published, confirmed, dismissed, or changed
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Two editions beside one another."""

    before: Mapping[str, Any]  # without flags
    after: Mapping[str, Any]
    same: int
    changes: tuple[Change, ...]
    counted: Mapping[str, int] = field(default_factory=dict)


def difference(context: Context, before: Edition, after: Edition, audience: Audience) -> Difference:
    """Return what changed between two editions. Raises `Problem` (busy) while one of them waits to be made."""
    then: dict[str, dict[str, Any]] = {}
    now: dict[str, dict[str, Any]] = {}
    told_then = tell(context, before, audience, lambda shown: then.update(_sides(shown)))
    told_now = tell(context, after, audience, lambda shown: now.update(_sides(shown)))
    changes = [
        Change(flag_id, _change(then.get(flag_id), now.get(flag_id)), then.get(flag_id), now.get(flag_id))
        for flag_id in sorted({*then, *now})
        if then.get(flag_id) != now.get(flag_id)
    ]
    same = len({*then, *now}) - len(changes)
    counted = dict(sorted(Counter(one.change for one in changes).items()))
    return Difference(told_then, told_now, same, tuple(changes), counted)


def _sides(shown: Shown) -> dict[str, dict[str, Any]]:
    return {item["id"]: {part: item[part] for part in _PARTS} for item in shown}


def _change(then: Mapping[str, Any] | None, now: Mapping[str, Any] | None) -> str:
    if then is None or now is None:
        return "new" if then is None else "gone"
    return _BECAME.get(now["status"], "changed") if then["status"] != now["status"] else "changed"
