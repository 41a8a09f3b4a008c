"""Whether a list would hold a place at all: where it would not, its silence is no finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from geodata.coverage import CoverageManifest
from geodata.kinds import BROADER, Compatibility, compatibility, fineness, lineage
from geodata.names.folding import fold


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


def restricted(coverage: CoverageManifest) -> bool:
    """Return whether a manifest leaves anything out at all."""
    return bool(
        coverage.countries
        or coverage.bbox
        or coverage.admin
        or coverage.excludes
        or coverage.lowest_level
        or coverage.kinds
        or coverage.minimum_persons
    )


def outside(subject: Subject, coverage: CoverageManifest) -> tuple[str, ...]:
    """Return why the list would not hold such a place, each as a clause about the list; empty where it would."""
    return tuple(_outside(subject, coverage))


def _outside(subject: Subject, coverage: CoverageManifest) -> Iterator[str]:
    if coverage.countries and subject.country and subject.country not in coverage.countries:
        yield f"it covers {_words(coverage.countries)}, not {subject.country}"
    if coverage.bbox and not inside(subject.lat, subject.lon, coverage.bbox):
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


def inside(lat: Any, lon: Any, bbox: tuple[float, float, float, float]) -> Any:
    """Return whether a location, or each of a column of them, lies in a box of degrees; an unknown one may."""
    west, south, east, north = bbox
    across = (west <= lon) & (lon <= east) if west <= east else (lon >= west) | (lon <= east)
    return ~np.isfinite(lat) | (across & (south <= lat) & (lat <= north))


def _words(terms: Any) -> str:
    return ", ".join(sorted(str(term).replace("_", " ") for term in terms))
