"""The undercounts of a gap report, as one caller may see them: a list that can be published, and what it comes to.

Outsiders find only published flags in it. What their list comes to in people is added up from those communities whose
numbers are public.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.callers.caller import Caller
from service.disclosure.company import common_count
from service.disclosure.counts import redact_tests
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, View
from service.figures.shortfall import Missing, Short, missing, short_of, shortfall
from service.store.values import Flag

#: Said beside every total, so that nobody adds what must not be added.
APART = (
    "These people live in communities that the lists name; they are counted apart from the people of communities that "
    "no list names, and the two are not to be added without saying so."
)


class Undercounts:
    """Gathers the undercounts among the flags of a report that its caller is shown, a few at a time."""

    def __init__(self, caller: Caller) -> None:
        """Begin with none."""
        self._caller = caller
        self._found: dict[str, tuple[Short, dict[str, Any]]] = {}
        self._seen = 0
        self._outside = False

    def add(self, flag: Flag, view: View) -> None:
        """Add a flag that stands for an undercount, as this view shows it."""
        self._seen += 1
        self._outside |= not view.inside
        if (short := short_of(flag)) is not None:
            self._found[flag.id] = short, _item(short, flag, view, self._caller)

    def done(self) -> dict[str, Any]:
        """Return them, the surest first, and what those that may be published come to."""
        whole = shortfall([short for short, _ in self._found.values()])
        items = [
            self._found[short.flag_id][1] | {"publishable": short.flag_id in whole.publishable}
            for short in whole.listed
        ]
        told = {item["flag_id"] for item in items if item["shortfall"] is not None}
        listed = [short for short in whole.listed if short.flag_id in whole.publishable]
        people = _outside(listed, told) if self._outside else {**asdict(whole.missing), "withheld": None}
        return {
            "items": items,
            "without_test": self._seen - len(self._found),
            "publishable": len(whole.publishable),
            "expected_false": whole.expected_false,
            "false_at_most": whole.rate,
            "people": people,
            "note": APART,
        }


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
