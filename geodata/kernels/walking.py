"""Walks over points in bands of latitude: everything within a radius of its own for each query, and the nearest few.

A band is entered only where it can hold a point near enough, at the western end of what can be; distances are compared
as straight lines through the unit sphere, so that the antimeridian and the poles need no special care.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
from geodata.kernels.growing import doubled
from geodata.kernels.jit import compiled

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_WIDER = 1e-9  # degrees, and of itself: more than rounding takes away
_POLE = 90.0
_HALF = 180.0
_SMALL = 0.25
_STEEP = 1 - 1e-12  # of a sine: from here on rounding moves the angle by more than `_WIDER` says


class Spot(NamedTuple):
    """One query: its point in degrees and on the unit sphere, and the chord up to which points are near."""

    lat: Any
    lon: Any
    x: Any
    y: Any
    z: Any
    chord: Any


@compiled
def spot(spots: Spots, asked: Any, chord: Any) -> Spot:
    """Return one query of a column."""
    return Spot(spots.lat[asked], spots.lon[asked], spots.x[asked], spots.y[asked], spots.z[asked], chord)


@compiled
def square(bands: Bands, at: Any, here: Spot) -> Any:
    """Return the squared chord from a query to the point at a place in the bands."""
    x, y, z = bands.x[at] - here.x, bands.y[at] - here.y, bands.z[at] - here.z
    return x * x + y * y + z * z


@compiled
def reached(bands: Bands, here: Spot) -> tuple[Any, Any]:
    """Return the first and last band that a query's radius reaches."""
    count = len(bands.start) - 1
    high = math.degrees(2 * _arc(here.chord / 2)) * (1 + _WIDER) + _WIDER
    first = math.floor((here.lat - high + _POLE) / _HALF * count)
    last = math.floor((here.lat + high + _POLE) / _HALF * count)
    return min(max(first, 0), count - 1), min(max(last, 0), count - 1)


@compiled
def half_width(here: Spot) -> Any:
    """Return how many degrees of longitude a query's radius spans to either side; 180 where it holds a pole."""
    half = min(here.chord / 2, 1.0)
    sine = 2 * half * math.sqrt(1 - half * half)  # of the angle whose chord it is
    across = math.sqrt(here.x * here.x + here.y * here.y)
    if abs(here.lat) + math.degrees(2 * _arc(half)) >= _POLE - _WIDER or sine >= across * _STEEP:
        return _HALF
    return math.degrees(_arc(sine / across)) * (1 + _WIDER) + _WIDER


@compiled
def _arc(sine: Any) -> Any:
    """Return the angle of a sine in radians; of a small one a little more, for the price of two products.

    The series of the arcsine, x + x³/6 + 3x⁵/40 + ..., is less than x + x³/5 as far as here.
    """
    return sine * (1 + 0.2 * sine * sine) if sine < _SMALL else math.asin(min(sine, 1.0))


@compiled
def first_east_of(lon: Floats, west: Any, start: Any, end: Any) -> Any:
    """Return the first place of a band, from `start` up to `end`, that is not west of a longitude."""
    while start < end:
        middle = (start + end) // 2
        if lon[middle] < west:
            start = middle + 1
        else:
            end = middle
    return start


@compiled
def turned(lon: Any) -> Any:
    """Return a longitude in -180 (with) to 180 (without)."""
    if -_HALF <= lon < _HALF:
        return lon
    return (lon + _HALF) % (2 * _HALF) - _HALF


@compiled
def stretches(lon: Any, half: Any) -> tuple[Any, Any, Any, Any]:
    """Return the longitudes within `half` degrees of one, as two stretches (west, east, west, east).

    The second is empty (its west lies east of its east) unless the antimeridian parts them.
    """
    if half >= _HALF:
        return -_HALF, _HALF, 1.0, 0.0
    west, east = turned(lon) - half, turned(lon) + half
    if west < -_HALF:
        return -_HALF, east, west + 2 * _HALF, _HALF
    if east >= _HALF:
        return west, _HALF, -_HALF, east - 2 * _HALF
    return west, east, 1.0, 0.0


@compiled
def within(bands: Bands, spots: Spots, chord: Floats) -> tuple[Rows, Rows]:
    """Return (query, row) for all rows up to a chord of its own from each query, by query, then row."""
    query, row = np.empty(1024, np.int64), np.empty(1024, np.int64)
    count = 0
    for asked in range(len(chord)):
        here = spot(spots, asked, chord[asked])
        first, last = reached(bands, here)
        ends = stretches(here.lon, half_width(here))
        began = count
        for band in range(first, last + 1):
            for west, east in ((ends[0], ends[1]), (ends[2], ends[3])):
                at = first_east_of(bands.lon, west, bands.start[band], bands.start[band + 1]) if west <= east else 0
                stop = bands.start[band + 1] if west <= east else 0
                while at < stop and bands.lon[at] <= east:
                    if square(bands, at, here) <= here.chord * here.chord:
                        if count == len(row):
                            query, row = doubled(query), doubled(row)
                        row[count] = bands.row[at]
                        count += 1
                    at += 1
        query[began:count] = asked
        row[began:count].sort()
    return query[:count].copy(), row[:count].copy()
