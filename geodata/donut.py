"""Donut masking: a point moved once, far enough to stand among some dozens of people and near enough to be of use.

After Hampton et al., "Mapping health data: improved privacy protection with donut method geomasking", American Journal
of Epidemiology 172 (2010). Where people live unevenly the least area is tripled.
"""

from __future__ import annotations

from collections.abc import Callable
from math import asin, atan2, cos, degrees, pi, radians, sin, sqrt
from typing import NamedTuple

from shapely import Point
from shapely.geometry.base import BaseGeometry

from geodata.distance import EARTH_RADIUS_M

#: Coefficient of variation of density from which on people live unevenly.
_UNEVEN = 1.0

_TRIES = 1_000


class Ring(NamedTuple):
    """How far a point is moved, least and most, in metres."""

    least_m: float
    most_m: float


def ring(density_km2: float, variation: float, among: tuple[int, int]) -> Ring:
    """Return the ring in which (least, most) people live besides; raises `ValueError` where nobody is known to.

    `density_km2` is residents per km², `variation` its coefficient of variation: √(k / πD), times √3 where over 1.
    """
    if density_km2 <= 0:
        msg = "a point cannot be moved among people where nobody is known to live"
        raise ValueError(msg)
    stretch = sqrt(3) if variation > _UNEVEN else 1.0
    least, most = (1_000 * stretch * sqrt(people / (pi * density_km2)) for people in among)
    return Ring(least, most)


def displaced(
    point: tuple[float, float], within: BaseGeometry, around: Ring, chance: Callable[[], float]
) -> tuple[float, float] | None:
    """Return a point of the ring about another (latitude, longitude) that lies in an area; None where none was found.

    Directions are uniform, distances uniform by area; `chance` gives numbers of [0, 1), and has to be one that nobody
    can foresee.
    """
    for _ in range(_TRIES):
        bearing, share = 2 * pi * chance(), chance()
        moved = sqrt(around.least_m**2 + share * (around.most_m**2 - around.least_m**2))
        lat, lon = _moved(point, bearing, moved / EARTH_RADIUS_M)
        if within.covers(Point(lon, lat)):
            return lat, lon
    return None


def _moved(point: tuple[float, float], bearing: float, angle: float) -> tuple[float, float]:
    phi, lam = map(radians, point)
    to = asin(sin(phi) * cos(angle) + cos(phi) * sin(angle) * cos(bearing))
    across = atan2(sin(bearing) * sin(angle) * cos(phi), cos(angle) - sin(phi) * sin(to))
    return round(degrees(to), 5), round((degrees(lam + across) + 180) % 360 - 180, 5)
