"""Points in tiles: every point is in the tile that the formula of Web Mercator gives, and in no other."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.tiles.clusters import CELLS, clustered
from geodata.tiles.mercator import FARTHEST_LAT, FINEST, Tile
from geodata.tiles.pyramid import BUFFER, EXTENT, Pyramid

DEGREES = st.tuples(st.floats(-85, 85), st.floats(-179.999, 179.999))


def tile_of(lat, lon, z):
    """Return the tile of a point by the textbook formula."""
    side = 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return Tile(z, int((lon + 180) / 360 * side), int(y * side))


@given(st.lists(DEGREES, min_size=1, max_size=20), st.integers(0, FINEST))
def test_each_point_lies_in_the_tile_of_the_formula(points, z):
    """At any zoom, a point is found in its own tile, and the tiles of all points hold each of them once."""
    lat, lon = np.array(points).T
    pyramid = Pyramid.of(lat, lon)
    found = [row for tile in {tile_of(*point, z) for point in points} for row in pyramid.cut(tile, 0).rows.tolist()]
    assert sorted(found) == list(range(len(points)))


def test_places_within_a_tile_are_those_of_the_formula():
    """The middle of the world is the middle of its one tile; north is up, and west is left."""
    pyramid = Pyramid.of(np.array([0.0, 66.51326, -66.51326]), np.array([0.0, -90.0, 90.0]))
    cut = pyramid.cut(Tile(0, 0, 0))
    at = dict(zip(cut.rows.tolist(), zip(cut.x.tolist(), cut.y.tolist(), strict=True), strict=True))
    assert at == {0: (2048, 2048), 1: (1024, 1024), 2: (3072, 3071)}


def test_what_lies_just_beyond_a_side_is_in_the_buffer():
    """A point a little east of a tile is in it, beyond its side, and in its own tile; a point farther away is not."""
    lon = np.array([0.5, 30.0])
    pyramid = Pyramid.of(np.zeros(2) + 10, lon)
    west = pyramid.cut(Tile(1, 0, 0))
    assert west.rows.tolist() == [0]
    assert EXTENT <= west.x[0] < EXTENT + BUFFER
    assert pyramid.cut(Tile(1, 0, 0), 0).rows.tolist() == []
    assert sorted(pyramid.cut(Tile(1, 1, 0)).rows.tolist()) == [0, 1]


def test_the_world_goes_on_past_its_eastern_edge():
    """A point just west of the antimeridian is in the buffer of the first column of tiles, left of it."""
    pyramid = Pyramid.of(np.array([-17.0]), np.array([179.99]))
    cut = pyramid.cut(Tile(5, 0, tile_of(-17.0, 179.99, 5).y))
    assert cut.rows.tolist() == [0]
    assert -BUFFER <= cut.x[0] < 0


def test_what_has_no_place_on_the_square_world_is_in_no_tile():
    """The poles, and points that are not known, are left out rather than put somewhere else."""
    lat = np.array([90.0, -90.0, np.nan, FARTHEST_LAT, 0.0])
    pyramid = Pyramid.of(lat, np.array([0.0, 0.0, 0.0, 0.0, np.nan]))
    assert pyramid.cut(Tile(0, 0, 0)).rows.tolist() == [3]


@pytest.mark.parametrize("tile", [Tile(-1, 0, 0), Tile(1, 2, 0), Tile(1, 0, 2), Tile(FINEST + 1, 0, 0), Tile(3, -1, 0)])
def test_some_tiles_are_none(tile):
    """Zooms, columns and rows outside the world name no tile."""
    assert not tile.exists


def test_clusters_hold_every_point_once():
    """What is marked and what is alone come to all points; a mark lies amid its points."""
    random = np.random.default_rng(7)
    pyramid = Pyramid.of(random.uniform(-60, 60, 3000), random.uniform(-170, 170, 3000))
    tiles = [Tile(2, x, y) for x in range(4) for y in range(4)]
    marks = [clustered(pyramid.cut(tile, 0)) for tile in tiles]
    assert sum(int(one.count.sum()) + len(one.alone) for one in marks) == 3000
    for one in marks:
        assert (one.count > 1).all()
        assert len(one.count) + len(one.alone) <= CELLS * CELLS


def test_points_of_one_place_are_one_mark():
    """Ten points at one place are one mark with their number, where they are."""
    pyramid = Pyramid.of(np.full(10, 0.5), np.full(10, 35.0))
    marks = clustered(pyramid.cut(tile_of(0.5, 35.0, 6)))
    cut = pyramid.cut(tile_of(0.5, 35.0, 6))
    assert (marks.count.tolist(), marks.x.tolist(), marks.y.tolist()) == ([10], [cut.x[0]], [cut.y[0]])
