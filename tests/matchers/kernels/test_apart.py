"""Distances one by one are those of whole columns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geodata.distance import haversine_m
from matchers.kernels.apart import metres_apart


@pytest.mark.parametrize("span", [1e-6, 1e-4, 0.01, 0.5, 3.0, 90.0])
def test_a_distance_is_that_of_the_column(span):
    """From a hand's breadth to half the Earth the two differ by less than a thousandth of a millimetre."""
    random = np.random.default_rng(7)
    lat, lon = random.uniform(-80, 80, 200), random.uniform(-180, 180, 200)
    other = np.clip(lat + random.uniform(-span, span, 200), -90, 90), lon + random.uniform(-span, span, 200)
    expected = haversine_m(lat, lon, *other)
    turns = [[np.radians(lat), np.radians(lon), np.cos(np.radians(lat))]]
    turns.append([np.radians(other[0]), np.radians(other[1]), np.cos(np.radians(other[0]))])
    ours = [
        metres_apart(tuple(map(float, one)), tuple(map(float, two)))
        for one, two in zip(np.transpose(turns[0]), np.transpose(turns[1]), strict=True)
    ]
    np.testing.assert_allclose(ours, expected, rtol=1e-14, atol=1e-6)


def test_no_distance_without_coordinates():
    """A place without coordinates is nowhere near."""
    assert math.isnan(metres_apart((0.0, 0.0, 1.0), (math.nan, math.nan, math.nan)))
