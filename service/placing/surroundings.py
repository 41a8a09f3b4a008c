"""What official lists say about the surroundings of a place: who lives where, in which district and border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from geodata.distance import haversine_m
from geodata.hexagons import REACH_M, Settlements
from geodata.index.admin import AdminKey, unit_key
from geodata.kinds import fineness, kind_of, lineage
from geodata.names.folding import fold
from geodata.places import Places
from matchers.base import OfficialList
from service.accounts.account import Account
from service.errors import Problem
from service.official.longlists import Listed, piece

_DISTRICT = 2  # `geodata.kinds.fineness`: a district or anything larger says little enough
_SETTLED = frozenset({"settlement", "ward"})
_PERSONS = "persons"


@dataclass(frozen=True, slots=True)
class District:
    """A district or a larger unit: its name, the middle of its official places, and the radius that holds them."""

    name: str
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True)
class Surroundings:
    """What lists that are in force say about where an account lies."""

    settlements: tuple[Settlements, ...] = ()  # near it, by list
    district: District | None = None
    border: BaseGeometry | None = None  # of the smallest unit that holds it, with other places in it


def surroundings(account: Account, lists: Sequence[Listed], least: int) -> Surroundings:
    """Return the surroundings of an account; a district needs `least` official places."""
    point = account.point()
    held = [found for one in lists if (found := _near(one, account)) is not None]
    if point is None:
        return Surroundings(district=_district(account, held, least))
    near = tuple(_settlements(one, point) for one in held)
    return Surroundings(near, _district(account, held, least), _border(held, point))


def _near(official: Listed, account: Account) -> OfficialList | None:
    try:
        return piece(official, account)
    except Problem:  # its archive is damaged, which syncing tells; a place is only shown more coarsely
        return None


def _settlements(official: OfficialList, point: tuple[float, float]) -> Settlements:
    index = official.index
    found = index.points.within(np.array([point[0]]), np.array([point[1]]), np.array([REACH_M])).row
    rows = index.places.take(found).table.select(["kind", "lat", "lon", "counts"]).to_pylist()
    settled = (row for row in rows if row["lat"] is not None and _is_settled(row["kind"]))
    return Settlements.of((row["lat"], row["lon"], _residents(row["counts"])) for row in settled)


def _is_settled(kind: str | None) -> bool:
    term = kind_of(kind)
    return term is not None and not _SETTLED.isdisjoint(lineage(term))


def _residents(counts: Sequence[dict[str, Any]] | None) -> float:
    """Return how many people an entry counts, by the least of its numbers; NaN where it counts none."""
    said = [
        count["low"] if count["value"] is None else count["value"]
        for count in counts or ()
        if count["unit"] == _PERSONS and not count["group"]
    ]
    known = [number for number in said if number is not None]
    return min(known) if known else float("nan")


def _district(account: Account, held: Sequence[OfficialList], least: int) -> District | None:
    """Return the finest unit of those an account states, a district or larger, that some list has enough places of."""
    stated = [(level, name) for level, name in account.admin if 0 <= fineness(level) <= _DISTRICT]
    for level, name in sorted(stated, key=lambda unit: -fineness(unit[0])):
        for official in held:
            places = _of_unit(official, account.country, level, name)
            if places is not None and len(places) >= least:
                return _middle(name, places, official.coverage.location_r95_m or 0.0)
    return None


def _of_unit(official: OfficialList, country: str, level: str, name: str) -> Places | None:
    """Return the located places of a unit, None where a list knows no such unit."""
    groups = official.index.admin
    numbers = groups.numbers(_keys(official, level, name))
    rows = groups.rows_of(numbers[numbers >= 0])[1]
    places = official.index.places.take(np.unique(rows))
    inside = np.isfinite(places.lat) & (np.array(places.texts("country"), dtype=object) == country)
    return places.take(np.flatnonzero(inside)) if inside.any() else None


def _keys(official: OfficialList, level: str, name: str) -> list[AdminKey]:
    """Return the columns of a list that are of the same fineness as a level, with the name as its keys have it."""
    columns = {key.column for key in official.index.admin.keys}
    alike = (column for column in columns if column == fold(level) or fineness(column) == fineness(level))
    return [AdminKey(column, unit_key(name)) for column in sorted(alike)]


def _middle(name: str, places: Places, usual_m: float) -> District:
    """Return the middle of places and the radius that holds them, as far off as each may be; `usual_m` if unsaid."""
    middle = (round(float(np.mean(places.lat)), 4), round(float(np.mean(places.lon)), 4))
    reach = haversine_m(*middle, places.lat, places.lon) + np.nan_to_num(places.r95_m, nan=usual_m)
    return District(name, *middle, float(np.ceil(reach.max())))


def _border(held: Sequence[OfficialList], point: tuple[float, float]) -> BaseGeometry | None:
    """Return the border of the smallest official unit that holds a point; never of a settlement by itself."""
    found: list[BaseGeometry] = []
    for official in held:
        index = official.index
        holding = index.areas.holding(np.array([point[0]]), np.array([point[1]]), np.array([0.0]))
        for row in holding.row.tolist():
            kind = kind_of(index.places.take([row]).texts("kind")[0])
            if kind is not None and "administrative_unit" in lineage(kind):
                found.append(index.areas.polygons[int(np.flatnonzero(index.areas.rows == row)[0])])
    return min(found, key=lambda border: border.area, default=None)
