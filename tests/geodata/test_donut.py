"""Donut masking: the numbers of the method, uniform by area, and never over the border."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import Point, box

from geodata.distance import haversine_m
from geodata.donut import displaced, ring

POINT = (-1.3, 36.8)
WIDE = box(36.0, -2.0, 37.5, -0.5)


def test_the_ring_is_that_of_the_method():
    """Fifty people to the km² and 20 to 200 of them: from 0.357 to 1.128 km; where uneven, the area is tripled."""
    around = ring(50, 0.4, (20, 200))
    assert around.least_m == pytest.approx(357, abs=1)
    assert around.most_m == pytest.approx(1_128, abs=1)
    uneven = ring(50, 1.4, (20, 200))
    assert (uneven.least_m / around.least_m) ** 2 == pytest.approx(3)


def test_nobody_is_hidden_among_nobody():
    """Without residents there is no ring."""
    with pytest.raises(ValueError, match="nobody is known to live"):
        ring(0, 0, (20, 200))


def test_points_lie_in_the_ring_uniformly_by_area():
    """Half of the area of the ring holds half of the points, and every direction as many as its opposite."""
    chance = np.random.default_rng(7).random
    around = ring(50, 0, (20, 200))
    points = np.array([displaced(POINT, WIDE, around, chance) for _ in range(4_000)])
    far = haversine_m(*POINT, points[:, 0], points[:, 1])
    assert far.min() >= around.least_m - 2
    assert far.max() <= around.most_m + 2
    middle = np.sqrt((around.least_m**2 + around.most_m**2) / 2)
    assert (far < middle).mean() == pytest.approx(0.5, abs=0.03)
    assert (points[:, 0] > POINT[0]).mean() == pytest.approx(0.5, abs=0.03)
    assert (points[:, 1] > POINT[1]).mean() == pytest.approx(0.5, abs=0.03)


def test_a_point_stays_inside_its_border():
    """Beside a border only the directions inside are left; where nothing of the ring is inside, there is no point."""
    chance = np.random.default_rng(7).random
    around = ring(50, 0, (20, 200))
    east = box(36.7999, -2.0, 37.5, -0.5)
    for _ in range(200):
        lat, lon = displaced(POINT, east, around, chance)
        assert east.covers(Point(lon, lat))
    tiny = Point(POINT[1], POINT[0]).buffer(0.001)
    assert displaced(POINT, tiny, around, chance) is None
