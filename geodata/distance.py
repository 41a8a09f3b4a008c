"""Great-circle distances on the mean Earth sphere, and radii of uncertainty. Degrees in, metres out."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS_M = 6_371_008.8  # mean radius R1 of the GRS 80 ellipsoid (IUGG)
HALF_CIRCUMFERENCE_M = math.pi * EARTH_RADIUS_M

#: r95 of a circular normal error in units of its standard deviation per axis: sqrt(-2 ln 0.05).
R95_PER_SIGMA = math.sqrt(-2 * math.log(0.05))

Floats = NDArray[np.float64]


def haversine_m(lat_1: ArrayLike, lon_1: ArrayLike, lat_2: ArrayLike, lon_2: ArrayLike) -> Floats:
    """Return great-circle distances in metres, elementwise; NaN where a coordinate is NaN."""
    phi_1, phi_2 = np.radians(lat_1), np.radians(lat_2)
    across = np.sin((phi_2 - phi_1) / 2) ** 2
    along = np.sin((np.radians(lon_2) - np.radians(lon_1)) / 2) ** 2
    chord = np.clip(across + np.cos(phi_1) * np.cos(phi_2) * along, 0.0, 1.0)
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(chord)), dtype=np.float64)


def unit_vectors(lat: ArrayLike, lon: ArrayLike) -> Floats:
    """Return points as rows of x, y, z on the unit sphere, where neither poles nor the antimeridian are special."""
    return np.column_stack(axes(lat, lon))


def axes(lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return the columns x, y and z of `unit_vectors`."""
    phi, lam = np.radians(lat), np.radians(lon)
    across = np.cos(phi)
    return across * np.cos(lam), across * np.sin(lam), np.sin(phi)


def chord_of(distance_m: ArrayLike) -> Floats:
    """Return the straight-line distance through the unit sphere of a great-circle distance in metres."""
    angle = np.minimum(np.asarray(distance_m, dtype=np.float64), HALF_CIRCUMFERENCE_M) / EARTH_RADIUS_M
    return np.asarray(2 * np.sin(angle / 2), dtype=np.float64)


def distance_of(chord: ArrayLike) -> Floats:
    """Return the great-circle distance in metres of a straight-line distance through the unit sphere."""
    half = np.clip(np.asarray(chord, dtype=np.float64) / 2, 0.0, 1.0)
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(half), dtype=np.float64)
