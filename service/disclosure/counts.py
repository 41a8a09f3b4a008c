"""What the counts of a flag's community came to, as one caller may see it.

Whoever works with the records sees the numbers of those it works with. Outsiders learn of an official number only where
the community agreed to be shown by name and place: beside a blurred place, a number of the census would name it. Where
records decided together of which some are not shown, outsiders learn of no number but the probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from matchers.parameters import DEFAULTS
from service.callers.caller import Caller
from service.disclosure.company import common_count
from service.disclosure.openness import open_now
from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT, Sensitivity, View, sensitivity_of, view_of
from service.disclosure.verdicts import Lists
from service.figures.shortfall import tested_by
from service.store.values import Flag
from service.testimony.combined import claim_told
from service.testimony.numbers import Asked, claims

_NUMBERS = ("citizen", "official_low", "official_high", "shortfall")
_SHARES = ("p_under", "p_over", "ratio", "ratio_low", "ratio_high")
_OUTSIDE = "only for those who work with the records"
_NOT_EXACT = "a number of the list would tell where this is"
_SMALL = f"numbers under {SMALLEST_COUNT} are not published"


def redact_counts(flag: Flag, caller: Caller, lists: Lists) -> dict[str, Any] | None:
    """Return the counts behind a flag as this caller may see them, None when for this caller it does not exist."""
    view = view_of(flag.record, caller, published=open_now(flag))
    if view is View.NOTHING:
        return None
    common = common_count(flag, caller) if view.inside else None
    tests, withheld = redact_tests(flag, view, common)
    return {
        "flag_id": flag.id,
        "verdict": flag.verdict,
        "combined": _combined(common) if common else None,
        "claims": (common["claims"] if common else _own(flag)) if view.inside else [],
        "tests": [_listed(test, lists) for test in tests],
        "withheld": withheld | ({} if view.inside else {"claims": _OUTSIDE, "combined": _OUTSIDE}),
    }


def redact_tests(
    flag: Flag, view: View, common: Mapping[str, Any] | None
) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return the tests of a flag's counts as this view shows them, the one its verdict rests on first.

    `common` is the common count of the records that the caller works with.
    """
    if view.inside:
        return _inside(flag, common), {}
    test = tested_by(flag)
    if test is None:
        return [], {}
    shown = _plain(flag, test)
    if flag.combined is not None and flag.combined["verdict"] is not None:
        return [_blank(shown)], {"tests": _OUTSIDE}
    if view is not View.EXACT:
        return [_blank(shown)], {"tests": _NOT_EXACT}
    if sensitivity_of(flag.record.account) is not Sensitivity.OPEN:
        shown["citizen"] = float(round(shown["citizen"] / ROUNDED_TO) * ROUNDED_TO)
    return _published(shown)


def _inside(flag: Flag, common: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    if common is not None and common["tests"]:
        return [_plain(flag, test) for test in common["tests"]]
    own = [(one, one.counted) for one in flag.record.findings if one.counted]
    first = sorted(own, key=lambda pair: pair[0].source != flag.source)
    return [
        _plain(flag, {**counted, "source": one.source, "snapshot": one.snapshot, "official_id": one.official_id})
        for one, counted in first
    ]


def _plain(flag: Flag, test: Mapping[str, Any]) -> dict[str, Any]:
    own = next((one for one in flag.record.findings if one.source == flag.source), None)
    where = {"source": flag.source, "snapshot": own.snapshot if own else None, "official_id": None}
    return {"verdict": None, **where, **test}


def _blank(test: Mapping[str, Any]) -> dict[str, Any]:
    """Return a test of which only its probabilities are told."""
    told = {name: round(test[name], 2) for name in ("p_under", "p_over")}
    kept = {name: test[name] for name in ("source", "snapshot", "unit", "verdict")}
    return {**dict.fromkeys(test), **kept, **told}


def _published(test: Mapping[str, Any]) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return a test for readers from outside: small numbers withheld, the shortfall rounded, no entry named."""
    told = {**test, "official_id": None, **{name: round(test[name], 2) for name in _SHARES}}
    told["shortfall"] = float(round(test["shortfall"] / ROUNDED_TO) * ROUNDED_TO)
    small = any(0 <= test[name] < SMALLEST_COUNT for name in ("citizen", "official_low", "official_high"))
    if small or 0 < test["shortfall"] < SMALLEST_COUNT:
        return [{**told, **dict.fromkeys((*_NUMBERS, "ratio", "ratio_low", "ratio_high"))}], {"tests": _SMALL}
    return [told], {}


def _listed(test: Mapping[str, Any], lists: Lists) -> dict[str, Any]:
    entry = lists.get(test["snapshot"]) if test["snapshot"] else None
    named = {"title": entry.title if entry else test["source"], "vintage": entry.vintage if entry else None}
    named |= {"source": test["source"], "snapshot": test["snapshot"]}
    rest = {name: value for name, value in test.items() if name not in {"source", "snapshot"}}
    return {"list": named, **rest}


def _combined(common: Mapping[str, Any]) -> dict[str, Any]:
    parts = ("unit", "value", "low", "high", "day", "floor", "counts", "conflicting", "attributes", "sentence")
    return {name: common[name] for name in parts}


def _own(flag: Flag) -> list[dict[str, Any]]:
    """Return the counts that the record shown gives, where there is nothing to combine them with."""
    return [claim_told(claim, "alone") for claim in claims([flag.record], Asked(), DEFAULTS.counting)]
