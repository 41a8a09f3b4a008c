"""Differences: what an account and an entry of a list say of the same thing, field by field, in words. Pure.

They are facts beside one another, without a weight: whoever judges blind may read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from geodata.names.folding import fold
from service.desk.words import count_words, distance_words, joined

_NOT_SAID = "not said"
_TWICE = 2  # from which shares are told as so many times


def differences(account: Mapping[str, Any], candidate: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return for each field what stands here, what stands there, and how they differ, in the order people compare.

    `account` is one of a case, `candidate` a candidate of it with its `entry`.
    """
    entry = candidate["entry"] or {}
    there = entry.get("name") or candidate["official_name"]
    others = entry.get("other_names", [])
    rows = [
        (
            "name",
            account["name"] or _NOT_SAID,
            there,
            _names([account["name"], *account["other_names"]], [there, *others]),
        ),
        ("other names", joined(account["other_names"]), joined(others), ""),
        ("place", _place(account["location"]), _place(entry), _apart(candidate, account["location"], entry)),
        (
            "units",
            _units(account["admin"]),
            _units(entry.get("admin", {})),
            _admin(account["admin"], entry.get("admin", {})),
        ),
        ("kind", _plain(account["kind"]), _plain(entry.get("kind")), _same(account["kind"], entry.get("kind"))),
        (
            "people",
            _counts(account["counts"]),
            _counts(entry.get("counts", ())),
            _people(account["counts"], entry.get("counts", ())),
        ),
    ]
    return [dict(zip(("field", "here", "there", "words"), row, strict=True)) for row in rows]


def _names(here: Sequence[str | None], there: Sequence[str | None]) -> str:
    ours = {fold(name): name for name in here if name}
    theirs = {fold(name): name for name in there if name}
    if not ours or not theirs:
        return "one side gives no name"
    first, other = next(iter(ours)), next(iter(theirs))
    if first == other:
        return "the same" if ours[first] == theirs[other] else "the same but for signs and capitals"
    shared = [ours[name] for name in ours if name in theirs]
    return f"both know {joined(shared)}" if shared else "no name in common"


def _apart(candidate: Mapping[str, Any], here: Mapping[str, Any] | None, there: Mapping[str, Any]) -> str:
    if candidate["distance_m"] is None:
        return "no distance: one side gives no point"
    apart = distance_words(candidate["distance_m"])
    errors = [one for one in ((here or {}).get("uncertainty_m"), there.get("uncertainty_m")) if one is not None]
    if not errors:
        return f"{apart} apart"
    within = "within" if candidate["distance_m"] <= sum(errors) else "more than"
    return f"{apart} apart, {within} what both points may be off together ({distance_words(sum(errors))})"


def _admin(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    shared = [level for level in here if level in there]
    other = [level for level in shared if fold(here[level]) != fold(there[level])]
    if not shared:
        return "no level in common" if here and there else ""
    return f"other {joined(other)}" if other else f"the same {joined(shared)}"


def _same(here: str | None, there: str | None) -> str:
    return "" if not here or not there else "the same" if here == there else "not the same kind"


def _place(place: Mapping[str, Any] | None) -> str:
    if not place or place.get("lat") is None:
        return _NOT_SAID
    off = place.get("uncertainty_m")
    give = f" ± {distance_words(off)}" if off is not None else ""
    return f"{place['lat']:.5f}, {place['lon']:.5f}{give}"


def _units(admin: Mapping[str, str]) -> str:
    return ", ".join(f"{value} ({level})" for level, value in admin.items()) or _NOT_SAID


def _plain(kind: str | None) -> str:
    return kind.replace("_", " ") if kind else _NOT_SAID


def _people(here: Sequence[Mapping[str, Any]], there: Sequence[Mapping[str, Any]]) -> str:
    """Return what share of the account's head count the list has, where both give one of everybody."""
    ours, theirs = (
        next((one["value"] for one in side if one["unit"] == "persons" and not one["group"] and one["value"]), None)
        for side in (here, there)
    )
    if ours is None or theirs is None:
        return ""
    share = theirs / ours
    told = f"{share:.1f} times" if share >= _TWICE else f"{100 * share:.0f} % of"
    return f"the list has {told} the account's number"


def _counts(counts: Sequence[Mapping[str, Any]]) -> str:
    return "; ".join(filter(None, map(count_words, counts))) or _NOT_SAID
