"""Growth of population between two dates: rates as statistical offices publish them, exponential, per year."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_DAYS = 365.25


class Part(StrEnum):
    """Whose growth a rate is."""

    ALL = "all"
    URBAN = "urban"
    RURAL = "rural"


@dataclass(frozen=True, slots=True)
class Rate:
    """The growth of one population over one span of time: it goes with exp(per_year x years)."""

    start: date
    end: date
    per_year: float  # 0.022 is 2.2 % a year
    country: str | None = None  # ISO 3166-1 alpha-3; None: wherever the list speaks of
    unit: tuple[str, str] | None = None  # an administrative unit, as column and value: ("county", "Nairobi")
    part: Part = Part.ALL
    source: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be a rate."""
        if self.end <= self.start:
            msg = f"a growth rate needs a span of time, not {self.start} to {self.end}"
            raise ValueError(msg)
        if not math.isfinite(self.per_year) or abs(self.per_year) > 1:
            msg = f"{self.per_year} is no growth rate per year; 0.022 is 2.2 % a year"
            raise ValueError(msg)


def between_counts(first: tuple[date, float], second: tuple[date, float]) -> float:
    """Return the rate per year between two counts of one population: ln(P2/P1)/n.

    Raises `ValueError` unless both counts are positive and the second is the later one.
    """
    (start, before), (end, after) = first, second
    years = (end - start).days / _DAYS
    if before <= 0 or after <= 0 or years <= 0:
        msg = f"no growth lies between {before:g} on {start} and {after:g} on {end}"
        raise ValueError(msg)
    return math.log(after / before) / years


def of_year(year: int) -> tuple[date, date]:
    """Return the span that an annual rate speaks of: from the middle of the year before to the middle of the year.

    So the World Bank defines the rate of a year.
    """
    return date(year - 1, 7, 1), date(year, 7, 1)
