"""What several accounts count of one community, brought to one unit and date and then to one number.

Only counts whose error is known enter the mean: a number without a method is shown and left out, and so is one that
only repeats the official list. A list of members, pupils or beneficiaries counts some of the people: it enters no mean,
but nothing that is concluded may fall below it. Counts of different dates are brought to the latest one where the rate
of growth is known; where it is not, only those within two years of the latest are one question.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np

from matchers.communities.combining import Combined, combine
from matchers.counting.methods import Method
from matchers.pairs import Floats

Z95 = 1.96
DAYS = 365.25  # of a year
_ONE_DATE_YEARS = 2.0  # apart at most, where nobody knows how fast the community grows
_SIGMA_GROWTH = 0.015  # of a known rate of growth, a year, by which a count is brought to another date


class Part(StrEnum):
    """What one count does for the common one."""

    COMBINED = "combined"
    FLOOR = "lower_bound"
    UNWEIGHABLE = "method_unknown"
    COPY = "official_copy"
    OUTDATED = "other_date"
    FUTURE = "in_the_future"
    UNFIT = "quality_too_low"


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one account counts. Estimates that are held together are of one unit and of everybody who lives there."""

    value: float  # above zero
    sd: float  # of its logarithm: of the method, or of the account's own range where that is wider
    day: date
    method: Method
    copy: bool = False  # repeats an official list
    fit: bool = True  # the quality of its collection lets it be used at all

    @property
    def low(self) -> float:
        """Lower end of the 95 % range; the number itself where it is a lower bound."""
        return self.value if self.method.lower_bound else self.value / math.exp(Z95 * self.sd)

    @property
    def high(self) -> float | None:
        """Upper end of the 95 % range; None where nobody can say how many more there are."""
        return None if self.method.lower_bound else self.value * math.exp(Z95 * self.sd)


@dataclass(frozen=True, slots=True)
class Together:
    """What the estimates come to, at the date of the latest of them."""

    parts: tuple[Part, ...]  # what each estimate did for it
    day: date
    combined: Combined  # of those that are its parts, in their order
    floor: float | None  # the greatest lower bound

    @property
    def value(self) -> float:
        """The common count."""
        return max(self.combined.value, self.floor or 0.0)

    @property
    def low(self) -> float:
        """Lower end of the 95 % range."""
        return max(self.combined.value / math.exp(Z95 * self.combined.sd), self.floor or 0.0)

    @property
    def high(self) -> float:
        """Upper end of the 95 % range."""
        return max(self.combined.value * math.exp(Z95 * self.combined.sd), self.value)

    @property
    def number(self) -> int:
        """How many estimates were combined."""
        return self.parts.count(Part.COMBINED)

    @property
    def conflicting(self) -> bool:
        """Whether they differ by more than their errors allow, or a lower bound lies above all they allow."""
        return self.combined.conflicting or (
            self.floor is not None and self.floor > self.combined.value * math.exp(Z95 * self.combined.sd)
        )

    @property
    def for_a_person(self) -> bool:
        """Whether no number should decide: the greatest is more than twice the smallest, and nothing explains it."""
        return self.combined.far_apart


def together(
    estimates: Sequence[Estimate], correlation: Floats, today: date, growth: float | None = None
) -> Together | None:
    """Return what the estimates come to, None where none can be weighed.

    `correlation` is that of their errors; `growth` the log growth a year, None where unknown. Raises `ValueError` for
    a count or standard deviation that is not positive.
    """
    parts = _parts(estimates, today, growth)
    rows = [row for row, part in enumerate(parts) if part is Part.COMBINED]
    if not rows:
        return None
    latest = max(estimates[row].day for row in rows)
    brought = [_brought(estimates[row], latest, growth) for row in rows]
    found = combine(
        np.array([one.value for one in brought]),
        np.array([one.sd for one in brought]),
        correlation[np.ix_(rows, rows)],
    )
    bounds = [one.value for one, part in zip(estimates, parts, strict=True) if part is Part.FLOOR]
    return Together(parts, latest, found, max(bounds, default=None))


def years_between(earlier: date, later: date) -> float:
    """Return the years from one day to another, negative where the second is the earlier one."""
    return (later - earlier).days / DAYS


def _parts(estimates: Sequence[Estimate], today: date, growth: float | None) -> tuple[Part, ...]:
    parts = [_part(one, today) for one in estimates]
    days = [one.day for one, part in zip(estimates, parts, strict=True) if part is Part.COMBINED]
    if growth is not None or not days:
        return tuple(parts)
    latest = max(days)
    return tuple(
        Part.OUTDATED if part is Part.COMBINED and years_between(one.day, latest) > _ONE_DATE_YEARS else part
        for one, part in zip(estimates, parts, strict=True)
    )


def _part(estimate: Estimate, today: date) -> Part:
    first = (
        (estimate.day > today, Part.FUTURE),
        (not estimate.fit, Part.UNFIT),
        (estimate.copy, Part.COPY),
        (estimate.method.lower_bound, Part.FLOOR),
        (not estimate.method.conclusive, Part.UNWEIGHABLE),
    )
    return next((part for holds, part in first if holds), Part.COMBINED)


def _brought(estimate: Estimate, latest: date, growth: float | None) -> Estimate:
    if growth is None:
        return estimate
    years = years_between(estimate.day, latest)
    return replace(
        estimate,
        value=estimate.value * math.exp(growth * years),
        sd=math.hypot(estimate.sd, _SIGMA_GROWTH * years),
    )
