"""The entries of map columns, all of them and those of some rows."""

import numpy as np
import pyarrow as pa
import pytest

from geodata.index.entries import Entry, entries_at


@pytest.mark.parametrize("times", [1, 40])
def test_entries_of_some_rows_come_in_the_order_asked(times):
    """Few rows and many are read alike: in the order asked, a row as often as it is asked for."""
    rows = [[("County", "Busia"), ("Ward", None)], None, [("county", "Siaya")]]
    maps = pa.array(rows, pa.map_(pa.string(), pa.string()))
    asked = np.array([2, 1, 0] * times)
    expected = [[Entry(0, "county", "Siaya"), Entry(2, "county", "Busia"), Entry(2, "ward", None)]] * times
    assert list(entries_at(maps, asked)) == [
        entry._replace(row=entry.row + 3 * at) for at, part in enumerate(expected) for entry in part
    ]
