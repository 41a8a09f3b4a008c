"""Walks over bands of latitude find what looking at every point would find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.distance import chord_of, haversine_m, unit_vectors
from geodata.index.points import Points

#: Everywhere, with a liking for poles, the antimeridian, and places that share a parallel or a meridian.
LAT = st.one_of(st.sampled_from([-90.0, -89.999, 0.0, 0.02, 45.0, 89.995, 90.0]), st.floats(-90, 90))
LON = st.one_of(st.sampled_from([-180.0, -179.999, -90.0, 0.0, 90.0, 179.999, 180.0]), st.floats(-180, 180))
SPOTS = st.lists(st.tuples(LAT, LON), min_size=1, max_size=30)


def columns(spots):
    """Return latitudes and longitudes."""
    lat, lon = np.array(spots, float).T
    return lat, lon


@given(SPOTS, SPOTS, st.sampled_from([0.0, 1.0, 300.0, 5_000.0, 200_000.0, 6e6, 1.2e7, 3e7]))
@settings(max_examples=300)
def test_all_rows_within_a_radius_are_found_in_order(listed, asked, radius):
    """No pair is missed or added beyond the exact distance, at poles and the antimeridian neither."""
    lat, lon = columns(listed)
    at, to = columns(asked)
    found = Points.build(lat, lon).within(at, to, np.full(len(at), radius))
    distance = haversine_m(at[:, None], to[:, None], lat, lon)
    query, row = np.nonzero(distance <= radius)
    assert (found.query.tolist(), found.row.tolist()) == (query.tolist(), row.tolist())
    assert found.distance_m.tolist() == distance[query, row].tolist()


@given(SPOTS, SPOTS, st.integers(1, 6))
@settings(max_examples=300)
def test_the_nearest_rows_are_those_of_the_plain_way(listed, asked, among):
    """Both ways find the same rows, and among rows equally near the same ones."""
    lat, lon = columns(listed)
    at, to = columns(asked)
    among = min(among, len(lat))
    points = Points.build(lat, lon)
    rows, chords = points._nearest(at, to, among)
    expected, squares = points.balls.nearest(unit_vectors(at, to), among)
    assert rows.tolist() == expected.tolist()
    assert chords.tolist() == np.sqrt(squares).tolist()


def test_dense_places_are_searched_as_by_the_tree():
    """Many points in one town, some at the same spot, and a radius of its own for each query."""
    random = np.random.default_rng(11)
    lat, lon = random.normal((-1.3, 36.8), 0.05, (20_000, 2)).round(4).T
    at, to = random.normal((-1.3, 36.8), 0.06, (500, 2)).T
    radius = random.uniform(0, 3_000, 500)
    points = Points.build(lat, lon)
    found = points.within(at, to, radius)
    query, row = points.balls.within(unit_vectors(at, to), chord_of(radius))
    assert len(row) > 10_000
    assert (found.query.tolist(), found.row.tolist()) == (query.tolist(), row.tolist())
    rows, chords = points._nearest(at, to, 16)
    expected, squares = points.balls.nearest(unit_vectors(at, to), 16)
    assert np.array_equal(rows, expected)
    assert np.array_equal(chords, np.sqrt(squares))


def test_spacing_is_the_same_for_some_rows_as_for_all():
    """How far the next point is does not depend on how many are asked about."""
    lat, lon = np.random.default_rng(5).uniform((-1, 36), (1, 38), (1_000, 2)).T
    few, all_of_them = Points.build(lat, lon), Points.build(lat, lon)
    assert np.isfinite(all_of_them.spacing_m).all()
    at, to = np.array([0.1]), np.array([37.0])
    assert few.around(at, to, 8).spacing_m == pytest.approx(all_of_them.around(at, to, 8).spacing_m, rel=1e-12)
    assert "spacing_m" not in vars(few)
