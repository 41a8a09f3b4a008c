"""Tables of columns of Python values, made the cheaper way: few rows as rows, many as columns. They are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyarrow as pa

FEW = 64  # rows up to which a table is made of rows


def tabled(columns: Mapping[str, Sequence[Any] | pa.Array], schema: pa.Schema) -> pa.Table:
    """Return columns, of Python values or of Arrow's, as a table of a schema; its other columns are left out."""
    if len(columns[schema.names[0]]) > FEW:
        arrays = [pa.array(columns[field.name], field.type) for field in schema]
        return pa.Table.from_arrays(arrays, schema=schema)
    plain = [_plain(columns[name]) for name in schema.names]
    rows = [dict(zip(schema.names, row, strict=True)) for row in zip(*plain, strict=True)]
    return pa.Table.from_struct_array(pa.array(rows, _struct(schema)))


def stacked(tables: Sequence[pa.Table], schema: pa.Schema) -> pa.Table:
    """Return tables of a schema one after the other; one alone costs nothing."""
    return pa.concat_tables(tables) if tables else schema.empty_table()


def _plain(column: Sequence[Any] | pa.Array) -> Sequence[Any]:
    values: Sequence[Any] = column.to_pylist() if isinstance(column, pa.Array) else column
    return values


@lru_cache(maxsize=16)
def _struct(schema: pa.Schema) -> pa.DataType:
    return pa.struct(list(schema))
