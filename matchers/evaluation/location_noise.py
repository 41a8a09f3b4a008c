"""How far from the listed point a volunteer says a place is.

Stated accuracies are too good: most errors are within what is stated, some far beyond, a few have nothing to do with
the place. What is stated is a radius holding the point with probability 0.95 (r95), by how the point was taken.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.distance import EARTH_RADIUS_M, R95_PER_SIGMA

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LocationNoise:
    """Errors of location in metres, and how many accounts have them."""

    r95_m: tuple[float, ...] = (200.0, 1_000.0, 5_000.0)  # a receiver at the place, a map, a description
    shares: tuple[float, ...] = (0.35, 0.45, 0.20)  # of accounts, by how the point was taken
    official_r95_m: float = 1_000.0  # of the listed point itself: a centre is a matter of opinion
    tail: float = 0.08  # of points, wrong by more than was stated
    tail_scale: float = 4.0  # how much more
    gross: float = 0.005  # of points, wrong altogether: another place of the name, a mistyped degree
    gross_m: tuple[float, float] = (20_000.0, 200_000.0)
    unstated: float = 0.2  # of points, without a stated radius
    unlocated: float = 0.15  # of accounts, without a point


@dataclass(frozen=True)
class Located:
    """Where accounts say they are: degrees, and metres of stated r95; NaN where not said."""

    lat: Floats
    lon: Floats
    r95_m: Floats


def locate(lat: Floats, lon: Floats, noise: LocationNoise, random: np.random.Generator) -> Located:
    """Return accounts of the given points, which may be NaN: then the account has none either."""
    count = len(lat)
    stated = random.choice(noise.r95_m, count, p=noise.shares)
    own = stated / R95_PER_SIGMA * np.where(random.random(count) < noise.tail, noise.tail_scale, 1.0)
    sigma = np.hypot(own, noise.official_r95_m / R95_PER_SIGMA)
    away = sigma * np.sqrt(-2 * np.log1p(-random.random(count)))  # a Rayleigh distance: normal along both axes
    gross = random.random(count) < noise.gross
    away = np.where(gross, random.uniform(*noise.gross_m, count), away)
    new_lat, new_lon = _moved(lat, lon, away, random.uniform(0, 2 * np.pi, count))
    silent = random.random(count) < noise.unlocated
    unstated = silent | np.isnan(lat) | (random.random(count) < noise.unstated)
    return Located(
        np.where(silent, np.nan, new_lat), np.where(silent, np.nan, new_lon), np.where(unstated, np.nan, stated)
    )


def _moved(lat: Floats, lon: Floats, away_m: Floats, bearing: Floats) -> tuple[Floats, Floats]:
    """Return the points so many metres off in these directions (radians), along great circles."""
    angle, phi = away_m / EARTH_RADIUS_M, np.radians(lat)
    sine = np.sin(phi) * np.cos(angle) + np.cos(phi) * np.sin(angle) * np.cos(bearing)
    turn = np.arctan2(np.sin(bearing) * np.sin(angle) * np.cos(phi), np.cos(angle) - np.sin(phi) * sine)
    east = (lon + np.degrees(turn) + 180.0) % 360.0 - 180.0
    return np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0))), east
