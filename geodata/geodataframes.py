"""Places as GeoDataFrames and back, for those who work in GeoPandas.

Apart from `geodata.geoparquet`, because GeoPandas takes a third of a second to load and the service needs it rarely.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import shapely

from geodata.geoparquet import COLUMNS, geometry_of, shapes_of
from geodata.places import Places


def to_geodataframe(places: Places) -> gpd.GeoDataFrame:
    """Return a GeoDataFrame (WGS 84) with every column of `Places` but `area`, which is its geometry."""
    frame = places.table.select(COLUMNS).to_pandas(types_mapper=None, maps_as_pydicts="strict")
    return gpd.GeoDataFrame(frame, geometry=shapes_of(geometry_of(places)), crs="OGC:CRS84")


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


def points_of_rows(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Return rows as a GeoDataFrame of points (WGS 84) with these columns, `lat` and `lon` (degrees) among them.

    A row without a point has no geometry.
    """
    table = {name: [row[name] for row in rows] for name in columns}
    where = np.array([(row["lon"], row["lat"]) for row in rows], np.float64).reshape(-1, 2)  # null becomes NaN
    known = np.isfinite(where).all(axis=1)
    points = np.full(len(rows), None, dtype=object)
    points[known] = shapely.points(where[known])
    return gpd.GeoDataFrame(table, columns=list(columns), geometry=points, crs="OGC:CRS84")


def _rows(columns: dict[str, Any]) -> list[dict[str, Any]]:
    values = {
        name: column.to_pylist() if isinstance(column, pa.Array) else list(column) for name, column in columns.items()
    }
    rows = zip(*values.values(), strict=True)
    return [{name: value for name, value in zip(values, row, strict=True) if value is not None} for row in rows]


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))
