"""A location made coarser: stable, never finer, honest about its radius."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from geodata.distance import haversine_m
from geodata.precision import coarsen, coarsened_radius

LAT = st.floats(-90, 90)
LON = st.floats(-180, 180)
CELL = st.sampled_from([100.0, 1_000.0, 2_500.0, 50_000.0])


@given(LAT, LON, CELL)
@example(-1.3133, 36.7876, 1_000.0)
@example(90.0, 180.0, 2_500.0)
@example(-90.0, -180.0, 2_500.0)
def test_holds_the_true_point(lat, lon, cell):
    """The stated radius around the centre always holds the true point."""
    coarse = coarsen(lat, lon, cell)
    assert haversine_m(lat, lon, coarse.lat, coarse.lon) <= coarse.radius_m


@given(LAT, LON, CELL)
def test_is_stable(lat, lon, cell):
    """Coarsening a centre again returns the same centre: there is nothing to learn by asking twice."""
    once = coarsen(lat, lon, cell)
    assert coarsen(once.lat, once.lon, cell) == once


@given(LAT, LON, CELL)
def test_is_never_finer_than_the_cell(lat, lon, cell):
    """The radius is at least that of a square cell of the side asked for."""
    assert coarsen(lat, lon, cell).radius_m >= cell / 2**0.5


def test_neighbours_in_one_cell_look_the_same():
    """Two places of one cell cannot be told apart, two far apart can."""
    assert coarsen(-1.31330, 36.78760, 1_000) == coarsen(-1.31331, 36.78761, 1_000)
    assert coarsen(-1.3133, 36.7876, 1_000) != coarsen(-1.35, 36.7876, 1_000)


def test_a_known_uncertainty_only_widens_the_radius():
    """A vague location stays at least as vague as it was."""
    coarse = coarsen(-1.3133, 36.7876, 1_000)
    assert coarsened_radius(coarse, None) == coarse.radius_m
    assert coarsened_radius(coarse, 5_000.0) >= 5_000.0


@pytest.mark.parametrize(("lat", "lon", "cell"), [(91, 0, 1000), (0, 181, 1000), (0, 0, 0), (float("nan"), 0, 1000)])
def test_refuses_what_it_cannot_blur(lat, lon, cell):
    """A point off the globe or a cell of no size is refused rather than passed through."""
    with pytest.raises(ValueError, match=r"cannot be made coarser|is not between"):
        coarsen(lat, lon, cell)
