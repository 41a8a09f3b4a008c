"""Tables made of rows and of columns are one and the same."""

import pyarrow as pa
import pytest

from matchers.tabling import FEW, Told, kept, tabled

SCHEMA = pa.schema(
    [pa.field("id", pa.string(), nullable=False), ("share", pa.float64()), ("said", pa.list_(pa.string()))]
)


@pytest.mark.parametrize("size", [0, 1, FEW, FEW + 1])
def test_few_rows_and_many_make_one_table(size):
    """The size decides how a table is made, and nothing else."""
    ids, said = [str(at) for at in range(size)], [("a",) if at % 2 else () for at in range(size)]
    share = pa.array([None if at % 3 else at / 7 for at in range(size)], pa.float64())
    table = tabled({"id": ids, "share": share, "said": said, "more": []}, SCHEMA)
    assert table.schema.equals(SCHEMA)
    assert table.column("id").to_pylist() == ids
    assert table.column("share").to_pylist() == share.to_pylist()
    assert table.column("said").to_pylist() == [list(words) for words in said]


@pytest.mark.parametrize("size", [0, 1, FEW, FEW + 1])
def test_rows_are_those_of_the_table(size):
    """Rows read from columns are the very rows of the table that the columns make."""
    columns = {
        "id": [str(at) for at in range(size)],
        "share": pa.array([None if at % 3 else at / 7 for at in range(size)], pa.float64()),
        "said": [("a",) if at % 2 else None for at in range(size)],
        "more": [],
    }
    told = Told(SCHEMA, [kept(columns, SCHEMA)] * 2)
    assert told.rows() == told.table.to_pylist()
    assert len(told.rows()) == 2 * size


def test_nothing_is_an_empty_table():
    """Of no parts at all there is a table without rows."""
    assert Told(SCHEMA, []).table.equals(SCHEMA.empty_table())
    assert Told(SCHEMA, []).rows() == []
