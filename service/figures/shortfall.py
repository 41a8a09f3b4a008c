"""Shortfall: which undercounts of a set may be published together, and how many people official counts leave out there.

Thousands of communities are tested, so some undercounts at 0.95 are false. The publishable ones are the largest set
whose expected share of false ones stays within 5 % (Bayesian control of false discoveries). People are added up over
that set alone, once for each official count, and never together with those of communities that no list names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matchers.counting.discovery import RATE, publishable
from service.store.values import Flag

_PERSONS = "persons"


@dataclass(frozen=True, slots=True)
class Short:
    """One official count found short."""

    flag_id: str
    entry: tuple[str, str | None]  # the list, and its entry
    p_under: float
    unit: str
    shortfall: float  # at the median
    low: float  # of a 90 % range; less than nobody is nobody
    high: float


@dataclass(frozen=True, slots=True)
class Missing:
    """People that official counts leave out: an estimate with a range. All None where nothing could be added up.

    The range adds the lows and the highs: the errors of counts made in one way go in one direction.
    """

    estimate: int | None
    low: int | None
    high: int | None
    communities: int  # whose shortfalls were added up
    overlapping: int  # left out because a larger shortfall is of the same official count
    other_units: int  # left out because households or dwellings are not people


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Undercounts, the surest first, and what those that may be published come to."""

    listed: tuple[Short, ...]
    publishable: frozenset[str]  # ids of flags
    rate: float  # share of these that may be expected to be false
    expected_false: float  # of these
    missing: Missing


def tested_by(flag: Flag) -> Mapping[str, Any] | None:
    """Return the test that a flag's verdict rests on: of the common count, else of the record it is shown with.

    A `matchers.base.COUNTED`; None where the record shown has none of its own against the flag's list.
    """
    if flag.combined is not None and flag.combined["verdict"] is not None:
        test: Mapping[str, Any] = flag.combined["tests"][0]
        return test
    return next((one.counted for one in flag.record.findings if one.source == flag.source and one.counted), None)


def short_of(flag: Flag) -> Short | None:
    """Return what a flag says is short, None where its test is not at hand."""
    test = tested_by(flag)
    if test is None:
        return None
    citizen = test["citizen"]
    entry = next((one.official_id for one in flag.record.findings if one.source == flag.source), None)
    return Short(
        flag_id=flag.id,
        entry=(flag.source or "", test.get("official_id") or entry or flag.id),
        p_under=test["p_under"],
        unit=test["unit"],
        shortfall=max(test["shortfall"], 0.0),
        low=max(citizen * (1 - test["ratio_high"]), 0.0),
        high=max(citizen * (1 - test["ratio_low"]), 0.0),
    )


def shortfall(found: Sequence[Short]) -> Shortfall:
    """Return undercounts as a list to publish from, whatever order they come in."""
    listed = sorted(found, key=lambda one: (-one.p_under, one.flag_id))
    chosen = publishable([one.p_under for one in listed])
    kept = [one for one, may in zip(listed, chosen.tolist(), strict=True) if may]
    return Shortfall(
        listed=tuple(listed),
        publishable=frozenset(one.flag_id for one in kept),
        rate=RATE,
        expected_false=round(sum(1 - one.p_under for one in kept), 3),
        missing=missing(kept),
    )


def missing(found: Sequence[Short]) -> Missing:
    """Return the people that these official counts leave out, each count once."""
    people = [one for one in found if one.unit == _PERSONS]
    largest: dict[tuple[str, str | None], Short] = {}
    for one in sorted(people, key=lambda one: (-one.shortfall, one.flag_id)):
        largest.setdefault(one.entry, one)
    summed = list(largest.values())
    return Missing(
        estimate=round(sum(one.shortfall for one in summed)) if summed else None,
        low=round(sum(one.low for one in summed)) if summed else None,
        high=round(sum(one.high for one in summed)) if summed else None,
        communities=len(summed),
        overlapping=len(people) - len(summed),
        other_units=len(found) - len(people),
    )
