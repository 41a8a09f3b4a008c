"""Values of an Arrow column at some rows, as Python has them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from matchers.pairs import Rows

_FEW = 16  # rows up to which reading them one by one is quicker


def picked(column: pa.Array, rows: Rows) -> list[Any]:
    """Return the values at some rows, None where a row is negative or its value null."""
    if len(rows) <= _FEW:
        return [column[row].as_py() if row >= 0 else None for row in rows.tolist()]
    values: list[Any] = column.take(pa.array(rows, mask=rows < 0)).to_pylist()
    return values
