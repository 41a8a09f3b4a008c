"""The one place where a location is made coarser.

A point is moved to the centre of its cell in a fixed grid of rows and columns laid over the globe. The same point
always gives the same centre, so asking twice tells nothing new, and the stated radius always holds the true point.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, cos, floor, pi, radians

from geodata.distance import EARTH_RADIUS_M, haversine_m

_SMALLEST_CELL_M, _LARGEST_CELL_M = 1, 5_000_000


@dataclass(frozen=True, slots=True)
class CoarsePoint:
    """The centre of a cell, and the radius in metres around it that holds the whole cell."""

    lat: float
    lon: float
    radius_m: float


def coarsen(lat: float, lon: float, cell_m: float) -> CoarsePoint:
    """Return the centre of the cell a point lies in.

    `lat` and `lon` are WGS 84 degrees, `cell_m` the side of a cell in metres. Cells are never smaller than that in
    either direction, anywhere on the globe: towards the poles a row has fewer columns. Coarsening a centre again
    returns it.
    Raises `ValueError` for a cell side that is not between one metre and 5,000 km, or a point off the globe.
    """
    if not _SMALLEST_CELL_M <= cell_m <= _LARGEST_CELL_M:
        msg = f"a cell of {cell_m} metres is not between 1 m and 5,000 km"
        raise ValueError(msg)
    if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - the globe, in degrees
        msg = "a point off the globe cannot be made coarser"
        raise ValueError(msg)
    rows = floor(pi * EARTH_RADIUS_M / cell_m)
    height = 180 / rows
    row = min(floor((lat + 90) / height), rows - 1)
    south, north = -90 + row * height, -90 + (row + 1) * height
    narrow = min(cos(radians(south)), cos(radians(north)))
    columns = max(1, floor(2 * pi * EARTH_RADIUS_M * narrow / cell_m))
    width = 360 / columns
    column = floor((lon + 180) / width) % columns
    centre = (round((south + north) / 2, 6), round(-180 + (column + 0.5) * width, 6))
    farthest = float(haversine_m(*centre, [south, north], centre[1] + width / 2).max())
    return CoarsePoint(*centre, radius_m=float(floor(farthest) + 1))


def coarsened_radius(point: CoarsePoint, r95_m: float | None) -> float:
    """Return the radius in metres that holds the true place with probability 0.95 or more.

    `r95_m` says how well the place was known before; None means unknown. The two radii add, the safe side.
    """
    return point.radius_m if r95_m is None else float(ceil(point.radius_m + r95_m))
