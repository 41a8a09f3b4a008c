"""Places as GeoParquet 1.1; nothing is lost on the way and the bytes are always the same.

The geometry column holds the area where there is one, else the point; the point stays in `lat` and `lon` beside it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

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

#: Rows in a group of a file: what is read together where only some of a long list is wanted.
GROUP_ROWS = 100_000

#: The columns of `Places` that stand beside the geometry.
COLUMNS = [name for name in SCHEMA.names if name != "area"]


#: What comes of a file that is damaged; names of columns that are no UTF-8 among it.
_BROKEN = (pa.ArrowException, OSError, UnicodeError)


class NotPlaces(ValueError):
    """The Parquet file is not one of ours; the message says what it lacks."""


def to_geoparquet(places: Places) -> bytes:
    """Return the places as one GeoParquet 1.1 file (zstd), the same bytes for the same places."""
    geometry = geometry_of(places)
    table = places.table.select(COLUMNS).append_column(pa.field("geometry", pa.binary()), geometry)
    sink = io.BytesIO()
    pq.write_table(
        table.replace_schema_metadata({"geo": json.dumps(_geo(geometry), sort_keys=True)}),
        sink,
        row_group_size=GROUP_ROWS,
        compression="zstd",
        write_page_checksum=True,
    )
    return sink.getvalue()


def from_geoparquet(content: bytes) -> Places:
    """Return the places of a file that `to_geoparquet` wrote. Raises `NotPlaces` for any other file."""
    try:
        table = pq.read_table(io.BytesIO(content))
    except _BROKEN as error:
        msg = f"not a readable Parquet file: {error}"
        raise NotPlaces(msg) from error
    return places_of(table)


def is_geoparquet(path: Path) -> bool:
    """Return whether a file is one that `to_geoparquet` wrote, by its columns."""
    try:
        return {*COLUMNS, "geometry"} <= set(pq.read_schema(path).names)
    except _BROKEN:
        return False


def groups_of(file: IO[bytes]) -> Iterator[Places]:
    """Yield the places of such a file group by group, so that it never stands in memory as a whole.

    Raises `NotPlaces` for any other file, and for one that is damaged.
    """
    try:
        parquet = pq.ParquetFile(file, page_checksum_verification=True, pre_buffer=False)
        for group in range(parquet.num_row_groups):
            yield places_of(parquet.read_row_group(group))
    except _BROKEN as error:
        msg = f"not a readable Parquet file: {error}"
        raise NotPlaces(msg) from error


def points_of(file: IO[bytes]) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Yield latitudes and longitudes (degrees, NaN where unknown) of such a file group by group. Raises `NotPlaces`."""
    try:
        parquet = pq.ParquetFile(file, page_checksum_verification=True, pre_buffer=False)
        for group in range(parquet.num_row_groups):
            points = parquet.read_row_group(group, columns=["lat", "lon"])
            lat, lon = (np.asarray(points.column(name).to_numpy(), dtype=np.float64) for name in ("lat", "lon"))
            yield lat, lon
    except _BROKEN as error:
        msg = f"not a readable Parquet file: {error}"
        raise NotPlaces(msg) from error


def places_of(table: pa.Table) -> Places:
    """Return the places of a table read from such a file, or of some of its rows. Raises `NotPlaces` for any other."""
    if missing := sorted({*COLUMNS, "geometry"} - set(table.schema.names)):
        msg = f"not a table of places: {', '.join(missing)} missing"
        raise NotPlaces(msg)
    geometry = table.column("geometry").combine_chunks()
    is_area = pc.not_equal(pc.binary_length(geometry), _POINT_BYTES)
    columns = {name: table.column(name).combine_chunks() for name in COLUMNS}
    columns["area"] = pc.if_else(is_area, geometry, pa.scalar(None, pa.binary()))
    try:
        return Places(pa.Table.from_arrays([columns[name] for name in SCHEMA.names], schema=SCHEMA))
    except (ValueError, TypeError) as error:
        msg = f"not a table of places: {error}"
        raise NotPlaces(msg) from error


def geometry_of(places: Places) -> pa.Array:
    """Return each place's area as WKB, its point where it has no area, null where it has neither."""
    known = ~(np.isnan(places.lat) | np.isnan(places.lon))
    points: NDArray[Any] = np.full(len(places), None, dtype=object)
    points[known] = shapely.to_wkb(shapely.points(places.lon[known], places.lat[known]))
    return pc.coalesce(places.column("area"), pa.array(points, type=pa.binary()))


def shapes_of(wkb: pa.Array) -> NDArray[Any]:
    """Return a column of WKB as shapes, None where null."""
    return np.asarray(shapely.from_wkb(wkb.to_numpy(zero_copy_only=False)), dtype=object)


def _geo(geometry: pa.Array) -> dict[str, Any]:
    shapes = shapes_of(geometry)
    names = {0: "Point", 3: "Polygon", 6: "MultiPolygon"}
    kinds = sorted({names[kind] for kind in np.unique(shapely.get_type_id(shapes)).tolist() if kind in names})
    column: dict[str, Any] = {"encoding": "WKB", "geometry_types": kinds}  # no crs: GeoParquet's default is CRS84
    if kinds:
        column["bbox"] = shapely.total_bounds(shapes).tolist()
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
