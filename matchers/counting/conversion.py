"""Households and dwellings as persons, or persons as households: only where nothing is counted in one unit by both."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geodata.counts.coverage import HouseholdSize, SizeBasis
from geodata.names.folding import fold
from matchers.parameters import Counting

#: Units of a count, and headers of an attribute, that say how many persons a household has.
HOUSEHOLD_SIZE = frozenset(
    {
        *("household size", "average household size", "mean household size", "hh size", "persons per household"),
        *("people per household", "persons household"),
    }
)
_LEAST_SAMPLE = 30  # households, below which a sample of one's own is no better than an average
_UNITS = ("households", "dwellings")


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a number in one unit is multiplied by to be one of another."""

    factor: float
    sigma: float  # standard deviation of the factor on the log scale
    said: str  # e.g. "at 4.8 persons per household"


def conversion(mine: str, theirs: str, size: HouseholdSize | None, counting: Counting) -> Conversion | None:
    """Return how the record's unit becomes that of the list; None where it cannot, or nobody says the household size.

    A dwelling may hold several households or none, so its conversion is never more certain than a national average.
    """
    if size is None or "persons" not in {mine, theirs} or {mine, theirs}.isdisjoint(_UNITS):
        return None
    sigma = size_sigma(size, counting)
    if "dwellings" in {mine, theirs}:
        sigma = max(sigma, counting.sigma_household_national)
    factor = size.persons if theirs == "persons" else 1 / size.persons
    unit = (mine if theirs == "persons" else theirs).removesuffix("s")
    return Conversion(factor, sigma, f"at {size.persons:g} persons per {unit}")


def size_sigma(size: HouseholdSize, counting: Counting) -> float:
    """Return how uncertain a household size is, on the log scale.

    Of a sample of at least thirty households the standard error of its mean where that is known; of anything else by
    what it speaks of.
    """
    if size.basis is SizeBasis.OWN_SAMPLE and (size.n is None or size.n >= _LEAST_SAMPLE):
        if size.n is not None and size.sd is not None:
            return size.sd / (math.sqrt(size.n) * size.persons)
        return counting.sigma_household_sample
    if size.basis is SizeBasis.NATIONAL:
        return counting.sigma_household_national
    return counting.sigma_household_area


def own_size(counts: Iterable[Mapping[str, Any]], attributes: Iterable[tuple[str, str]]) -> HouseholdSize | None:
    """Return the household size a record gives, as a count of its own or as an attribute; None where it gives none.

    A size whose method is a survey or a sample is taken from the record's own sample, any other from the area.
    """
    for count in counts:
        if fold(count["unit"] or "") in HOUSEHOLD_SIZE and _possible(count["value"]):
            sampled = re.search(r"sample|survey|listing|enumerat|door", fold(count["method"] or ""))
            return HouseholdSize(count["value"], SizeBasis.OWN_SAMPLE if sampled else SizeBasis.AREA)
    for header, text in attributes:
        if fold(header) in HOUSEHOLD_SIZE and _possible(value := _number(text)):
            return HouseholdSize(value, SizeBasis.AREA)
    return None


def _possible(size: float | None) -> bool:
    return size is not None and 1 <= size <= 100  # noqa: PLR2004 - persons in one household


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
