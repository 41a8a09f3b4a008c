"""Parquet and GeoParquet from strangers: how much it stands for is found out before anything makes room for it.

A text that stands once in a dictionary may be meant by every row, and a run of equal values takes a few bytes however
long it is: two hundred kilobytes can ask for gigabytes. So rows and values are counted from the footer, texts are read
as dictionaries, and the lengths of what they stand for are added up before they are written out.
"""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely
import shapely.errors

from geodata.files.repeats import MOST_TEXT
from geodata.files.sheet import MOST_COLUMNS, Table, UnreadableTable, headers_of
from geodata.files.workbooks import as_text

MOST_ROWS = 5_000_000

#: Values of all columns, those in lists too.
MOST_VALUES = 50_000_000

#: What comes of a footer that says one thing and is another, of metadata nested without end (`RecursionError`), and
#: of reference systems that nobody knows (`RuntimeError`).
_BROKEN = (
    *(pa.ArrowException, ValueError, OSError, KeyError, TypeError, AttributeError, RuntimeError, MemoryError),
    shapely.errors.ShapelyError,
)

_SMALLER = "give a part of it, such as one country, or fewer columns"


def read_parquet(content: bytes) -> Table:
    """Read a file whole, every value as text. Raises `UnreadableTable` for a damaged file and for too much."""
    try:
        file = pq.ParquetFile(io.BytesIO(content))
        _require_few(file.metadata)
        texts = [column.path for column in _leaves(file.schema) if column.physical_type == "BYTE_ARRAY"]
        table = pq.ParquetFile(io.BytesIO(content), read_dictionary=texts).read(use_threads=False)
        table.validate(full=True)  # texts that are no UTF-8 are found here, not where somebody reads them
        _require_short(table)
        geometry = _geometry_column(table)
        shapes = None if geometry is None else _shapes(content, geometry)
        if geometry is not None:
            table = table.drop_columns([geometry])
        headers, problems = headers_of(table.column_names)
        columns = pa.Table.from_arrays([_texts(column) for column in table.columns], names=headers)
    except UnreadableTable:
        raise
    except _BROKEN as error:
        msg = f"the Parquet file cannot be read: {error}"
        raise UnreadableTable(msg, hint="write it again") from error
    return Table(columns, np.arange(1, table.num_rows + 1), problems, shapes)


def _leaves(schema: Any) -> list[Any]:
    return [schema.column(at) for at in range(len(schema))]


def _require_few(said: Any) -> None:
    """Count what the footer announces."""
    groups = [said.row_group(at) for at in range(said.num_row_groups)]
    values = sum(group.column(at).num_values for group in groups for at in range(group.num_columns))
    for number, most, what in (
        (said.num_rows, MOST_ROWS, "rows"),
        (said.num_columns, MOST_COLUMNS, "columns"),
        (values, MOST_VALUES, "values"),
    ):
        if number > most:
            msg = f"the Parquet file holds {number:,} {what}, and no more than {most:,} are read"
            raise UnreadableTable(msg, hint=_SMALLER)


def _require_short(table: pa.Table) -> None:
    if sum(_length(chunk) for column in table.columns for chunk in column.chunks) > MOST_TEXT:
        msg = f"the Parquet file stands for more than {MOST_TEXT:,} bytes of text"
        raise UnreadableTable(msg, hint=_SMALLER)


def _length(values: pa.Array) -> int:
    """Return how many bytes values take once each is written out."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        lengths = np.asarray(pc.fill_null(pc.binary_length(values.dictionary), 0), dtype=np.int64)
        meant = np.asarray(values.indices.drop_null())
        return int(lengths[meant].sum())
    if pa.types.is_struct(kind):
        return sum(_length(part) for part in values.flatten())
    if pa.types.is_map(kind):
        return _length(values.keys) + _length(values.items)
    if pa.types.is_nested(kind):
        return _length(values.flatten())
    return int(values.nbytes)


def _geometry_column(table: pa.Table) -> str | None:
    geo = (table.schema.metadata or {}).get(b"geo")
    return None if geo is None else str(json.loads(geo)["primary_column"])


def _shapes(content: bytes, geometry: str) -> pa.Array:
    import geopandas as gpd  # noqa: PLC0415 - takes a third of a second to load, and few files are GeoParquet

    frame = gpd.read_parquet(io.BytesIO(content), columns=[geometry]).to_crs("OGC:CRS84")
    return pa.array(shapely.to_wkb(shapely.force_2d(np.asarray(frame.geometry.array))), type=pa.binary())


def _texts(column: pa.ChunkedArray) -> pa.Array:
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    whole = plain.combine_chunks()
    if pa.types.is_string(whole.type) or pa.types.is_integer(whole.type):
        return whole.cast(pa.string())
    return pa.array([_plain(value) for value in whole.to_pylist()], type=pa.string())


def _plain(value: Any) -> str:
    return ";".join(as_text(item) for item in value) if isinstance(value, list) else as_text(value)
