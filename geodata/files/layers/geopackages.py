"""GeoPackages: an SQLite database is looked at before GDAL is, because a database may hold more than tables.

OGC 12-128r19; byte 68 of the file holds "GPKG" (or GP10, GP11). Virtual tables other than spatial indexes could open
other files, and a view may call any function, so neither is read.
"""

from __future__ import annotations

import re
import sqlite3

from geodata.files.layers.choosing import chosen
from geodata.files.layers.gdal import Format, read_layer
from geodata.files.layers.tabling import as_table
from geodata.files.sheet import Table, UnreadableTable

MAGIC = b"SQLite format 3\x00"

_INDEX = re.compile(r"using\s+\"?rtree", re.IGNORECASE)
_NO_SYSTEM = "set the reference system of the layer, or export it in WGS 84 (EPSG:4326)"


def read_geopackage(content: bytes, layer: str | None) -> Table:
    """Read the named layer, or the only one. Raises `UnreadableTable`."""
    name = chosen(geopackage_layers(content), layer)
    return as_table(read_layer(content, Format.GEOPACKAGE, name), missing=_NO_SYSTEM)


def geopackage_layers(content: bytes) -> tuple[str, ...]:
    """Return the layers and tables that a GeoPackage declares. Raises `UnreadableTable`."""
    database = sqlite3.connect(":memory:")
    try:
        database.deserialize(content)
        database.execute("PRAGMA trusted_schema = OFF")
        objects = database.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
        declared = [str(name) for (name,) in database.execute("SELECT table_name FROM gpkg_contents ORDER BY rowid")]
    except (sqlite3.Error, UnicodeError, OverflowError) as error:
        msg = f"the file is no GeoPackage, or a broken one: {error}"
        raise UnreadableTable(msg, hint="export the layer again as GeoPackage, GeoJSON or CSV") from error
    finally:
        database.close()
    for _, name, sql in objects:
        if "virtual" in str(sql).casefold() and not _INDEX.search(str(sql)):
            msg = f"the GeoPackage holds a virtual table, {name}, which may open other files"
            raise UnreadableTable(msg, hint="export the layer alone into a new GeoPackage")
    tables = {str(name).casefold() for kind, name, _ in objects if kind == "table"}
    return tuple(name for name in declared if name.casefold() in tables)
