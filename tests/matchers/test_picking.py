"""Values of columns at some rows."""

import numpy as np
import pyarrow as pa
import pytest

from geodata.places import Places
from matchers.picking import first_names, picked


@pytest.mark.parametrize("size", [0, 3, 40])
def test_rows_are_picked_in_the_order_asked(size):
    """Few rows and many are read alike; a negative row and a null are nothing."""
    column = pa.array(["a", None, "c"])
    rows = np.arange(size) % 4 - 1
    assert picked(column, rows) == [(None, "a", None, "c")[at % 4] for at in range(size)]


@pytest.mark.parametrize("times", [1, 20])
def test_the_first_name_is_told(times):
    """A place of several names is called by the first, one without a name by none; also of part of a table."""
    places = Places.from_rows(
        [{"id": "x"}, {"id": "a", "names": ["Lindi", "Kianda"]}, {"id": "b", "names": ["Makina"]}]
    )
    rows = np.array([2, 0, 1] * times)
    assert first_names(places.column("names"), rows) == ["Makina", "", "Lindi"] * times
    part = Places(places.table.slice(1))
    assert first_names(part.column("names"), np.array([1, 0])) == ["Makina", "Lindi"]
