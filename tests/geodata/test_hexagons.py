"""Hexagons: the finest cell in which enough people live, by one list alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.distance import haversine_m
from geodata.hexagons import COARSEST, REACH_M, Settlements, cell_at, density, finest, resolution_of

POINT = (-1.3151, 36.7826)


def around(step: float, each: float, many: int = 7) -> Settlements:
    """Return settlements in a square about the point, `step` degrees apart, with so many residents each."""
    offsets = [(row - many // 2) * step for row in range(many)]
    return Settlements.of((POINT[0] + north, POINT[1] + east, each) for north in offsets for east in offsets)


@given(st.floats(-85, 85), st.floats(-180, 180), st.integers(COARSEST, 9))
def test_the_radius_of_a_cell_holds_every_point_of_it(lat, lon, resolution):
    """From the centre, the stated radius reaches the point; all of a cell is within reach of any point of it."""
    cell = cell_at(lat, lon, resolution)
    assert resolution_of(cell.id) == cell.resolution == resolution
    assert float(haversine_m(cell.lat, cell.lon, lat, lon)) <= cell.radius_m
    assert 2 * cell.radius_m <= REACH_M


def test_a_cell_needs_residents_and_settlements():
    """Either alone is not enough: a city is one settlement, and empty villages are nobody."""
    crowded = around(0.002, 400)
    assert finest(POINT, [crowded], (1_000, 5), 8).resolution == 8
    assert finest(POINT, [crowded], (1_000, 30), 8).resolution < 8
    assert finest(POINT, [around(0.002, 10)], (1_000, 5), 8) is None
    assert finest(POINT, [Settlements.of([(*POINT, 1e6)])], (1_000, 5), 8) is None
    assert finest(POINT, [around(0.002, float("nan"))], (1_000, 5), 8) is None
    assert finest(POINT, [], (1_000, 5), 8) is None


def test_a_cell_grows_until_enough_people_live_in_it():
    """The rarer the settlements, the larger the cell; and never finer than asked for."""
    found = [finest(POINT, [around(step, 400)], (1_000, 5), 8).resolution for step in (0.002, 0.006, 0.015, 0.04)]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == 4
    assert finest(POINT, [around(0.002, 400)], (1_000, 5), 6).resolution == 6


def test_two_lists_of_the_same_villages_do_not_add_up():
    """What two lists say of one place counts once: the residents that one list alone knows."""
    half = around(0.002, 45)
    alone = finest(POINT, [half], (1_000, 5), 8)
    assert finest(POINT, [half, half, half], (1_000, 5), 8) == alone
    assert alone is None or alone.resolution < 8


def test_the_cell_found_holds_the_point_and_enough_people():
    """What is found is the cell of the point, with the numbers asked for."""
    known = around(0.006, 400)
    cell = finest(POINT, [known], (1_000, 5), 8)
    inside = known.inside(cell)
    assert cell == cell_at(*POINT, cell.resolution)
    assert inside.sum() >= 5
    assert np.nansum(known.residents[inside]) >= 1_000


def test_density_is_of_the_surroundings_and_says_how_uneven_they_are():
    """Residents per km² of the cell about the point; one crowded spot is far more uneven than many."""
    even = density(POINT, [around(0.01, 100, 31)])
    spot = density(POINT, [Settlements.of([(*POINT, 1e5)])])
    assert even[0] == pytest.approx(100 / 1.112**2, rel=0.05)
    assert spot[1] > 1 > even[1]
    assert density(POINT, []) == (0.0, 0.0)
