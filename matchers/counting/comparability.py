"""Whether the counts of a matched pair can be compared, and with what total error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.names.folding import fold
from matchers.counting.methods import Method, method_of
from matchers.parameters import Counting

TESTED = ("persons", "households", "dwellings")  # units in which coverage of people can be tested
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
    """Why no pair of counts can be compared, as the end of the sentence "The counts cannot be compared: ..."."""

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
    mine = [counted for count in citizen if (counted := _counted(count, dates[0]))]
    theirs = [counted for count in official if (counted := _counted(count, dates[1]))]
    if not mine:
        return Incomparable("the record gives no count")
    if not theirs:
        withheld = any(count["status"] in _WITHHELD for count in official)
        return Incomparable("the official count is withheld" if withheld else "the list gives no count")
    pairs = [(a, b) for a in mine for b in theirs]
    fitting = [(a, b) for a, b in pairs if a.unit == b.unit in TESTED and a.group == b.group and a.value > 0]
    dated = [(a, b, a.day, b.day) for a, b in fitting if a.day and b.day]
    if not dated:
        return Incomparable(_hindrance(pairs, fitting))
    a, b, day, official_day = min(dated, key=lambda pair: (abs((pair[2] - pair[3]).days), -pair[0].value))
    years = (day - official_day).days / _DAYS
    s = math.sqrt(
        max(a.method.sigma, a.spread) ** 2
        + counting.sigma_official**2
        + (years * counting.sigma_growth_per_year) ** 2
        + counting.sigma_boundary**2
    )
    return Comparable(a.value, b.value, a.unit, a.method, s, years, official_day)


@dataclass(frozen=True, slots=True)
class _Counted:
    value: float
    unit: str
    group: str
    method: Method
    spread: float  # standard deviation on the log scale that the count's own range speaks of
    day: date | None


def _counted(count: Mapping[str, Any], day: date | None) -> _Counted | None:
    value, low, high = count["value"], count["low"], count["high"]
    if value is None and low is not None and high is not None:
        value = (low + high) / 2
    if value is None or count["status"] in _WITHHELD:
        return None
    # A stated range is read as a 95 % interval.
    spread = math.log(high / low) / 3.92 if low and high and high > low > 0 else 0.0
    unit, group = fold(count["unit"] or "persons"), fold(count["group"] or "")
    return _Counted(float(value), unit, group, method_of(count["method"]), spread, count["date"] or day)


def _hindrance(pairs: Sequence[tuple[_Counted, _Counted]], fitting: Sequence[Any]) -> str:
    """Return why no pair can be compared."""
    mine, theirs = pairs[0]
    if fitting:
        return "one of them has no date"
    if all(a.unit != b.unit for a, b in pairs):
        return f"the record counts {mine.unit} and the list {theirs.unit}"
    if all(a.unit not in TESTED for a, b in pairs if a.unit == b.unit):
        return f"{mine.unit} are not everybody who lives there"
    if all(a.value <= 0 for a, _ in pairs):
        return "the record counts nobody"
    return "they speak of different groups"
