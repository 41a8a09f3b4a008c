"""Points as a GeoPackage (OGC 12-128r19), for QGIS and every other GIS; the same table gives the same bytes."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyogrio
import shapely

#: Written where GDAL would write the moment, which would make every file another one.
_MOMENT = "2000-01-01T00:00:00.000Z"
_GEOMETRY = "geometry"
_NOWHERE = (None, None)


def points_geopackage(layer: str, fields: pa.Schema, rows: Sequence[Mapping[str, Any]]) -> bytes:
    """Return rows as one layer of points in WGS 84 with these fields.

    A row has `lat` and `lon` in degrees; one without them is there too, without geometry. Texts stay texts, so that
    codes keep their leading zeros.
    """
    spots = [(row.get("lat"), row.get("lon")) for row in rows]
    wkb = [None if None in spot else shapely.to_wkb(shapely.Point(spot[1], spot[0])) for spot in spots]
    table = pa.Table.from_pylist([{name: row.get(name) for name in fields.names} for row in rows], schema=fields)
    table = table.append_column(_GEOMETRY, pa.array(wkb, pa.binary()))
    with TemporaryDirectory(prefix="uncounted-") as folder:
        path = Path(folder) / f"{layer}.gpkg"
        pyogrio.write_arrow(
            table,
            path,
            layer=layer,
            driver="GPKG",
            geometry_name=_GEOMETRY,
            geometry_type="Point",
            crs="EPSG:4326",
        )
        database = sqlite3.connect(path)
        with database:
            database.execute("UPDATE gpkg_contents SET last_change = ?", (_MOMENT,))
        database.execute("VACUUM")
        database.close()
        return _unchanged(path.read_bytes())


def _unchanged(content: bytes) -> bytes:
    """Return a database whose counter of changes begins anew: how often GDAL wrote is no part of what it holds.

    The counter stands at byte 24, and again at 92, where it says that the size in the header is right (sqlite.org,
    Database File Format, 1.3).
    """
    one = (1).to_bytes(4, "big")
    return content[:24] + one + content[28:92] + one + content[96:]
