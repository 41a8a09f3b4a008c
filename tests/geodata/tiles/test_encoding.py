"""Vector tiles as bytes: what a decoder of others reads out of them is what was put in."""

from __future__ import annotations

import mapbox_vector_tile
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.tiles.encoding import Column, Features, layer

WORDS = st.text(max_size=12)
VALUES = st.one_of(
    st.lists(st.one_of(st.none(), WORDS), min_size=1, max_size=30),
    st.lists(st.one_of(st.none(), st.integers(-(2**62), 2**62)), min_size=1, max_size=30),
    st.lists(st.one_of(st.none(), st.floats(allow_nan=False)), min_size=1, max_size=30),
    st.lists(st.one_of(st.none(), st.booleans()), min_size=1, max_size=30),
)


def decoded(content, name="points"):
    """Return (place, properties) of each feature, by the reference decoder."""
    read = mapbox_vector_tile.decode(content, default_options={"y_coord_down": True})
    return [(one["geometry"]["coordinates"], one["properties"]) for one in read[name]["features"]]


@settings(max_examples=60)
@given(VALUES, st.lists(st.tuples(st.integers(-5000, 9000), st.integers(-5000, 9000)), min_size=30, max_size=30))
def test_whatever_is_written_is_read_again(values, places):
    """Texts, numbers, truths and what is missing, at any place in and about a tile, survive the way there and back."""
    x, y = np.array(places[: len(values)], np.int64).T
    found = decoded(layer("points", [Features(x, y, {"what": Column.of(values)})]))
    assert [place for place, _ in found] == [list(place) for place in places[: len(values)]]
    assert [told.get("what") for _, told in found] == values


def test_parts_of_a_layer_have_properties_of_their_own():
    """Clusters and single points stand in one layer; neither has what only the other has."""
    at = np.array([1, 2])
    marks = Features(at, at, {"count": Column.of([7, 9])})
    alone = Features(at + 10, at, {"id": Column.of(["a", None]), "kind": Column.of([None, "village"])})
    assert decoded(layer("points", [marks, alone])) == [
        ([1, 1], {"count": 7}),
        ([2, 2], {"count": 9}),
        ([11, 1], {"id": "a"}),
        ([12, 2], {"kind": "village"}),
    ]


def test_a_value_that_many_share_is_written_once():
    """A thousand villages take up the word once, and each of them two small numbers."""
    at = np.arange(1000)
    content = layer("points", [Features(at, at, {"kind": Column.of(["a very long kind of place"] * 1000)})])
    assert content.count(b"a very long kind of place") == 1
    assert len(content) < 20_000


def test_rows_are_taken_with_their_values():
    """Of a column of all points, a tile has the values of its own."""
    column = Column.of(["a", "b", None, "c"]).take(np.array([3, 2, 0]))
    content = layer("points", [Features(np.arange(3), np.arange(3), {"name": column})])
    assert [told for _, told in decoded(content)] == [{"name": "c"}, {}, {"name": "a"}]
    assert b"b" not in content


@pytest.mark.parametrize("count", [0, 1, 20_000])
def test_any_number_of_points_is_written(count):
    """None, one and twenty thousand points, each with a name of its own, are all there."""
    at = np.arange(count) % 4096
    names = [f"place {number}" for number in range(count)]
    content = layer("points", [Features(at, at, {"name": Column.of(names)})])
    assert [told["name"] for _, told in decoded(content)] == names
