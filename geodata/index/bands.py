"""Points in bands of latitude, each from west to east: all that lie near a place are a few runs of neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.distance import unit_vectors
from geodata.kernels.bands import Bands

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

PER_DEGREE = 50  # bands: each 2.2 km high, about what a record's own radius spans
COUNT = 180 * PER_DEGREE


def banded(lat: Floats, lon: Floats) -> Bands:
    """Put the rows that have a point in bands, given points in degrees."""
    rows = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
    band = np.clip((lat[rows] + 90) * PER_DEGREE, 0, COUNT - 1).astype(np.int64)
    east = wrapped(lon[rows])
    order = np.lexsort((east, band))
    rows = rows[order]
    start = np.zeros(COUNT + 1, np.int64)
    np.cumsum(np.bincount(band, minlength=COUNT), out=start[1:])
    return Bands(
        start, rows, east[order], *(np.ascontiguousarray(axis) for axis in unit_vectors(lat[rows], lon[rows]).T)
    )


def wrapped(lon: Floats) -> Floats:
    """Return longitudes in degrees, in -180 (with) to 180 (without); those that are there already, to the last bit."""
    inside = (lon >= -180) & (lon < 180)  # noqa: PLR2004 - degrees
    return np.where(inside, lon, (lon + 180) % 360 - 180)
