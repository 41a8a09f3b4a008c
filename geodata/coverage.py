"""Coverage manifest: what an official list says it would list, so that silence can be read rightly.

A list of sub-locations says nothing about villages; a register of 2007 nothing about a school of 2012. The manifest is
declared by whoever adds the source, in a small TOML file beside it, and travels inside every snapshot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Completeness(StrEnum):
    """How far the list claims to name everything of its kinds inside its area."""

    EXHAUSTIVE = "exhaustive"
    REGISTER = "register"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CoverageManifest:
    """What one official list covers. Empty sets mean "not declared", never "nothing"."""

    completeness: Completeness = Completeness.UNKNOWN
    lowest_level: str | None = None  # the publisher's word, e.g. "sub-location"
    kinds: frozenset[str] = frozenset()  # kinds of place it would list (`geodata.kinds`)
    excludes: frozenset[str] = frozenset()  # kinds or groups it leaves out by rule, e.g. "camp"
    countries: frozenset[str] = frozenset()  # ISO 3166-1 alpha-3
    admin: tuple[tuple[str, frozenset[str]], ...] = ()  # within these values of these admin columns only
    bbox: tuple[float, float, float, float] | None = None  # west, south, east, north, degrees
    reference_date: date | None = None  # the day the list describes
    minimum_persons: int | None = None  # places smaller than this are not listed
    universe: str | None = None  # e.g. "usual residents, household population"
    location_r95_m: float | None = None  # uncertainty of the listed points, metres
    notes: tuple[str, ...] = field(default=())
