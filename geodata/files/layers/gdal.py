"""The one door to GDAL: bytes already recognised, one driver that must be the one to open them, columns out.

GDAL guesses formats, follows files that name other files, and asks servers. Here it gets bytes in memory under a name
of its own, the drivers that open anything else than those bytes are not registered, and a layer that another driver
than the expected one has opened is refused.
"""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import ModuleType

import pyarrow as pa

from geodata.files.sheet import UnreadableTable

#: Rows of one layer, which is held in memory.
MOST_ROWS = 500_000

#: Drivers that open something else than the given bytes: servers, other files, or whatever a file names.
_ELSEWHERE = (
    "OGR_VRT GDALG HTTP WFS OAPIF OGCAPI CSW EEDA Carto AmigoCloud Elasticsearch PLSCENES NGW ADBC GPSBabel SQLite "
    "OGR_PDS PDS4 MVT PMTiles GTFS VDV LVBAG EDIGEO AVCBin AVCE00 AIVector Idrisi"
)

#: An UnboundLocalError is how pyogrio 0.13 fails over a reference system that is no UTF-8.
_FAILURES = (RuntimeError, ValueError, LookupError, OSError, MemoryError, UnboundLocalError, pa.ArrowException)

_NOISE = "non conformant file extension"
_PATH = re.compile(r"'?/vsi[^\s'\"]*'?")


class Format(StrEnum):
    """Formats that are read through GDAL, by the name of their driver."""

    SHAPEFILE = "ESRI Shapefile"
    GEOPACKAGE = "GPKG"
    GEODATABASE = "OpenFileGDB"
    FLATGEOBUF = "FlatGeobuf"


@dataclass(frozen=True)
class Layer:
    """One layer as GDAL gives it."""

    columns: pa.Table  # with the geometry as WKB among them
    geometry: str | None  # name of that column
    crs: str | None  # an authority's code such as EPSG:32737, or WKT
    remarks: tuple[str, ...]  # what GDAL had to say about the file


@cache
def loaded() -> ModuleType:
    """Load GDAL without the drivers that reach elsewhere; they are registered once, when it is loaded."""
    before = os.environ.get("OGR_SKIP")
    os.environ["OGR_SKIP"] = ",".join(filter(None, [before, *_ELSEWHERE.split()]))
    try:
        import pyogrio  # noqa: PLC0415 - loading it takes a third of a second, and few files need it
    finally:
        if before is None:
            del os.environ["OGR_SKIP"]
        else:
            os.environ["OGR_SKIP"] = before
    pyogrio.set_gdal_config_options(
        {
            "OGR_SQLITE_ALLOW_EXTERNAL_ACCESS": False,
            "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
            "GDAL_PAM_ENABLED": False,
        }
    )
    return pyogrio  # type: ignore[no-any-return]


def layer_names(content: bytes, kind: Format) -> tuple[str, ...]:
    """Return the names of the layers that have rows, tables without geometry too. Raises `UnreadableTable`."""
    with _spoken(kind):
        return tuple(str(name) for name, _ in loaded().list_layers(content))


def read_layer(content: bytes, kind: Format, layer: str | None, encoding: str | None = None) -> Layer:
    """Read one layer, column by column. `encoding` is that of the texts of a shapefile.

    Raises `UnreadableTable` for what the driver cannot read and for more than `MOST_ROWS` rows.
    """
    gdal = loaded()
    with _spoken(kind) as said:
        info = gdal.read_info(content, layer=layer, encoding=encoding)
        if info["driver"] != kind:
            msg = f"{_named(kind)} was opened as {info['driver']}"
            raise UnreadableTable(msg, hint="export the layer again, as GeoPackage or GeoJSON")
        _require_few(info["features"])
        meta, columns = gdal.read_arrow(content, layer=layer, encoding=encoding, max_features=MOST_ROWS + 1)
        _require_few(columns.num_rows)
        columns.validate(full=True)  # texts that are no UTF-8 are found here, not where somebody reads them
    geometry = meta["geometry_name"] or "wkb_geometry"
    remarks = tuple(dict.fromkeys(_PATH.sub("the file", one) for one in said if _NOISE not in one))
    return Layer(columns, geometry if geometry in columns.column_names else None, meta["crs"], remarks)


def _require_few(rows: int) -> None:
    if rows > MOST_ROWS:
        msg = f"the layer holds more than {MOST_ROWS:,} rows"
        raise UnreadableTable(msg, hint="give it in parts, such as one province each, or as CSV with points")


@contextmanager
def _spoken(kind: Format) -> Iterator[list[str]]:
    """Gather what GDAL remarks, and say its failures in our words."""
    said: list[str] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield said
        said += [str(one.message) for one in caught if one.category is RuntimeWarning]
    except _FAILURES as error:
        msg = f"{_named(kind)} cannot be read: {_PATH.sub('the file', str(error).partition(';')[0])}"
        raise UnreadableTable(msg, hint="export the layer again, as GeoPackage or GeoJSON") from error


def _named(kind: Format) -> str:
    return {
        Format.SHAPEFILE: "the shapefile",
        Format.GEOPACKAGE: "the GeoPackage",
        Format.GEODATABASE: "the file geodatabase",
        Format.FLATGEOBUF: "the FlatGeobuf file",
    }[kind]
