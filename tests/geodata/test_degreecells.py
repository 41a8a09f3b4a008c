"""Cells of a degree: every point has one, and those about it hold all that lies near."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geodata.degreecells import CELLS, NOWHERE, around, cells_of
from geodata.distance import haversine_m

LAT, LON = st.floats(-90, 90), st.floats(-180, 180)


def cell_of(lat, lon):
    """Return the cell of one point."""
    return int(cells_of(np.array([lat]), np.array([lon]))[0])


@given(lat=LAT, lon=LON, bearing=st.floats(0, 2 * np.pi), away=st.floats(0, 0.89))
def test_whatever_lies_within_100_km_lies_in_a_cell_about(lat, lon, bearing, away):
    """Also over the antimeridian, at the poles, and where a degree of longitude is a few kilometres."""
    phi, across = np.radians(lat), np.radians(away)
    other = np.arcsin(np.clip(np.sin(phi) * np.cos(across) + np.cos(phi) * np.sin(across) * np.cos(bearing), -1, 1))
    east = np.arctan2(np.sin(bearing) * np.sin(across) * np.cos(phi), np.cos(across) - np.sin(phi) * np.sin(other))
    there = float(np.degrees(other)), (lon + float(np.degrees(east)) + 180) % 360 - 180
    assert haversine_m(lat, lon, *there) < 100_000
    assert cell_of(*there) in around(cell_of(lat, lon))


def test_cells_are_ascending_numbers_and_unknown_points_have_none():
    """The corners of the world are in the first and last row; what has no point is nowhere."""
    assert cells_of(np.array([np.nan, 0.0]), np.array([0.0, np.nan])).tolist() == [NOWHERE, NOWHERE]
    assert (cell_of(-90, -180), cell_of(90, 179.9)) == (0, CELLS - 1)
    assert cell_of(0.5, 180) == cell_of(0.5, -180)
    about = around(cell_of(0.5, -179.5))
    assert list(about) == sorted(set(about))
    assert len(about) == 9
    assert len(around(cell_of(89.5, 0))) == 2 * 360
