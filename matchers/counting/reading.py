"""The counts of one side made ready for comparison; what cannot be a count is refused, with the reason why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geodata.cells import CellStatus
from geodata.counts.coverage import CountCoverage
from geodata.names.folding import fold
from matchers.counting.conversion import HOUSEHOLD_SIZE
from matchers.counting.disclosed import mechanism_of, published
from matchers.counting.mechanisms import Kind, Published
from matchers.counting.methods import LOWER_BOUNDS, Method, as_lower_bound, error_of, method_of

WITHHELD = frozenset({"suppressed", "not_applicable", "not_available", "absent_cell"})
_NOISY = frozenset({Kind.GEOMETRIC, Kind.NORMAL})
_VAGUEST = 2.0  # standard deviation on the log scale beyond which a number says nothing

Count = Mapping[str, Any]  # a struct of `geodata.places.COUNT`


@dataclass(frozen=True, slots=True)
class Own:
    """A count of the record."""

    value: float
    unit: str
    group: str
    method: Method
    sigma: float  # of the method, or of the count's own range
    day: date | None
    some: str = ""  # whom it counts where it is a least number of persons, e.g. "pupils"


@dataclass(frozen=True, slots=True)
class Theirs:
    """A count of the list."""

    published: Published
    unit: str
    group: str
    method: str | None
    day: date | None


def own_counts(
    counts: Sequence[Count], observed: date | None, today: date, floor: float
) -> tuple[list[Own], list[str]]:
    """Return the usable counts of a record, and for each that cannot be one a clause that says why."""
    read = [_own(count, observed, today, floor) for count in counts if count["status"] not in WITHHELD]
    return [one for one in read if isinstance(one, Own)], [one for one in read if isinstance(one, str)]


def listed_counts(
    counts: Sequence[Count], reference: date | None, today: date, declared: CountCoverage
) -> tuple[list[Theirs], list[str]]:
    """Return the usable counts of an entry, and for each that cannot be one a clause that says why."""
    read = [_theirs(count, reference, today, declared) for count in counts]
    return [one for one in read if isinstance(one, Theirs)], [one for one in read if isinstance(one, str)]


def _own(count: Count, observed: date | None, today: date, floor: float) -> Own | str | None:
    low, high, day = count["low"], count["high"], count["date"] or observed
    unit = fold(count["unit"] or "persons")
    if unit in HOUSEHOLD_SIZE or all(count[name] is None for name in ("value", "low", "high")):
        return None
    if wrong := _impossible(count["value"], low, high) or _not_yet(day, today):
        return f"the record's count {wrong}"
    method, value = method_of(count["method"]), _middle(count)
    if value is None:
        return "the record only says how many there are at most"
    if value == 0:
        return "the record counts nobody"
    if count["value"] is None and high is None:  # "more than 500"
        method = as_lower_bound(method)
    sigma = error_of(method, (low, high), floor)
    told = Own(value, unit, fold(count["group"] or ""), method, sigma, day)
    return told if sigma <= _VAGUEST else f"the record gives {_range(low, high)}, which is too wide to say anything"


def _middle(count: Count) -> float | None:
    """Return a count as one number, None where only its most is known."""
    value, low, high = count["value"], count["low"], count["high"]
    if value is not None or high is None:
        return float(low if value is None else value)
    open_below = low is None or (not low and count["status"] == CellStatus.OPEN_ENDED_BOUND.value)
    return None if open_below else (low + high) / 2


def _theirs(count: Count, reference: date | None, today: date, declared: CountCoverage) -> Theirs | str | None:
    day = count["date"] or reference
    noisy = mechanism_of(declared.disclosure, count["value"]).kind in _NOISY
    wrong = _impossible(None if noisy else count["value"], count["low"], count["high"]) or _not_yet(day, today)
    if wrong:
        return f"the official count {wrong}"
    disclosed = published(count, declared.disclosure)
    if disclosed is None:
        return None
    unit, group = fold(count["unit"] or "persons"), fold(count["group"] or "")
    return Theirs(disclosed, unit, group, count["method"], day)


def lower_bound(own: Own, unit: str) -> Own | None:
    """Return a count of some of the people as a least number of persons; None where it is none, or no persons."""
    if own.unit not in LOWER_BOUNDS or unit != "persons":
        return None
    method = as_lower_bound(own.method)
    return replace(own, unit=unit, method=method, sigma=max(own.sigma, method.sigma), some=own.unit)


def _impossible(value: float | None, low: float | None, high: float | None) -> str | None:
    """Return what is wrong with a number and its range, as the end of "the count …"."""
    numbers = [number for number in (value, low, high) if number is not None]
    if not all(map(math.isfinite, numbers)):
        return "is no number"
    if any(number < 0 for number in numbers):
        return f"of {min(numbers):,.0f} is negative"
    if low is not None and high is not None and low > high:
        return f"has its range upside down, from {low:,.0f} to {high:,.0f}"
    if value is not None and not (0 if low is None else low) <= value <= (value if high is None else high):
        return f"of {value:,.0f} lies outside {_range(low, high)}"
    return None


def _not_yet(day: date | None, today: date) -> str | None:
    return f"is of {day}, which has not come yet" if day is not None and day > today else None


def _range(low: float | None, high: float | None) -> str:
    ends = (f"from {low:,.0f}" if low is not None else "", f"to {high:,.0f}" if high is not None else "")
    return f"its range {' '.join(end for end in ends if end)}"
