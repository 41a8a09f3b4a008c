"""The undercounts of a gap report, as one caller may see them: a list that can be published, and what it comes to.

Outsiders find only published flags in it. What their list comes to in people is added up from those communities whose
numbers are public.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.caller import Caller
from service.disclosure.company import common_count
from service.disclosure.counts import redact_tests
from service.disclosure.openness import open_now
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, View, view_of
from service.shortfall import Missing, Short, missing, short_of, shortfall
from service.store.values import Flag

#: Said beside every total, so that nobody adds what must not be added.
APART = (
    "These people live in communities that the lists name; they are counted apart from the people of communities that "
    "no list names, and the two are not to be added without saying so."
)


def redact_undercounts(flags: Sequence[Flag], shown: Collection[str], caller: Caller) -> dict[str, Any]:
    """Return the undercounts among the flags of a report that this caller is shown, the surest first."""
    seen = {flag.id: (flag, view) for flag in flags if flag.id in shown and (view := _view(flag, caller))}
    found = {flag_id: short for flag_id, (flag, _) in seen.items() if (short := short_of(flag)) is not None}
    whole = shortfall(list(found.values()))
    items = [_item(short, *seen[short.flag_id], caller) for short in whole.listed]
    for item in items:
        item["publishable"] = item["flag_id"] in whole.publishable
    told = {item["flag_id"] for item in items if item["shortfall"] is not None}
    listed = [short for short in whole.listed if short.flag_id in whole.publishable]
    outside = any(not view.inside for _, view in seen.values())
    people = _outside(listed, told) if outside else {**asdict(whole.missing), "withheld": None}
    return {
        "items": items,
        "without_test": len(seen) - len(found),
        "publishable": len(whole.publishable),
        "expected_false": whole.expected_false,
        "false_at_most": whole.rate,
        "people": people,
        "note": APART,
    }


def _view(flag: Flag, caller: Caller) -> View:
    return view_of(flag.record, caller, published=open_now(flag))


def _item(short: Short, flag: Flag, view: View, caller: Caller) -> dict[str, Any]:
    tests, _ = redact_tests(flag, view, common_count(flag, caller) if view.inside else None)
    test: Mapping[str, Any] = tests[0] if tests else {}
    return {
        "flag_id": flag.id,
        "status": flag.status.value,
        "probability": short.p_under if view.inside else round(short.p_under, 2),
        "unit": short.unit,
        "shortfall": test.get("shortfall"),
        "ratio": test.get("ratio"),
        "ratio_low": test.get("ratio_low"),
        "ratio_high": test.get("ratio_high"),
    }


def _outside(listed: Sequence[Short], told: Collection[str]) -> dict[str, Any]:
    """Return what a published list comes to: rounded, and only of shortfalls that are told one by one as well.

    With others in it, two readings before and after one of them came would tell its shortfall.
    """
    total = missing([short for short in listed if short.flag_id in told])
    small = total.estimate is not None and total.estimate < SMALLEST_COUNT
    reasons = [f"under {SMALLEST_COUNT}"] if small else []
    if any(short.flag_id not in told for short in listed):
        reasons.append("communities whose numbers are not public are left out")
    return {**_rounded(total, small=small), "withheld": "; ".join(reasons) or None}


def _rounded(total: Missing, *, small: bool) -> dict[str, Any]:
    numbers = {name: getattr(total, name) for name in ("estimate", "low", "high")}
    shown = {
        name: None if small or number is None else round(number / ROUNDED_TO) * ROUNDED_TO
        for name, number in numbers.items()
    }
    return {**asdict(total), **shown}
