"""How the counts of an official list are to be read: who was counted, how exactly, and what the publisher did to them.

Declared in the manifest of a list, under `[coverage.counts]`; see `docs/counts.md`. What is not declared is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geodata.counts.growthrates import Rate
from geodata.counts.netundercount import NetUndercount


class Basis(StrEnum):
    """Where the counts come from."""

    CENSUS = "census"
    REGISTER = "register"
    PROJECTION = "projection"
    SURVEY = "survey"


class Universe(StrEnum):
    """Whom the counts mean to count."""

    USUAL_RESIDENTS = "usual_residents"
    DE_JURE = "de_jure"
    DE_FACTO = "de_facto"  # whoever was there on the day
    HOUSEHOLD_POPULATION = "household_population"  # nobody in barracks, hostels, prisons
    CITIZENS = "citizens"


class Boundary(StrEnum):
    """How well the units counted agree with the communities people speak of."""

    SAME = "same"
    MINOR = "minor"
    NOT_IDENTICAL = "not_identical"
    UNRELATED = "unrelated"  # nothing can be compared


class Treatment(StrEnum):
    """What the publisher did to the numbers before they were printed."""

    NONE = "none"
    ROUNDED = "rounded"
    RANDOM_ROUNDED = "random_rounded"
    SUPPRESSED = "suppressed"  # small numbers are withheld
    GEOMETRIC = "geometric"  # two-sided geometric noise (differential privacy)
    MARGIN = "margin"  # a margin of error is published
    CELL_KEY = "cell_key"  # small changes by cell key, as the ONS makes them


class SizeBasis(StrEnum):
    """What a household size was taken from."""

    OWN_SAMPLE = "own_sample"
    AREA = "area"
    NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What the publisher did, with its numbers; each belongs to one treatment."""

    treatment: Treatment = Treatment.NONE
    base: int | None = None  # of rounding
    below: int | None = None  # numbers smaller than this are withheld
    zeros_shown: bool = True  # a zero is not withheld
    epsilon: float | None = None  # of geometric noise
    margin: float | None = None  # margin of error, in the unit of the counts; None: each count has its own bounds
    level: int = 90  # per cent, of the margin


@dataclass(frozen=True, slots=True)
class HouseholdSize:
    """How many persons a household has on average."""

    persons: float
    basis: SizeBasis = SizeBasis.NATIONAL
    n: int | None = None  # households asked, of a sample of one's own
    sd: float | None = None  # standard deviation between households


@dataclass(frozen=True, slots=True)
class CountCoverage:
    """How the counts of one official list are to be read. None means "not declared"."""

    basis: Basis | None = None
    relative_standard_error: float | None = None  # published, as a share of the count, e.g. 0.02
    universe: Universe | None = None
    leaves_out: frozenset[str] = frozenset()  # people not counted by rule, in words for groups or kinds of place
    boundary: Boundary | None = None
    disclosure: Disclosure = Disclosure()
    household_size: HouseholdSize | None = None
    growth: tuple[Rate, ...] = ()
    net_undercount: tuple[NetUndercount, ...] = ()  # as the publisher found it by counting again in a sample


NOTHING_DECLARED = CountCoverage()
