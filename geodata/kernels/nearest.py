"""The nearest points of each query, through bands of latitude: from its own band outwards, until none can be nearer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.bands import Bands, Spots
from geodata.kernels.jit import compiled
from geodata.kernels.walking import Spot, first_east_of, spot, square, turned

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_QUARTER, _HALF = 90.0, 180.0  # of a circle, in degrees
_NEARER = 1 - 1e-9  # of a bound: rounding must not shut anybody out


@compiled
def nearest(bands: Bands, spots: Spots, among: Any) -> tuple[Rows, Floats]:
    """Return the rows of the `among` nearest points of each query and their squared chords; by row among equals.

    There must be as many points.
    """
    rows, squares = np.empty((len(spots.lat), among), np.int64), np.full((len(spots.lat), among), np.inf)
    for asked in range(len(spots.lat)):
        here = spot(spots, asked, 0.0)
        best = rows[asked], squares[asked]
        count = len(bands.start) - 1
        own = min(max(int((here.lat + _QUARTER) / _HALF * count), 0), count - 1)
        _look(bands, own, here, best)
        south, north = own - 1, own + 1
        while True:
            while south >= 0 and bands.start[south] == bands.start[south + 1]:
                south -= 1
            while north < count and bands.start[north] == bands.start[north + 1]:
                north += 1
            below = _away(here.lat - (south + 1) * _HALF / count + _QUARTER) if south >= 0 else np.inf
            above = _away(north * _HALF / count - _QUARTER - here.lat) if north < count else np.inf
            if min(below, above) * _NEARER > squares[asked, -1] or min(below, above) == np.inf:
                break
            if below <= above:
                _look(bands, south, here, best)
                south -= 1
            else:
                _look(bands, north, here, best)
                north += 1
    return rows, squares


@compiled
def _away(degrees: Any) -> Any:
    """Return the squared chord of an angle in degrees, none below nought."""
    return (2 * math.sin(math.radians(min(max(degrees, 0.0), _HALF)) / 2)) ** 2


@compiled
def _look(bands: Bands, band: Any, here: Spot, best: tuple[Rows, Floats]) -> None:
    """Go from a query's longitude both ways through one band, for as long as a point may be among the nearest."""
    start, end = bands.start[band], bands.start[band + 1]
    across = math.cos(math.radians(here.lat))
    lon = turned(here.lon)
    middle = first_east_of(bands.lon, lon, start, end)
    for step in (1, -1):
        at = middle if step == 1 else middle - 1
        for _ in range(end - start):
            if at == end:
                at = start
            elif at < start:
                at = end - 1
            aside = (bands.lon[at] - lon) * step % (2 * _HALF)
            if aside > _HALF or _beside(aside, across, here.lat) * _NEARER > best[1][-1]:
                break
            _take(bands.row[at], square(bands, at, here), best)
            at += step


@compiled
def _beside(aside: Any, across: Any, lat: Any) -> Any:
    """Return the least squared chord to a meridian that lies so many degrees aside."""
    if aside >= _QUARTER:
        return _away(_QUARTER - abs(lat))
    sine = across * math.sin(math.radians(aside))
    return 2 * sine * sine / (1 + math.sqrt(max(1 - sine * sine, 0.0)))


@compiled
def _take(row: Any, chord: Any, best: tuple[Rows, Floats]) -> None:
    """Put a row among the nearest in its place, where it belongs there and is not there yet."""
    rows, squares = best
    at = len(rows) - 1
    if chord > squares[at] or (chord == squares[at] and row > rows[at]):
        return
    for other in range(len(rows)):
        if squares[other] == chord and rows[other] == row:
            return
    while at > 0 and (squares[at - 1] > chord or (squares[at - 1] == chord and rows[at - 1] > row)):
        rows[at], squares[at] = rows[at - 1], squares[at - 1]
        at -= 1
    rows[at], squares[at] = row, chord
