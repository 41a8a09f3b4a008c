"""Points as walks over them take them: those of a table in bands of latitude, and those that are asked for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


class Bands(NamedTuple):
    """The rows of a table that have a point, by band of latitude, then longitude; arrays that a file can hold.

    All bands are of one height and reach from pole to pole.
    """

    start: Rows  # where each band begins in the columns below; one longer than the bands
    row: Rows
    lon: Floats  # in degrees, -180 (with) to 180 (without)
    x: Floats  # on the unit sphere, as `geodata.distance.unit_vectors` gives them
    y: Floats
    z: Floats


class Spots(NamedTuple):
    """Queries: their points in degrees, and on the unit sphere as `geodata.distance.unit_vectors` gives them."""

    lat: Floats
    lon: Floats
    x: Floats
    y: Floats
    z: Floats
