"""Values of columns at some rows."""

import numpy as np
import pyarrow as pa
import pytest

from matchers.picking import picked


@pytest.mark.parametrize("size", [0, 3, 40])
def test_rows_are_picked_in_the_order_asked(size):
    """Few rows and many are read alike; a negative row and a null are nothing."""
    column = pa.array(["a", None, "c"])
    rows = np.arange(size) % 4 - 1
    assert picked(column, rows) == [(None, "a", None, "c")[at % 4] for at in range(size)]
