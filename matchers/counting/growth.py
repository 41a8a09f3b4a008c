"""How much a population grew between two dates, by the rates that are known of it.

    G = sum of r_t dt     (World Bank rates are exponential, so they add up)

The finest population of which rates are known is taken: an administrative unit the record lies in, then the urban or
rural part of its country, then the whole country. Local growth differs from any of them, and does so persistently:
`sigma` per year is fully correlated over the years.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from geodata.counts.growthrates import Part, Rate
from geodata.kinds import lineage
from geodata.names.folding import fold
from matchers.parameters import Counting

DAYS = 365.25
_REACH_YEARS = 5  # a year without a rate takes the nearest one within this


@dataclass(frozen=True)
class Growth:
    """The growth rates that are known, by country; `digest` names what they were read from."""

    rates: Mapping[str, tuple[Rate, ...]] = field(default_factory=dict)
    digest: str | None = None

    @classmethod
    def of(cls, rates: Sequence[Rate], digest: str | None = None) -> Growth:
        """Sort rates by country; those that name none are of no use here."""
        by_country: dict[str, list[Rate]] = {}
        for rate in rates:
            if rate.country is not None:
                by_country.setdefault(rate.country, []).append(rate)
        return cls({country: tuple(found) for country, found in by_country.items()}, digest)


NO_GROWTH = Growth()


@dataclass(frozen=True, slots=True)
class Population:
    """Whose growth is asked for."""

    country: str | None
    units: tuple[tuple[str, str], ...] = ()  # administrative units, folded: column and value
    part: Part | None = None  # urban or rural, where the kind of place says so


ANYBODY = Population(None)


@dataclass(frozen=True, slots=True)
class Projection:
    """Growth from one date to another. `log` is negative where the second date is the earlier one."""

    log: float
    sigma: float  # standard deviation of `log`
    per_year: float | None  # None: no rate is known, and none was applied
    whose: str = ""  # e.g. "county Nairobi", "the country's towns"
    source: str = ""

    def blurred(self, spread_years: float, counting: Counting) -> Projection:
        """Return the same where one of the dates may be off by some years."""
        per_year = counting.sigma_growth_per_year if self.per_year is None else counting.sigma_growth_known
        return replace(self, sigma=self.sigma + spread_years * per_year)


def part_of(kind: str | None) -> Part | None:
    """Return whether a kind of place is urban or rural, None where it may be either."""
    kinds = set(lineage(kind)) if kind else set()
    if kinds & {"town", "city", "neighbourhood", "informal_settlement"}:
        return Part.URBAN
    return Part.RURAL if "village" in kinds else None


def project(population: Population, dates: tuple[date, date], rates: Sequence[Rate], counting: Counting) -> Projection:
    """Return the growth of a population from the first date to the second.

    `rates` are those of the population's country and of the list, in any order.
    """
    start, end = sorted(dates)
    sign = 1 if dates == (start, end) else -1
    years = (end - start).days / DAYS
    for whose, chosen in _candidates(population, rates):
        found = _sum(chosen, start, end)
        if found is None:
            continue
        log, borrowed = found
        spread = counting.sigma_growth_known * (years - borrowed) + counting.sigma_growth_per_year * borrowed
        per_year = log / years if years else chosen[0].per_year
        sources = " and ".join(dict.fromkeys(rate.source for rate in chosen if rate.source))
        return Projection(sign * log, spread, per_year, whose, sources)
    return Projection(0.0, counting.sigma_growth_per_year * years, None)


def _candidates(population: Population, rates: Sequence[Rate]) -> Iterator[tuple[str, list[Rate]]]:
    """Yield the populations of which rates are known, the finest first."""
    fitting = [rate for rate in rates if rate.country in {None, population.country}]
    for column, value in reversed(population.units):
        of_unit = [
            rate for rate in fitting if rate.unit and (fold(rate.unit[0]), fold(rate.unit[1])) == (column, value)
        ]
        for part in filter(None, (population.part, Part.ALL)):
            if chosen := [rate for rate in of_unit if rate.part is part]:
                yield f"{column} {chosen[0].unit[1] if chosen[0].unit else value}", chosen
    whole = [rate for rate in fitting if rate.unit is None]
    words = {Part.URBAN: "the country's towns", Part.RURAL: "the countryside", Part.ALL: "the country"}
    for part in filter(None, (population.part, Part.ALL)):
        if chosen := [rate for rate in whole if rate.part is part]:
            yield words[part], chosen


def _sum(rates: Sequence[Rate], start: date, end: date) -> tuple[float, float] | None:
    """Return the growth over a span, and how many of its years had to borrow the rate of another.

    None where some day of it lies farther than five years from every rate.
    """
    edges = sorted({start, end, *(day for rate in rates for day in (rate.start, rate.end) if start < day < end)})
    log = borrowed = 0.0
    for first, last in pairwise(edges):
        away, rate = min(((_days_away(rate, first, last), rate) for rate in rates), key=lambda one: one[0])
        years = (last - first).days / DAYS
        if away > _REACH_YEARS * DAYS:
            return None
        log += rate.per_year * years
        borrowed += years if away else 0.0
    return log, borrowed


def _days_away(rate: Rate, first: date, last: date) -> int:
    return max((rate.start - first).days, (last - rate.end).days, 0) if rate.start > first or rate.end < last else 0
