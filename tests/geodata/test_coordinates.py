"""Impossible and mistyped coordinates are found and a mend is proposed; nothing is changed."""

from __future__ import annotations

import numpy as np
import pytest

from geodata.coordinates import check_point, check_points

KIBERA = (-1.3133, 36.7876)


@pytest.mark.parametrize(
    ("lat", "lon", "country"),
    [(*KIBERA, "KEN"), (*KIBERA, None), (90, 180, None), (-18.1, -179.9, "FJI"), (-18.1, 178.4, "FJI"), (1, 1, "ATA")],
)
def test_right_points_are_left_in_peace(lat: float, lon: float, country: str | None):
    """A point in its country is fine, also across the 180th meridian, and where the country has no known towns."""
    assert check_point(lat, lon, country) is None


@pytest.mark.parametrize(
    ("point", "country", "code", "proposed"),
    [
        ((36.7876, -1.3133), "KEN", "swapped", KIBERA),
        ((1.3133, 36.7876), "KEN", None, None),  # Kenya lies on both sides of the equator: nothing to see
        ((23.7, 90.4), "BRA", "outside_country", None),
        ((47.6, 122.3), "USA", "sign", (47.6, -122.3)),
        ((33.9, 18.4), "ZAF", "sign", (-33.9, 18.4)),
        ((120.72, 14.28), "PHL", "swapped", (14.28, 120.72)),
        ((120.72, 14.28), None, "swapped", (14.28, 120.72)),
        ((91, 200), None, "out_of_range", None),
        ((1000, 20), "KEN", "out_of_range", None),
        ((float("inf"), 20), None, "out_of_range", None),
        ((0, 0), None, "zero", None),
        ((0.0, 0.0), "GHA", "zero", None),
    ],
)
def test_wrong_points_are_named(
    point: tuple[float, float], country: str | None, code: str | None, proposed: tuple[float, float] | None
):
    """Swaps, signs, zeros, impossible values and points far outside the country are told apart."""
    problem = check_point(*point, country)
    assert (problem.code if problem else None) == code
    assert (problem.proposed if problem else None) == proposed


@pytest.mark.parametrize(("lat", "lon", "country"), [(-9.08, -157.92, "COK"), (-4.58, 159.49, "PNG")])
def test_far_islands_are_believed(lat: float, lon: float, country: str):
    """Penrhyn and Nukumanu lie outside the box of their countries' towns; a remote place keeps its point."""
    assert check_point(lat, lon, country) is None


def test_the_hint_proposes_the_mended_value():
    """Whoever reads the hint can copy the right coordinates from it."""
    problem = check_point(36.7876, -1.3133, "KEN")
    assert problem is not None
    assert "Kenya" in problem.message
    assert problem.hint == "write latitude -1.3133 and longitude 36.7876 if so"


def test_columns_are_judged_as_single_points_are():
    """The vectorised twin finds exactly what the single check finds, and passes over rows without a point."""
    generator = np.random.default_rng(7)
    lat, lon = generator.uniform(-100, 100, 2000), generator.uniform(-200, 200, 2000)
    lat[:50] = np.nan
    lat[50:60], lon[50:60] = 0, 0
    countries = generator.choice(np.array(["KEN", "FJI", "USA", "ATA", None], dtype=object), 2000).tolist()
    found = dict(check_points(lat, lon, countries))
    single = {row: check_point(lat[row], lon[row], countries[row]) for row in range(50, 2000)}
    assert found == {row: problem for row, problem in single.items() if problem}
    assert len(found) > 100
