"""Write layers as offices do: shapefiles, geodatabases, GeoPackages, and archives of them. For tests only."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyogrio
import shapely

#: Two squares of a degree, one beside the other, at the equator in Kenya; longitude first.
SQUARES = (shapely.box(36, -1, 37, 0), shapely.box(37, -1, 38, 0))


def write_layer(
    path: Path, columns: Mapping[str, Sequence[Any]], shapes: Sequence[Any] = SQUARES, **options: Any
) -> None:
    """Write one layer in the format of the path's ending; `crs` and `geometry_type` unless WGS 84 and polygons.

    Raises what pyogrio raises.
    """
    arrays = {name: pa.array(values) for name, values in columns.items()}
    table = pa.table({**arrays, "geometry": pa.array([None if s is None else shapely.to_wkb(s) for s in shapes])})
    settings = {"crs": "EPSG:4326", "geometry_type": "Polygon", "driver": _DRIVERS[path.suffix]} | options
    if path.suffix == ".gdb":  # else days and large numbers would become moments and fractions
        settings["TARGET_ARCGIS_VERSION"] = "ARCGIS_PRO_3_2_OR_LATER"
    settings["append"] = path.exists() and path.suffix in {".gpkg", ".gdb"}
    pyogrio.write_arrow(table, path, geometry_name="geometry", **settings)


_DRIVERS = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".gdb": "OpenFileGDB", ".fgb": "FlatGeobuf"}


def packed(folder: Path, *, under: str = "") -> bytes:
    """Return an archive of all files of a folder, standing under another one in it if that is named."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, f"{under}{path.relative_to(folder)}")
    return content.getvalue()
