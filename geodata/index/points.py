"""Search points by distance: everything within each query's own radius, and the nearest neighbour.

Points live on the unit sphere, so that the antimeridian and the poles need no special care. The k nearest are never a
substitute for "all within the radius": in dense places they lose the true one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M, axes, chord_of, distance_of, haversine_m, unit_vectors
from geodata.index.balls import Balls
from geodata.index.bands import banded
from geodata.kernels.arrays import fixed, real
from geodata.kernels.bands import Bands, Spots
from geodata.kernels.jit import COMPILED

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


@dataclass(frozen=True, eq=False)
class Points:
    """Points of a table, by row; rows without a point are not found."""

    kept: ClassVar = ("rows", "spacing_m")  # what is saved beside the fields

    lat: Floats
    lon: Floats
    bands: Bands

    @classmethod
    def build(cls, lat: Floats, lon: Floats) -> Points:
        """Prepare a search of points, given in degrees; NaN where a row has none."""
        return cls(lat, lon, banded(lat, lon))

    @cached_property
    def rows(self) -> Rows:
        """The rows that have a point."""
        return np.sort(self.bands.row)

    def within(self, lat: Floats, lon: Floats, radius_m: Floats) -> Near:
        """Return all rows no farther from each query than its radius in metres; a NaN query finds nothing."""
        asked = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon) & np.isfinite(radius_m))
        # A hair wider than asked, then cut at the exact distance, so that rounding loses nobody.
        found, row = self._within(lat[asked], lon[asked], chord_of(radius_m[asked]) * (1 + 1e-9) + 1e-12)
        query = asked[found]
        distance = haversine_m(lat[query], lon[query], self.lat[row], self.lon[row])
        inside = distance <= radius_m[query]
        return Near(query[inside], row[inside], distance[inside])

    def around(self, lat: Floats, lon: Floats, among: int) -> Surroundings:
        """Look at the `among` rows nearest to each query; the first among equals."""
        around = Surroundings(*(np.full(len(lat), np.nan) for _ in Surroundings._fields))
        asked = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        count = min(among, len(self.bands.row))
        if not count or not len(asked):
            return around
        nearby, chords = self._nearest(lat[asked], lon[asked], count)
        around.nearest_m[asked] = distance_of(chords[:, 0])
        around.spacing_m[asked] = _middle(self._spacing_of(nearby))
        # A cap's area on the sphere; at least a hectare, so that rows at one point are not infinitely dense.
        cap_km2 = math.pi * (chords[:, -1] * EARTH_RADIUS_M / 1000) ** 2
        around.density_km2[asked] = count / np.maximum(cap_km2, 0.01)
        return around

    @cached_property
    def spacing_m(self) -> Floats:
        """For each row, the distance in metres to the nearest other point; NaN where there is none."""
        spacing = np.full(len(self.lat), np.nan)
        rows = self.bands.row
        if len(rows) > 1:
            spacing[rows] = distance_of(self._nearest(self.lat[rows], self.lon[rows], 2)[1][:, 1])
        return spacing

    def _spacing_of(self, rows: Rows) -> Floats:
        """Return the spacing of some rows, without that of all others where those are many."""
        if "spacing_m" in vars(self) or 4 * rows.size > len(self.bands.row) or len(self.bands.row) == 1:
            return self.spacing_m[rows]
        few, which = (rows[0], np.arange(rows.size)[None]) if len(rows) == 1 else np.unique(rows, return_inverse=True)
        return np.asarray(distance_of(self._nearest(self.lat[few], self.lon[few], 2)[1][:, 1])[which])

    def _within(self, lat: Floats, lon: Floats, chord: Floats) -> tuple[Rows, Rows]:
        if not COMPILED:
            return self.balls.within(unit_vectors(lat, lon), chord)
        from geodata.kernels.walking import within  # noqa: PLC0415 - loads numba

        return within(self._walked, spots(lat, lon), real(chord))

    def _nearest(self, lat: Floats, lon: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows of the nearest points of each query, and their chords."""
        if not COMPILED:
            rows, squares = self.balls.nearest(unit_vectors(lat, lon), count)
        else:
            from geodata.kernels.nearest import nearest  # noqa: PLC0415 - loads numba

            rows, squares = nearest(self._walked, spots(lat, lon), count)
        return rows, np.sqrt(squares)

    @cached_property
    def _walked(self) -> Bands:
        return Bands(*map(fixed, self.bands))

    @cached_property
    def balls(self) -> Balls:
        """The same points in a k-d tree, which the plain way of searching asks."""
        return Balls.build(self.lat, self.lon)


def spots(lat: Floats, lon: Floats) -> Spots:
    """Return queries as kernels take them."""
    return Spots(*map(real, (lat, lon, *axes(lat, lon))))


def _middle(values: Floats) -> Floats:
    """Return the median of each row; as `np.median` does, at a fraction of its cost for few rows."""
    count = values.shape[1]
    return np.asarray(np.sort(values, axis=1)[:, [(count - 1) // 2, count // 2]].mean(axis=1))
