"""Search points by distance: everything within each query's own radius, and the nearest neighbour.

Points live on the unit sphere, so that the antimeridian and the poles need no special care. The k nearest are never a
substitute for "all within the radius": in dense places they lose the true one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.distance import EARTH_RADIUS_M, chord_of, distance_of, haversine_m, unit_vectors

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


class Near(NamedTuple):
    """Pairs of a query and a row within its radius, ordered by query, then row; distances in metres."""

    query: Rows
    row: Rows
    distance_m: Floats


class Surroundings(NamedTuple):
    """What lies around each query; NaN where it has no point, or too few rows have one."""

    nearest_m: Floats  # distance in metres to the nearest row
    spacing_m: Floats  # median spacing in metres among the nearest rows
    density_km2: Floats  # rows on a km², judged by the nearest ones


@dataclass(frozen=True)
class Points:
    """Points of a table, by row; rows without a point are not found."""

    lat: Floats
    lon: Floats

    @cached_property
    def rows(self) -> Rows:
        """The rows that have a point."""
        return np.flatnonzero(np.isfinite(self.lat) & np.isfinite(self.lon))

    @cached_property
    def _tree(self) -> cKDTree | None:
        rows = self.rows
        return cKDTree(unit_vectors(self.lat[rows], self.lon[rows])) if len(rows) else None

    def within(self, lat: Floats, lon: Floats, radius_m: Floats) -> Near:
        """Return all rows no farther from each query than its radius in metres; a NaN query finds nothing."""
        asked = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon) & np.isfinite(radius_m))
        if self._tree is None or not len(asked):
            empty = np.zeros(0, np.int64)
            return Near(empty, empty, np.zeros(0))
        # A hair wider than asked, then cut at the exact distance, so that rounding loses nobody.
        chords = chord_of(radius_m[asked]) * (1 + 1e-9) + 1e-12
        found = self._tree.query_ball_point(unit_vectors(lat[asked], lon[asked]), chords, return_sorted=True)
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        query = np.repeat(asked, sizes)
        row = self.rows[np.concatenate([np.asarray(rows, np.int64) for rows in found])]
        distance = haversine_m(lat[query], lon[query], self.lat[row], self.lon[row])
        inside = distance <= radius_m[query]
        return Near(query[inside], row[inside], distance[inside])

    def around(self, lat: Floats, lon: Floats, among: int) -> Surroundings:
        """Look at the `among` rows nearest to each query."""
        around = Surroundings(*(np.full(len(lat), np.nan) for _ in Surroundings._fields))
        asked = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        if self._tree is None or not len(asked):
            return around
        count = min(among, len(self.rows))
        chords, nearby = self._tree.query(unit_vectors(lat[asked], lon[asked]), k=range(1, count + 1))
        around.nearest_m[asked] = distance_of(chords[:, 0])
        around.spacing_m[asked] = _middle(self.spacing_m[self.rows[nearby]])
        # A cap's area on the sphere; at least a hectare, so that rows at one point are not infinitely dense.
        cap_km2 = math.pi * (chords[:, -1] * EARTH_RADIUS_M / 1000) ** 2
        around.density_km2[asked] = count / np.maximum(cap_km2, 0.01)
        return around

    @cached_property
    def spacing_m(self) -> Floats:
        """For each row, the distance in metres to the nearest other point; NaN where there is none."""
        spacing = np.full(len(self.lat), np.nan)
        if self._tree is not None and len(self.rows) > 1:
            chords = self._tree.query(self._tree.data, k=2)[0][:, 1]
            spacing[self.rows] = distance_of(chords)
        return spacing


def _middle(values: Floats) -> Floats:
    """Return the median of each row; as `np.median` does, at a fraction of its cost for few rows."""
    count = values.shape[1]
    return np.asarray(np.sort(values, axis=1)[:, [(count - 1) // 2, count // 2]].mean(axis=1))
