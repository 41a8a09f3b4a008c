"""Distances and radii on the sphere."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.distance import (
    EARTH_RADIUS_M,
    HALF_CIRCUMFERENCE_M,
    R95_PER_SIGMA,
    chord_of,
    distance_of,
    haversine_m,
)

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


def test_a_degree_of_latitude():
    """One degree along a meridian is 111.195 km on the mean sphere."""
    assert haversine_m(0.0, 36.8, 1.0, 36.8) == pytest.approx(np.pi * EARTH_RADIUS_M / 180)


def test_across_the_antimeridian():
    """Two points either side of the 180th meridian are close."""
    assert haversine_m(-17.0, 179.99, -17.0, -179.99) < 2_200


def test_at_the_pole_longitude_means_nothing():
    """All longitudes meet at the pole."""
    assert haversine_m(90.0, 0.0, 90.0, 123.0) == pytest.approx(0.0, abs=1e-6)


def test_antipodes():
    """The farthest two points are half a circumference apart."""
    assert haversine_m(0.0, 0.0, 0.0, 180.0) == pytest.approx(HALF_CIRCUMFERENCE_M)


@given(LAT, LON, LAT, LON)
def test_symmetric(lat_1, lon_1, lat_2, lon_2):
    """There and back is the same way."""
    assert haversine_m(lat_1, lon_1, lat_2, lon_2) == pytest.approx(haversine_m(lat_2, lon_2, lat_1, lon_1))


@given(st.floats(0, HALF_CIRCUMFERENCE_M))
def test_chords_and_distances_are_inverse(distance):
    """A distance turned into a chord and back is itself."""
    assert distance_of(chord_of(distance)) == pytest.approx(distance, rel=1e-6, abs=1e-3)


def test_r95_of_a_circular_normal_error():
    """Ninety-five in a hundred errors of standard deviation one lie within 2.4477 (Rayleigh distribution)."""
    assert pytest.approx(2.4477, abs=1e-4) == R95_PER_SIGMA


def test_unknown_coordinates_have_no_distance():
    """A missing coordinate gives no distance, not zero."""
    assert np.isnan(haversine_m(np.nan, 0.0, 1.0, 1.0))
