"""Great-circle distances one by one, in compiled code: `geodata.distance.haversine_m` without most of its sines."""

from __future__ import annotations

import math

from geodata.distance import EARTH_RADIUS_M
from geodata.kernels.jit import compiled

#: Below, a few terms of the series are exact to the last bits of a float.
_SMALL = 0.02
_SIXTH = 1 / 6

Turn = tuple[float, float, float]  # latitude, longitude in radians, cosine of the latitude


@compiled
def metres_apart(one: Turn, other: Turn) -> float:
    """Return the distance of two points in metres; NaN where either has no coordinates."""
    north = _sine_of_half(other[0] - one[0])
    east = _sine_of_half(other[1] - one[1])
    squared = north * north + one[2] * other[2] * (east * east)
    return math.nan if math.isnan(squared) else 2 * EARTH_RADIUS_M * _arcsine(math.sqrt(min(squared, 1.0)))


@compiled
def _sine_of_half(angle: float) -> float:
    half = angle / 2
    if abs(half) > _SMALL:
        return math.sin(half)
    square = half * half
    return half * (1 - square * (_SIXTH - square * (1 / 120 - square * (1 / 5040))))


@compiled
def _arcsine(sine: float) -> float:
    if sine > _SMALL:
        return math.asin(sine)
    square = sine * sine
    return sine * (1 + square * (_SIXTH + square * (3 / 40 + square * (15 / 336 + square * (105 / 3456)))))
