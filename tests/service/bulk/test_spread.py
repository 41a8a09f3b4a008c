"""Rows on disk by part: what was written for a part comes back, each row once, in the order of the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bulk.spread import Spread, SpreadWriter

SCHEMA = pa.schema([("row", pa.int64()), ("tags", pa.list_(pa.string()))])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sets(st.integers(0, 4), max_size=3), max_size=12), max_size=4))
def test_every_part_gets_its_rows_back(tmp_path_factory, batches):
    """Of several batches, some without any row; a row that belongs to no part is not kept."""
    path: Path = tmp_path_factory.mktemp("spread") / "rows"
    expected: dict[int, list[int]] = {part: [] for part in range(5)}
    first = 0
    with SpreadWriter(path, SCHEMA, 5) as out:
        for parts_of in batches:
            table = pa.table(
                {"row": list(range(first, first + len(parts_of))), "tags": [[str(len(p))] for p in parts_of]},
                schema=SCHEMA,
            )
            pairs = [(row, part) for row, parts in enumerate(parts_of) for part in sorted(parts)]
            row, part = np.array(pairs, np.int64).reshape(-1, 2).T
            out.add(table, row, part)
            for at, of in pairs:
                expected[of].append(first + at)
            first += len(parts_of)
    assert out.held.tolist() == [len(rows) for rows in expected.values()]
    spread = Spread(path, 5)
    for of, rows in expected.items():
        assert sorted(spread.rows([of]).column("row").to_pylist()) == rows
    both = spread.rows([1, 3]).column("row").to_pylist()
    assert sorted(both) == sorted({*expected[1], *expected[3]})
