"""Tables made of rows and of columns are one and the same."""

import pyarrow as pa
import pytest

from matchers.tabling import FEW, tabled

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
