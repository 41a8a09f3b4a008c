"""Tables of columns of Python values, made the cheaper way: few rows as rows, many as columns. They are the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pyarrow as pa

Columns = Mapping[str, Sequence[Any] | pa.Array]

FEW = 64  # rows up to which a table is made of rows


def tabled(columns: Columns, schema: pa.Schema) -> pa.Table:
    """Return columns, of Python values or of Arrow's, as a table of a schema; its other columns are left out."""
    if len(columns[schema.names[0]]) > FEW:
        arrays = [pa.array(columns[field.name], field.type) for field in schema]
        return pa.Table.from_arrays(arrays, schema=schema)
    plain = [_plain(columns[name]) for name in schema.names]
    rows = [dict(zip(schema.names, row, strict=True)) for row in zip(*plain, strict=True)]
    return pa.Table.from_struct_array(pa.array(rows, _struct(schema)))


def kept(columns: Columns, schema: pa.Schema) -> pa.Table | Columns:
    """Return columns to be told later: few rows as they are, many as a table, which takes far less memory."""
    return columns if len(columns[schema.names[0]]) <= FEW else tabled(columns, schema)


@dataclass(frozen=True)
class Told:
    """Tables of one schema, one after the other; few rows become Arrow's only where that is asked for."""

    schema: pa.Schema
    parts: Sequence[pa.Table | Columns]  # columns where rows are few

    @property
    def table(self) -> pa.Table:
        """All rows as one table."""
        tables = [part if isinstance(part, pa.Table) else tabled(part, self.schema) for part in self.parts]
        return pa.concat_tables(tables) if tables else self.schema.empty_table()

    def rows(self) -> list[dict[str, Any]]:
        """Return all rows, as `to_pylist` of the table has them."""
        return [row for part in self.parts for row in self._rows(part)]

    def _rows(self, part: pa.Table | Columns) -> list[dict[str, Any]]:
        if isinstance(part, pa.Table):
            rows: list[dict[str, Any]] = part.to_pylist()
            return rows
        names = self.schema.names
        lists = _lists(self.schema)
        plain = [list(map(_listed, _plain(part[name]))) if name in lists else _plain(part[name]) for name in names]
        return [dict(zip(names, row, strict=True)) for row in zip(*plain, strict=True)]


def _listed(value: Sequence[Any] | None) -> list[Any] | None:
    return None if value is None else list(value)


@lru_cache(maxsize=16)
def _lists(schema: pa.Schema) -> frozenset[str]:
    return frozenset(field.name for field in schema if pa.types.is_list(field.type))


def _plain(column: Sequence[Any] | pa.Array) -> Sequence[Any]:
    values: Sequence[Any] = column.to_pylist() if isinstance(column, pa.Array) else column
    return values


@lru_cache(maxsize=16)
def _struct(schema: pa.Schema) -> pa.DataType:
    return pa.struct(list(schema))
