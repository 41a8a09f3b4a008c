"""Places are one shape for everybody: built from rows or columns, never of another shape."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from geodata.places import SCHEMA, Places

THREE = Places.from_rows(
    [
        {
            "id": "a",
            "names": ["Lindi", {"text": "Kwa Lindi", "language": "sw"}],
            "lat": -1.3,
            "lon": 36.8,
            "r95_m": 5.0,
        },
        {"id": "b", "names": []},
        {"id": "c", "names": ["Makina"]},
    ]
)


def test_rows_may_leave_out_what_is_not_known():
    """Absent keys are null, a name may be a plain text, and the order stays."""
    assert (len(THREE), THREE.ids, THREE.primary_names) == (3, ["a", "b", "c"], ["Lindi", "", "Makina"])
    assert np.isnan(THREE.lat).tolist() == [False, True, True]
    assert THREE.texts("country") == [None, None, None]


def test_every_name_knows_its_row():
    """The flat list of names is what an index is built from."""
    texts, rows = THREE.flat_names
    assert (texts, rows.tolist()) == (["Lindi", "Kwa Lindi", "Makina"], [0, 0, 2])


def test_names_of_a_slice_know_their_rows():
    """Taking rows, in any order, keeps names and rows together."""
    texts, rows = THREE.take([2, 0]).flat_names
    assert (texts, rows.tolist()) == (["Makina", "Lindi", "Kwa Lindi"], [0, 1, 1])


@pytest.mark.parametrize("times", [1, 5])
def test_names_are_read_alike_from_few_rows_and_many(times):
    """The flat list of names is that of the columns, however long the table is."""
    places = Places.concat([THREE] * times)
    texts, rows = places.name_columns
    assert places.flat_names[0] == texts.to_pylist()
    assert places.flat_names[1].tolist() == rows.tolist()


def test_tables_can_be_joined():
    """One after the other, and none is an empty table."""
    assert Places.concat([THREE, THREE.take([1])]).ids == ["a", "b", "c", "b"]
    assert len(Places.concat([])) == 0


def test_columns_may_be_left_out():
    """Columns that are not given are null."""
    places = Places.from_columns({"id": ["a"], "names": [[]], "kind": ["village"]})
    assert places.texts("kind") == ["village"]
    assert places.table.schema.equals(SCHEMA)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (THREE.table.drop_columns(["lat"]), "missing or of another type: lat"),
        (THREE.table.append_column("x", pa.nulls(3)), "not expected: x"),
        (THREE.table.select([*SCHEMA.names[1:], "id"]), "another order"),
        (THREE.table.set_column(4, "lat", pa.array(["1", "2", "3"])), "missing or of another type: lat"),
    ],
)
def test_another_shape_is_refused(table: pa.Table, said: str):
    """No later code has to check."""
    with pytest.raises(ValueError, match=said):
        Places(table)


def test_an_unknown_key_is_refused():
    """A slip in a key does not lose a value."""
    with pytest.raises(ValueError, match="not columns of places: latitude"):
        Places.from_rows([{"id": "a", "latitude": 1.0}])
