"""Places as GeoParquet 1.1, and as GeoDataFrames; nothing is lost on the way and the bytes are always the same.

The geometry column holds the area where there is one, else the point; the point stays in `lat` and `lon` beside it.
"""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import shapely

from geodata.places import SCHEMA, Places

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Bytes of a two-dimensional WKB point; no polygon is as short or has this length.
_POINT_BYTES = 21

_COLUMNS = [name for name in SCHEMA.names if name != "area"]


class NotPlaces(ValueError):
    """The Parquet file is not one of ours; the message says what it lacks."""


def to_geoparquet(places: Places) -> bytes:
    """Return the places as one GeoParquet 1.1 file (zstd), the same bytes for the same places."""
    geometry = _geometry(places)
    table = places.table.select(_COLUMNS).append_column(pa.field("geometry", pa.binary()), geometry)
    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(_geo(geometry), sort_keys=True)}), sink, compression="zstd"
    )
    return sink.getvalue()


def from_geoparquet(content: bytes) -> Places:
    """Return the places of a file that `to_geoparquet` wrote. Raises `NotPlaces` for any other file."""
    try:
        table = pq.read_table(io.BytesIO(content))
    except pa.ArrowException as error:
        msg = f"not a readable Parquet file: {error}"
        raise NotPlaces(msg) from error
    if missing := sorted({*_COLUMNS, "geometry"} - set(table.schema.names)):
        msg = f"not a table of places: {', '.join(missing)} missing"
        raise NotPlaces(msg)
    geometry = table.column("geometry").combine_chunks()
    is_area = pc.not_equal(pc.binary_length(geometry), _POINT_BYTES)
    columns = {name: table.column(name).combine_chunks() for name in _COLUMNS}
    columns["area"] = pc.if_else(is_area, geometry, pa.scalar(None, pa.binary()))
    try:
        return Places(pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA))
    except (ValueError, TypeError) as error:
        msg = f"not a table of places: {error}"
        raise NotPlaces(msg) from error


def to_geodataframe(places: Places) -> gpd.GeoDataFrame:
    """Return a GeoDataFrame (WGS 84) with every column of `Places` but `area`, which is its geometry."""
    frame = places.table.select(_COLUMNS).to_pandas(types_mapper=None, maps_as_pydicts="strict")
    return gpd.GeoDataFrame(frame, geometry=_shapes(_geometry(places)), crs="OGC:CRS84")


def from_geodataframe(frame: gpd.GeoDataFrame) -> Places:
    """Return places from a GeoDataFrame with columns of `Places`; the geometry is brought to WGS 84.

    Polygons become areas, points fill `lat` and `lon` where those are absent. Raises `ValueError` without a
    coordinate reference system or with columns that `Places` does not have.
    """
    if frame.crs is None:
        msg = "the frame has no coordinate reference system; set it with frame.set_crs(...)"
        raise ValueError(msg)
    shapes = np.array(frame.geometry.to_crs("OGC:CRS84").array, dtype=object)
    polygonal = np.isin(shapely.get_type_id(shapes), (3, 6))
    points = shapes.copy()
    points[polygonal] = shapely.point_on_surface(shapes[polygonal])
    points[shapely.get_type_id(points) != 0] = None
    areas = shapes.copy()
    areas[~polygonal] = None
    columns: dict[str, Any] = {"lat": shapely.get_y(points), "lon": shapely.get_x(points)}
    for name in ("lat", "lon"):
        columns[name] = pa.array(columns[name], from_pandas=True)
    for name in frame.columns.drop(frame.geometry.name):
        columns[name] = [None if _is_missing(value) else value for value in frame[name]]
    columns["area"] = pa.array(shapely.to_wkb(areas), type=pa.binary(), from_pandas=True)
    return Places.from_rows(_rows(columns))


def _geometry(places: Places) -> pa.Array:
    known = ~(np.isnan(places.lat) | np.isnan(places.lon))
    points: NDArray[Any] = np.full(len(places), None, dtype=object)
    points[known] = shapely.to_wkb(shapely.points(places.lon[known], places.lat[known]))
    return pc.coalesce(places.column("area"), pa.array(points, type=pa.binary()))


def _shapes(wkb: pa.Array) -> NDArray[Any]:
    return np.asarray(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)), dtype=object)


def _geo(geometry: pa.Array) -> dict[str, Any]:
    shapes = _shapes(geometry)
    names = {0: "Point", 3: "Polygon", 6: "MultiPolygon"}
    kinds = sorted({names[kind] for kind in np.unique(shapely.get_type_id(shapes)).tolist() if kind in names})
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}  # no crs: GeoParquet's default is CRS84
    if kinds:
        column["bbox"] = shapely.total_bounds(shapes).tolist()
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}


def _rows(columns: dict[str, Any]) -> list[dict[str, Any]]:
    values = {
        name: column.to_pylist() if isinstance(column, pa.Array) else list(column) for name, column in columns.items()
    }
    rows = zip(*values.values(), strict=True)
    return [{name: value for name, value in zip(values, row, strict=True) if value is not None} for row in rows]


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))
