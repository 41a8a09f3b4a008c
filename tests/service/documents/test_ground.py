"""The ground of a map: places lie where they should, also across the antimeridian and for a single one."""

from __future__ import annotations

import pytest

from geodata.distance import haversine_m
from service.documents.ground import extent_of, ground

KIBERA, NAIROBI = (-1.3133, 36.7876), (-1.2864, 36.8172)


def test_the_scale_holds_in_both_directions():
    """A kilometre east is as long on paper as a kilometre north, and as long as the scale says."""
    area = ground(extent_of([(59.0, 10.0), (60.0, 12.0)]), 500, (100, 900))
    x, y = area.at(59.5, 11.0)
    east, north = area.at(59.5, 11.1), area.at(59.55, 11.0)
    assert (east[0] - x) / haversine_m(59.5, 11.0, 59.5, 11.1) == pytest.approx(area.per_m, rel=0.01)
    assert (y - north[1]) / haversine_m(59.5, 11.0, 59.55, 11.0) == pytest.approx(area.per_m, rel=0.01)


def test_everything_is_on_the_paper():
    """Every place lies within the frame, whatever shape the country has."""
    for points in ([KIBERA, NAIROBI], [(-50, 20), (50, 21)], [(0, -170), (1, 170)], [(10, 0), (10, 80)]):
        area = ground(extent_of(points), 500, (200, 400))
        for lat, lon in points:
            x, y = area.at(lat, lon)
            assert 0 <= x <= area.width
            assert 0 <= y <= area.height


def test_islands_on_both_sides_of_the_antimeridian_are_near():
    """Fiji is a few degrees wide, not the whole earth."""
    area = ground(extent_of([(-16.8, -179.9), (-17.7, 177.4)]), 500, (200, 400))
    assert area.extent.east - area.extent.west < 6
    assert area.at(-16.8, -179.9)[0] > area.at(-17.7, 177.4)[0]


def test_a_single_place_has_surroundings():
    """One place lies in the middle of at least a kilometre and a half."""
    area = ground(extent_of([KIBERA]), 500, (300, 400))
    assert area.at(*KIBERA) == pytest.approx((area.width / 2, area.height / 2))
    assert area.extent.wide_m >= 1_500
    assert 0 < area.bar_km() * 1_000 < area.extent.wide_m / 2
