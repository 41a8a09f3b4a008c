"""What decides, beside the two counts themselves, whether and how a record and an entry can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.counts.coverage import NOTHING_DECLARED, Boundary, CountCoverage, HouseholdSize
from geodata.counts.growthrates import Rate
from geodata.kinds import fineness, kind_of
from geodata.names.folding import fold
from matchers.base import OfficialList
from matchers.circumstances import NOTHING_KNOWN, Circumstances
from matchers.counting.additivity import mismatches
from matchers.counting.conversion import own_size
from matchers.counting.definitions import Gap, boundary_of, definition_gap, left_out
from matchers.counting.growth import ANYBODY, Population, part_of
from matchers.parameters import Counting

Row = Mapping[str, Any]  # of `geodata.places.SCHEMA`

#: The columns of an account and of an entry that a frame reads.
COLUMNS = ("id", "names", "country", "admin", "area", "kind", "counts", "observed", "founded", "attributes")
_DRIVEN_OUT = re.compile(r"\b(evict|displac|demoli|relocat|resettl|disaster|flood|earthquake|cyclone|war\b)")
_ONLY_FEARED = re.compile(r"\b(risk|threat|fear|possible|planned)")


@dataclass(frozen=True, slots=True)
class Frame:
    """How one record's counts are held against those of one entry."""

    counting: Counting
    today: date
    dates: tuple[date | None, date | None]  # to fall back on for counts of either side that give none
    gap: Gap
    declared: CountCoverage = NOTHING_DECLARED
    population: Population = ANYBODY
    rates: tuple[Rate, ...] = ()
    size: HouseholdSize | None = None  # persons per household
    floor: float = 0.0  # least error of the record's counts
    spread_years: float = 0.0  # by which the record's day may be off, where only a year was stated
    founded: date | None = None
    driven_out: str | None = None  # what drove people away, in the record's words
    left_out: str | None = None  # what the list's counts leave out that the record is about, in the list's words
    incoherent: str | None = None  # where parts of the entry, or those it is a part of, do not add up


@dataclass(frozen=True)
class Setting:
    """What all records of a comparison share: the list, the parameters, the day, and what else is known."""

    official: OfficialList
    counting: Counting
    today: date
    known: Circumstances = NOTHING_KNOWN

    def frame(self, account: Row, entry: Row | None = None) -> Frame:
        """Return how an account is held against an entry of the list, or against the whole of it."""
        declared = self.official.coverage.counts or NOTHING_DECLARED
        boundary = declared.boundary or Boundary.NOT_IDENTICAL
        if entry is not None:
            boundary = boundary_of(account, entry, declared)
        country = account["country"] or (entry["country"] if entry else None)
        return Frame(
            counting=self.counting,
            today=self.today,
            dates=(account["observed"], self.reference),
            gap=definition_gap(boundary, declared.universe, self.counting),
            declared=declared,
            population=Population(country, _units(account, entry), part_of(kind_of(account["kind"]))),
            rates=self.rates_of(country),
            size=own_size(account["counts"] or (), account["attributes"] or ()) or declared.household_size,
            floor=self.known.sigma_floor.get(account["id"], 0.0),
            spread_years=self.known.spread_years.get(account["id"], 0.0),
            founded=account["founded"],
            driven_out=_driven_out(account["attributes"] or ()),
            left_out=left_out(account, declared),
            incoherent=mismatches(self.official).get(entry["id"]) if entry else None,
        )

    @property
    def reference(self) -> date | None:
        """The day the list describes, where it says so."""
        return self.official.reference_date or self.official.coverage.reference_date

    def rates_of(self, country: str | None) -> tuple[Rate, ...]:
        """Return the growth rates that are known of a country or, by the list, of anybody."""
        declared = self.official.coverage.counts or NOTHING_DECLARED
        return (*declared.growth, *self.known.growth.rates.get(country or "", ()))


def _units(account: Row, entry: Row | None) -> tuple[tuple[str, str], ...]:
    """Return the administrative units a community lies in, folded, the coarsest first."""
    said = dict((*((entry["admin"] or ()) if entry else ()), *(account["admin"] or ())))
    units = ((fold(column), fold(value)) for column, value in said.items() if value)
    return tuple(sorted(units, key=lambda unit: (fineness(unit[0]), unit)))


def _driven_out(attributes: Iterable[tuple[str, str | None]]) -> str | None:
    """Return what drove people out of a community, None where nothing did; what is only feared has not happened."""
    for header, text in attributes:
        if fold(header) in {"drivers", "driver"} and text:
            for driver in re.split(r"[;|,]", text):
                if _DRIVEN_OUT.search(driver.casefold()) and not _ONLY_FEARED.search(driver.casefold()):
                    return driver.strip()
    return None
