"""A layer as a table: attributes become text, geometries stand beside them in WGS 84, doubtful ones are told by row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from geodata.files.layers.gdal import Layer
from geodata.files.layers.referencing import to_wgs84
from geodata.files.sheet import Table, headers_of
from geodata.files.workbooks import as_text
from geodata.rows import RowProblem

_ALONE = (4, 5, 6, 7)  # as shapely numbers multi-part geometries and collections


def as_table(layer: Layer, *, missing: str) -> Table:
    """Return the rows of a layer, numbered from 1.

    Heights and measures are left out, a point or outline that stands alone in a multi-part geometry is taken out of it.
    `missing` is the hint where no reference system is named. Raises `UnreadableTable`.
    """
    columns, problems = _texts(layer)
    problems += [RowProblem(None, None, None, said, "check the export", fatal=False) for said in layer.remarks]
    rows = np.arange(1, layer.columns.num_rows + 1)
    if layer.geometry is None:
        return Table(columns, rows, tuple(problems))
    shapes, doubts = located(layer.columns.column(layer.geometry), layer.crs, missing=missing)
    return Table(columns, rows, (*problems, *doubts), shapes)


def located(geometry: pa.ChunkedArray, crs: str | None, *, missing: str) -> tuple[pa.Array, list[RowProblem]]:
    """Return WKB of any reference system as WKB in WGS 84, in two dimensions, and what is doubtful by row (from 1)."""
    wkb = geometry.to_numpy(zero_copy_only=False)
    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    given = np.asarray(geometry.is_valid())
    unread = given & shapely.is_missing(shapes)
    empty = shapely.is_empty(shapes)
    shapes[empty] = None
    placed = to_wgs84(_single(shapely.force_2d(shapes)), crs, missing=missing)
    outside = shapely.is_missing(placed) & ~shapely.is_missing(shapes)
    problems = [
        RowProblem(row + 1, "geometry", None, message, hint, fatal=False)
        for where, message, hint in (
            (unread, "the geometry cannot be read", "draw it again, without curves"),
            (empty, "the geometry is empty", "draw it, or give coordinates"),
            (outside, "the geometry lies nowhere on Earth", "check the reference system of the layer"),
        )
        for row in np.flatnonzero(where).tolist()
    ]
    return pa.array(shapely.to_wkb(placed), type=pa.binary()), problems


def _single(shapes: NDArray[Any]) -> NDArray[Any]:
    """Take what stands alone out of its multi-part geometry; programs wrap every point of a layer in one."""
    alone = np.isin(shapely.get_type_id(shapes), _ALONE) & (shapely.get_num_geometries(shapes) == 1)
    return np.where(alone, shapely.get_geometry(shapes, 0), shapes)


def _texts(layer: Layer) -> tuple[pa.Table, list[RowProblem]]:
    names = [name for name in layer.columns.column_names if name != layer.geometry]
    binary = [name for name in names if _is_binary(layer.columns.schema.field(name).type)]
    kept = [name for name in names if name not in binary]
    headers, problems = headers_of(kept)
    arrays = [_text(layer.columns.column(name).combine_chunks()) for name in kept]
    told = [
        RowProblem(None, name, None, "holds no text but binary data; it was left out", "export it as text", fatal=False)
        for name in binary
    ]
    if not kept:  # a layer of shapes alone still has its rows
        return pa.table({"feature": pa.array([""] * layer.columns.num_rows, type=pa.string())}), told
    return pa.Table.from_arrays(arrays, names=headers), [*problems, *told]


def _is_binary(kind: pa.DataType) -> bool:
    return bool(pa.types.is_binary(kind) or pa.types.is_large_binary(kind))


def _text(column: pa.Array) -> pa.Array:
    kind = column.type
    if (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_date(kind)
    ):
        return column.cast(pa.string())
    if pa.types.is_floating(kind) and (whole := _whole(column)) is not None:
        return whole
    return pa.array([None if cell is None else _plain(cell) for cell in column.to_pylist()], type=pa.string())


def _whole(column: pa.Array) -> pa.Array | None:
    """Return numbers without fractions as text, which codes and counts of old formats are; None where one has some."""
    try:
        return column.cast(pa.int64()).cast(pa.string())
    except pa.ArrowInvalid:
        return None


def _plain(cell: Any) -> str:
    if isinstance(cell, list):
        return ";".join(as_text(item) for item in cell)
    return as_text(cell)
