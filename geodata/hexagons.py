"""Hexagons of H3: the finest cell in which enough people live for one community among them not to stand out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil
from typing import Self

import h3.api.basic_int as h3
import numpy as np
from numpy.typing import NDArray

from geodata.distance import haversine_m

Floats = NDArray[np.float64]

#: The largest cells a place is shown by: 1,770 km² on average. Beyond, a district says as much.
COARSEST = 4

#: All of a cell, even of the coarsest, lies within this many metres of any point of it.
REACH_M = 75_000.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its H3 index, its centre in degrees, and the radius in metres around it that holds all of it."""

    id: str
    resolution: int
    lat: float
    lon: float
    radius_m: float


@dataclass(frozen=True)
class Settlements:
    """Where people live, by one official list: points in degrees, and residents, NaN where it does not say."""

    lat: Floats
    lon: Floats
    residents: Floats

    @classmethod
    def of(cls, rows: Iterable[tuple[float, float, float]]) -> Self:
        """Build from (latitude, longitude, residents)."""
        lat, lon, residents = np.array(list(rows), np.float64).reshape(-1, 3).T
        return cls(lat, lon, residents)

    def inside(self, cell: Cell) -> NDArray[np.bool_]:
        """Return which of them lie in a cell."""
        near = haversine_m(cell.lat, cell.lon, self.lat, self.lon) <= cell.radius_m
        own = h3.str_to_int(cell.id)
        for at in np.flatnonzero(near).tolist():
            near[at] = h3.latlng_to_cell(float(self.lat[at]), float(self.lon[at]), cell.resolution) == own
        return near


def cell_at(lat: float, lon: float, resolution: int) -> Cell:
    """Return the cell of a resolution (0 to 15) that a point in degrees lies in."""
    return _cell(h3.latlng_to_cell(lat, lon, resolution))


def resolution_of(cell: str) -> int:
    """Return the resolution of a cell by its H3 index."""
    return int(h3.get_resolution(h3.str_to_int(cell)))


def finest(point: tuple[float, float], lists: Iterable[Settlements], need: tuple[int, int], start: int) -> Cell | None:
    """Return the finest cell about a point (latitude, longitude) with so many (residents, settlements); None if none.

    `start` is the finest resolution allowed. Either number has to be reached by one list alone: lists overlap, and
    what two say of one village must not count twice.
    """
    known = tuple(lists)
    for cell in _coarser(point, start):
        counted = [(one.residents[inside := one.inside(cell)], int(inside.sum())) for one in known]
        residents = max((float(np.nansum(people)) for people, _ in counted), default=0.0)
        settlements = max((number for _, number in counted), default=0)
        if residents >= need[0] and settlements >= need[1]:
            return cell
    return None


def density(point: tuple[float, float], lists: Iterable[Settlements]) -> tuple[float, float]:
    """Return how many residents per km² live about a point, and the coefficient of variation among smaller cells.

    Of the cell of resolution 5 (253 km²) and its 49 cells of resolution 7, by the list that knows most people there.
    """
    around = cell_at(*point, 5)
    best = np.zeros(0)
    children = {h3.int_to_str(child): 0.0 for child in h3.cell_to_children(h3.str_to_int(around.id), 7)}
    for one in lists:
        numbers = dict(children)
        for at in np.flatnonzero(one.inside(around) & np.isfinite(one.residents)).tolist():
            own = h3.int_to_str(h3.latlng_to_cell(float(one.lat[at]), float(one.lon[at]), 7))
            numbers[own] = numbers.get(own, 0.0) + float(one.residents[at])
        best = max(best, np.array(list(numbers.values())), key=np.sum)
    total = float(best.sum())
    if total <= 0:
        return 0.0, 0.0
    return total / h3.cell_area(h3.str_to_int(around.id), "km^2"), float(best.std() / best.mean())


def _coarser(point: tuple[float, float], start: int) -> Iterator[Cell]:
    return (cell_at(*point, resolution) for resolution in range(start, COARSEST - 1, -1))


def _cell(index: int) -> Cell:
    lat, lon = h3.cell_to_latlng(index)
    corners = np.array(h3.cell_to_boundary(index))
    radius = float(haversine_m(lat, lon, corners[:, 0], corners[:, 1]).max())
    return Cell(h3.int_to_str(index), h3.get_resolution(index), round(lat, 6), round(lon, 6), float(ceil(radius) + 1))
