"""Polygons of places: which of them hold a point, and how large they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M, haversine_m
from geodata.places import Places

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_METRES_PER_DEGREE = np.pi * EARTH_RADIUS_M / 180


class Holding(NamedTuple):
    """Pairs of a query and a row whose polygon holds it or nearly does.

    `outside_m` is 0 where it holds it; `inside_m` is how far the border is from there, 0 where it does not.
    """

    query: Rows
    row: Rows
    outside_m: Floats
    inside_m: Floats


def agreement(one: bytes, other: bytes) -> float:
    """Return the share of two polygons' union that both of them cover, 0..1; zero where either cannot be read."""
    first, second = shapely.make_valid(shapely.from_wkb([one, other], on_invalid="ignore"))
    if first is None or second is None:
        return 0.0
    union = shapely.union(first, second).area
    return float(shapely.intersection(first, second).area / union) if union else 0.0


@dataclass(frozen=True, eq=False)
class Areas:
    """The polygons of a table, and the rows they belong to."""

    rows: Rows
    polygons: NDArray[np.object_]

    @classmethod
    def of(cls, places: Places) -> Areas:
        """Read the polygons of a table; empty and unreadable ones are passed over."""
        column = places.column("area")
        if column.null_count == len(column):
            return cls(np.zeros(0, np.int64), np.zeros(0, object))
        wkb = np.array(column.to_pylist(), dtype=object)
        polygons = shapely.from_wkb(wkb, on_invalid="ignore")
        rows = np.flatnonzero(~(shapely.is_missing(polygons) | shapely.is_empty(polygons)))
        return cls(rows.astype(np.int64), polygons[rows])

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.polygons)

    @cached_property
    def km2(self) -> Floats:
        """The area of each polygon in km², taken flat at its own latitude."""
        bounds = shapely.bounds(self.polygons)
        shrink = np.cos(np.radians((bounds[:, 1] + bounds[:, 3]) / 2)) if len(bounds) else np.zeros(0)
        return np.asarray(shapely.area(self.polygons) * shrink * (_METRES_PER_DEGREE / 1000) ** 2)

    def radius_m(self, lat: Floats, lon: Floats) -> Floats:
        """Return for each polygon the distance in metres from its row's point to the farthest of its corners."""
        corners, polygon = shapely.get_coordinates(self.polygons, return_index=True)
        away = haversine_m(lat[self.rows][polygon], lon[self.rows][polygon], corners[:, 1], corners[:, 0])
        farthest = np.zeros(len(self.rows))
        np.fmax.at(farthest, polygon, away)
        return farthest

    def holding(self, lat: Floats, lon: Floats, margin_m: Floats) -> Holding:
        """Return the polygons that hold each point or lie within its margin in metres."""
        asked = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        if not len(self.rows) or not len(asked):
            empty = np.zeros(0, np.int64)
            return Holding(empty, empty, np.zeros(0), np.zeros(0))
        shrink = np.maximum(np.cos(np.radians(lat[asked])), 0.01)
        reach = margin_m[asked] / _METRES_PER_DEGREE
        boxes = shapely.box(
            lon[asked] - reach / shrink, lat[asked] - reach, lon[asked] + reach / shrink, lat[asked] + reach
        )
        which, polygon = self._tree.query(boxes, predicate="intersects")
        points = shapely.points(lon[asked][which], lat[asked][which])
        outside = _apart_m(points, self.polygons[polygon], shrink[which])
        kept = outside <= margin_m[asked][which]
        inside = np.zeros(int(kept.sum()))
        within = outside[kept] == 0
        held, borders = np.flatnonzero(kept)[within], shapely.boundary(self.polygons[polygon[kept][within]])
        inside[within] = _apart_m(points[held], borders, shrink[which][held])
        return Holding(asked[which[kept]], self.rows[polygon[kept]], outside[kept], inside)


def _apart_m(points: NDArray[np.object_], shapes: NDArray[np.object_], shrink: Floats) -> Floats:
    """Return how far each point is from its shape in metres, taken flat at its own latitude."""
    nearest = shapely.get_point(shapely.shortest_line(points, shapes), 1)
    east = (shapely.get_x(nearest) - shapely.get_x(points)) * shrink
    north = shapely.get_y(nearest) - shapely.get_y(points)
    return np.asarray(np.hypot(east, north) * _METRES_PER_DEGREE, dtype=np.float64)
