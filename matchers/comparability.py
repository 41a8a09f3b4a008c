"""Whether the counts of a matched pair can be compared, and with what total error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.folding import fold
from matchers.methods import Method, method_of
from matchers.parameters import Counting

_UNITS = ("persons", "households", "dwellings")  # units in which coverage of people can be tested
_WITHHELD = frozenset({"suppressed", "not_applicable", "not_available", "absent_cell"})
_DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Comparable:
    """Two counts of the same kind of thing."""

    citizen: float
    official: float
    unit: str
    method: Method
    s: float  # total standard deviation on the log scale
    years: float  # from the official to the citizen date; negative when the citizen count is older
    official_date: date


@dataclass(frozen=True, slots=True)
class Incomparable:
    """Why no pair of counts can be compared, as the end of the sentence "counts cannot be compared because ..."."""

    because: str


def comparable(
    citizen: Sequence[Mapping[str, Any]],
    official: Sequence[Mapping[str, Any]],
    dates: tuple[date | None, date | None],
    counting: Counting,
) -> Comparable | Incomparable:
    """Return the pair of counts nearest in time that speak of the same unit and group, or why there is none.

    Counts are the structs of `geodata.places.COUNT`; `dates` are those to fall back on for either side.
    """
    mine = [count for count in citizen if _value(count) is not None]
    theirs = [count for count in official if _value(count) is not None]
    if not mine:
        return Incomparable("the record gives no count")
    if not theirs:
        withheld = any(count["status"] in _WITHHELD for count in official)
        return Incomparable("the official count is withheld" if withheld else "the list gives no count")
    same = [(a, b) for a in mine for b in theirs if _unit(a) == _unit(b)]
    if not same:
        return Incomparable(f"the record counts {_unit(mine[0])} and the list {_unit(theirs[0])}")
    same = [(a, b) for a, b in same if fold(a["group"] or "") == fold(b["group"] or "")]
    if not same:
        return Incomparable("they speak of different groups")
    same = [(a, b) for a, b in same if _unit(a) in _UNITS]
    if not same:
        return Incomparable(f"{_unit(mine[0])} are not everybody who lives there")
    dated = [
        (a, b, a["date"] or dates[0], b["date"] or dates[1])
        for a, b in same
        if (a["date"] or dates[0]) and (b["date"] or dates[1])
    ]
    if not dated:
        return Incomparable("one of them has no date")
    a, b, day, official_day = min(dated, key=lambda pair: (abs((pair[2] - pair[3]).days), -_value(pair[0])))
    return _pair((a, b), (day, official_day), counting)


def _pair(
    counts: tuple[Mapping[str, Any], Mapping[str, Any]], days: tuple[date, date], counting: Counting
) -> Comparable | Incomparable:
    a, b = counts
    value, published = _value(a), _value(b)
    if not value:
        return Incomparable("the record counts nobody")
    method = method_of(a["method"])
    years = (days[0] - days[1]).days / _DAYS
    spread = math.log(a["high"] / a["low"]) / 3.92 if a["low"] and a["high"] and a["high"] > a["low"] > 0 else 0.0
    s = math.sqrt(
        max(method.sigma, spread) ** 2
        + counting.sigma_official**2
        + (years * counting.sigma_growth_per_year) ** 2
        + counting.sigma_boundary**2
    )
    return Comparable(value, published or 0.0, _unit(a), method, s, years, days[1])


def _value(count: Mapping[str, Any]) -> float | None:
    if count["status"] in _WITHHELD:
        return None
    if count["value"] is not None:
        return float(count["value"])
    if count["low"] is not None and count["high"] is not None:
        return float(count["low"] + count["high"]) / 2
    return None


def _unit(count: Mapping[str, Any]) -> str:
    return fold(count["unit"] or "persons")
