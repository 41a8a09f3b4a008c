"""Whether a list's silence means anything: what the list would hold, and what must be true to call a place absent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.coverage import Completeness, CoverageManifest
from geodata.distance import R95_PER_SIGMA
from geodata.folding import fold
from geodata.kinds import BROADER, Compatibility, compatibility, fineness, lineage
from matchers.admin import record_values
from matchers.base import OfficialList
from matchers.candidates import Reach
from matchers.model import Task
from matchers.pairs import Floats, Rows

Flags = NDArray[np.bool_]

_FEW_METRES = 1000.0  # no record is asked to be placed more exactly than this
_SPACINGS_AWAY = 3.0


@dataclass(frozen=True, slots=True)
class Subject:
    """What of one record decides whether a list would hold it."""

    kind: str | None
    country: str | None
    admin: Mapping[str, str]
    groups: tuple[str, ...]
    lat: float
    lon: float
    persons: float | None
    founded: date | None


def outside(subject: Subject, coverage: CoverageManifest) -> tuple[str, ...]:
    """Return why the list would not hold such a place, each as a clause about the list; empty where it would."""
    return tuple(_outside(subject, coverage))


def _outside(subject: Subject, coverage: CoverageManifest) -> Iterator[str]:
    if coverage.countries and subject.country and subject.country not in coverage.countries:
        yield f"it covers {_words(coverage.countries)}, not {subject.country}"
    if coverage.bbox and np.isfinite(subject.lat) and not _inside(subject, coverage.bbox):
        yield "the location lies outside the area it covers"
    for column, values in coverage.admin:
        said = subject.admin.get(fold(column))
        if said and fold(said) not in {fold(value) for value in values}:
            yield f"it covers {column} {_words(values)}, not {said}"
    yield from _kind_outside(subject, coverage)
    if coverage.minimum_persons and subject.persons is not None and subject.persons < coverage.minimum_persons:
        yield f"it names no place of fewer than {coverage.minimum_persons} persons"


def _kind_outside(subject: Subject, coverage: CoverageManifest) -> Iterator[str]:
    own = {*lineage(subject.kind)} if subject.kind in BROADER else set()
    left_out = sorted(coverage.excludes & (own | set(subject.groups)))
    if left_out:
        yield f"it leaves out {_words(left_out)} by rule"
        return
    kind = subject.kind or "settlement"
    level = fineness(coverage.lowest_level)
    if level >= 0 and fineness(kind) > level and not _names_own_kind(coverage, kind):
        yield f"its lowest level is {coverage.lowest_level}, and a {kind.replace('_', ' ')} is below that"
    elif subject.kind and coverage.kinds and not _would_hold(coverage.kinds, subject.kind):
        yield f"it lists {_words(coverage.kinds)}, not a {subject.kind.replace('_', ' ')}"


def _names_own_kind(coverage: CoverageManifest, kind: str) -> bool:
    """Whether the list declares the very kind: a list of villages holds villages whatever its level is called."""
    return kind in coverage.kinds and kind != "settlement"


def _would_hold(kinds: frozenset[str], kind: str) -> bool:
    # A "settlement" may be one of the villages listed, and a town a unit of the same name; only known misfits are out.
    return any(compatibility(kind, listed) not in {Compatibility.SIBLING, Compatibility.DIFFERENT} for listed in kinds)


def _inside(subject: Subject, bbox: tuple[float, float, float, float]) -> bool:
    west, south, east, north = bbox
    across = west <= subject.lon <= east if west <= east else subject.lon >= west or subject.lon <= east
    return across and south <= subject.lat <= north


def _words(terms: Any) -> str:
    return ", ".join(sorted(str(term).replace("_", " ") for term in terms))


@dataclass(frozen=True)
class Neighbourhood:
    """What of the list lies around each record; columns by record."""

    unit_listed: Flags  # the list names other places in the same administrative unit
    silent: Flags  # list and record share no geography at all
    nearest_m: Floats  # to the nearest listed point; NaN where unknown
    spacing_m: Floats  # usual distance between listed points there; NaN where unknown
    enclosed: Flags  # an official polygon holds the record
    sigma_m: Floats  # of the record's location
    stated: Flags  # the record says how uncertain its location is

    @classmethod
    def of(cls, task: Task, reach: Reach, holding: tuple[Rows, Floats]) -> Neighbourhood:
        """Look around every record."""
        places, index = task.records.places, task.official.index
        unit_listed, compared = _units(task)
        nearest = index.points.nearest_m(places.lat, places.lon)
        enclosed = np.zeros(len(places), np.bool_)
        query, outside_m = holding
        enclosed[query[outside_m == 0]] = True
        return cls(
            unit_listed=unit_listed,
            silent=~np.isfinite(nearest) & ~compared & ~enclosed,
            nearest_m=nearest,
            spacing_m=index.points.local_spacing_m(places.lat, places.lon),
            enclosed=enclosed,
            sigma_m=reach.citizen_m,
            stated=np.isfinite(places.r95_m),
        )

    def enumerated(self, record: int) -> bool:
        """Return whether the list covers the ground the record lies on: a unit holds it or its neighbours are named."""
        return bool(self.enclosed[record] or self.unit_listed[record])


def _units(task: Task) -> tuple[Flags, Flags]:
    """Return whether the list names places in each record's finest shared unit, and whether any unit is shared."""
    listed = np.zeros(len(task.records.places), np.bool_)
    compared = listed.copy()
    for unit in task.profile.units:
        value = record_values(task.records, unit)
        first = ~compared & (value != -1)
        listed |= first & (value >= 0)
        compared |= value != -1
    return listed, compared


def failed_preconditions(record: int, around: Neighbourhood, official: OfficialList, *, named: bool) -> tuple[str, ...]:
    """Return what forbids calling the record absent from the list, each in plain words; empty where nothing does.

    A list that says nothing about its completeness counts as one that should name the place: whoever compares with it
    asks exactly that. A list that calls itself partial does not.
    """
    return tuple(_failed(record, around, official, named=named))


def _failed(record: int, around: Neighbourhood, official: OfficialList, *, named: bool) -> Iterator[str]:
    if official.coverage.completeness == Completeness.PARTIAL:
        yield "the list says itself that it is partial"
    if not named:
        yield "the record gives no name to look for"
    if around.silent[record]:
        return
    near = around.nearest_m[record] <= _SPACINGS_AWAY * around.spacing_m[record]
    if not (around.unit_listed[record] or around.enclosed[record] or near):
        yield "the list names no place nearby, so it may not cover this area"
    limit = max(2 * around.spacing_m[record], _FEW_METRES) if np.isfinite(around.spacing_m[record]) else np.inf
    r95 = around.sigma_m[record] * R95_PER_SIGMA
    if around.stated[record] and r95 > limit:
        yield f"the location is uncertain by {r95 / 1000:.1f} km, listed places lie closer together than that"
