"""Make a volunteer's account of each listed place: its name as people write it, roughly where it is, in which unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.places import Places
from matchers.evaluation.hiding import unit_columns
from matchers.evaluation.location_noise import LocationNoise, locate
from matchers.evaluation.spelling_noise import SpellingNoise, called, respelled

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class UnitNoise:
    """How accounts say in which unit a place lies; shares of accounts, of the finest unit."""

    unsaid: float = 0.08  # left out
    neighbour: float = 0.02  # another unit of the same parent is named
    respelled: float = 0.02  # written otherwise than the list writes it


@dataclass(frozen=True, slots=True)
class Noise:
    """All the ways in which an account differs from the list."""

    spelling: SpellingNoise = field(default_factory=SpellingNoise)
    location: LocationNoise = field(default_factory=LocationNoise)
    units: UnitNoise = field(default_factory=UnitNoise)
    kind_unsaid: float = 0.3  # of accounts, without a kind of place


def accounts(official: Places, noise: Noise, random: Random) -> Places:
    """Return one account per listed place, in order, with ids of their own (`account-1` …). Same seed, same accounts.

    Counts, groups and areas are left out: what is measured is whether the place is found.
    """
    at = locate(official.lat, official.lon, noise.location, random)
    kinds = [kind if random.random() >= noise.kind_unsaid else None for kind in official.texts("kind")]
    names = [
        called([name["text"] for name in names or ()], kind, noise.spelling, random)
        for names, kind in zip(official.column("names").to_pylist(), official.texts("kind"), strict=True)
    ]
    return Places.from_columns(
        {
            "id": [f"account-{row + 1}" for row in range(len(official))],
            "names": [[{"text": name}] if name else [] for name in names],
            "country": official.column("country"),
            "admin": [list(units.items()) for units in _units(official, noise, random)],
            "lat": _nullable(at.lat),
            "lon": _nullable(at.lon),
            "r95_m": _nullable(at.r95_m),
            "kind": kinds,
        }
    )


def _units(official: Places, noise: Noise, random: Random) -> list[dict[str, str]]:
    columns = unit_columns(official)
    rows: list[dict[str, str]] = [dict(row or ()) for row in official.column("admin").to_pylist()]
    siblings: dict[tuple[Any, ...], dict[str, None]] = defaultdict(dict)
    for row in rows:
        if columns and columns[0] in row:
            siblings[_parents(row, columns)][row[columns[0]]] = None
    return [_said(row, columns, (list(siblings[_parents(row, columns)]), noise), random) for row in rows]


def _said(
    row: dict[str, str], columns: tuple[str, ...], known: tuple[list[str], Noise], random: Random
) -> dict[str, str]:
    siblings, noise = known
    drawn, other = random.random(), int(random.integers(len(siblings) or 1))
    if not columns or columns[0] not in row:
        return row
    finest = columns[0]
    if drawn < noise.units.unsaid:
        return {column: value for column, value in row.items() if column != finest}
    drawn -= noise.units.unsaid
    if drawn < noise.units.neighbour:
        return row | {finest: siblings[other]}
    if drawn - noise.units.neighbour < noise.units.respelled:
        return row | {finest: respelled(row[finest], None, noise.spelling, random)}
    return row


def _parents(row: dict[str, str], columns: tuple[str, ...]) -> tuple[str | None, ...]:
    return tuple(row.get(column) for column in columns[1:])


def _nullable(values: NDArray[np.float64]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
