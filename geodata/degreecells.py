"""Cells of one degree: the ground divided so that what lies near a point is found in few of them."""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M

_ROWS, _COLUMNS = 180, 360
_REACH_M = 100_000.0
_METRES_PER_DEGREE = math.pi * EARTH_RADIUS_M / 180

#: How many cells there are; they are numbered from the south pole and the antimeridian on.
CELLS = _ROWS * _COLUMNS

#: A point without a cell, because a coordinate is not known.
NOWHERE = -1


def cells_of(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the number of each point's cell, `NOWHERE` where a coordinate (degrees) is NaN."""
    found = np.full(len(lat), NOWHERE, np.int64)
    known = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    row = np.clip(np.floor(lat[known]) + _ROWS // 2, 0, _ROWS - 1).astype(np.int64)
    column = (np.floor(lon[known]) + _COLUMNS // 2).astype(np.int64) % _COLUMNS
    found[known] = row * _COLUMNS + column
    return found


def around(cell: int) -> tuple[int, ...]:
    """Return a cell and those about it, ascending: all that lies within 100 km of any point of it is in these.

    Towards the poles, where a degree of longitude is short, these are more; over the antimeridian it goes on.
    """
    row, column = divmod(cell, _COLUMNS)
    rows = range(max(row - 1, 0), min(row + 2, _ROWS))
    poleward = max(abs(edge - _ROWS // 2) for edge in (rows.start, rows.stop))
    aside = math.ceil(_REACH_M / max(_METRES_PER_DEGREE * math.cos(math.radians(poleward)), 1.0))
    columns = range(_COLUMNS) if 2 * aside >= _COLUMNS else range(column - aside, column + aside + 1)
    return tuple(sorted(one * _COLUMNS + other % _COLUMNS for one, other in product(rows, columns)))
