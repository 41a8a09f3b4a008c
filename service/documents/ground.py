"""The ground of a map: which part of the earth it shows, and where on the paper a place lies.

Plate carrée, true to scale along its middle parallel: good to a per cent or two over a country, and everybody's
coordinates read off at the edge. Where a country lies on both sides of 180° the map goes across.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from geodata.distance import EARTH_RADIUS_M

_METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180
_MARGIN = 0.08  # of the extent, on each side
_LEAST_M = 1_500.0  # from edge to edge: a single place has surroundings
_TURN, _POLE = 360.0, 90.0
_STEPS = (30, 20, 10, 5, 2, 1, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002)
_LENGTHS_KM = (2_000, 1_000, 500, 200, 100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1)


@dataclass(frozen=True, slots=True)
class Extent:
    """Degrees that hold everything shown; `east` is over 180 where the map goes across the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @property
    def middle(self) -> float:
        """The middle parallel."""
        return (self.south + self.north) / 2

    @property
    def wide_m(self) -> float:
        """From west to east along the middle parallel, metres."""
        return (self.east - self.west) * _METRES_PER_DEGREE * shrink(self.middle)

    @property
    def high_m(self) -> float:
        """From south to north, metres."""
        return (self.north - self.south) * _METRES_PER_DEGREE


@dataclass(frozen=True, slots=True)
class Ground:
    """An extent laid on paper of some size, its units those of the picture."""

    extent: Extent
    width: float
    height: float

    @property
    def per_m(self) -> float:
        """Units of the picture for a metre."""
        return self.width / self.extent.wide_m

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        """Return where a place in degrees lies, from the upper left corner."""
        east = self.extent.east
        turned = lon + _TURN if lon + _TURN <= east + 1e-9 and lon < self.extent.west else lon
        x = (turned - self.extent.west) / (east - self.extent.west) * self.width
        y = (self.extent.north - lat) / (self.extent.north - self.extent.south) * self.height
        return x, y

    def bar_km(self) -> float:
        """Return a round length for the scale bar: about a quarter of the width."""
        wide = self.extent.wide_m / 1_000
        return next((length for length in _LENGTHS_KM if length <= wide / 3.5), _LENGTHS_KM[-1])

    def lines(self) -> tuple[list[float], list[float]]:
        """Return the parallels and the meridians that are drawn, in degrees; about four of the sparser ones."""
        extent = self.extent
        least = min(extent.east - extent.west, extent.north - extent.south)
        step = next((one for one in _STEPS if one <= least / 2), _STEPS[-1])
        return _multiples(extent.south, extent.north, step), _multiples(extent.west, extent.east, step)


def extent_of(points: Sequence[tuple[float, float]]) -> Extent:
    """Return what holds points (latitude, longitude in degrees), the shorter way round the earth; with no margin."""
    lats, lons = [lat for lat, _ in points], sorted({lon for _, lon in points})
    gaps = [(after - before, before, after) for before, after in pairwise(lons)]
    around = _TURN - (lons[-1] - lons[0])
    widest = max(gaps, default=(0.0, 0.0, 0.0))
    if widest[0] > around:  # the empty part lies between: go across the antimeridian
        return Extent(widest[2], min(lats), widest[1] + _TURN, max(lats))
    return Extent(lons[0], min(lats), lons[-1], max(lats))


def ground(extent: Extent, width: float, heights: tuple[float, float]) -> Ground:
    """Lay an extent on paper of a width, with a margin; the height follows, within two limits."""
    lat, lon = extent.middle, (extent.west + extent.east) / 2
    wide, high = (max(side * (1 + 2 * _MARGIN), _LEAST_M) for side in (extent.wide_m, extent.high_m))
    height = min(max(width * high / wide, heights[0]), heights[1])
    per_m = min(width / wide, height / high)
    half_lat = height / per_m / 2 / _METRES_PER_DEGREE
    half_lon = width / per_m / 2 / _METRES_PER_DEGREE / shrink(lat)
    south, north = max(lat - half_lat, -_POLE), min(lat + half_lat, _POLE)
    return Ground(Extent(lon - half_lon, south, lon + half_lon, north), width, height)


def shrink(lat: float) -> float:
    """Return how much shorter a degree of longitude is at a latitude than at the equator."""
    return max(math.cos(math.radians(lat)), 0.01)


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return [number * step for number in range(first, last + 1)]
