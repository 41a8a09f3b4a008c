"""Layers and columns that native libraries read: GDAL's formats, and Parquet."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from fuzz.target import Target, refusing, require
from fuzz.targets.archives import as_inputs, reading
from geodata.files.columns import read_places
from geodata.files.headers import Side
from geodata.files.sheet import UnreadableTable
from geodata.files.tables import layer_names, read_table
from geodata.geoparquet import NotPlaces, from_geoparquet, groups_of, to_geoparquet
from geodata.places import Places
from tests.specimens.layers import packed, write_layer

_COLUMNS = {"name": ["Lindi", "Makina"], "persons": [1250, 900], "admin2Pcod": ["KE01", "KE02"]}


@cache
def _written(ending: str) -> bytes:
    """Return the two squares in a format, as an archive where it takes several files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"layer{ending}")
        write_layer(path, _COLUMNS)
        return packed(Path(folder)) if ending in {".shp", ".gdb"} else path.read_bytes()


def _shapefile() -> bytes:
    return _written(".shp")


def _geodatabase() -> bytes:
    return _written(".gdb")


def _layer(name: str) -> Callable[[bytes], None]:
    def body(data: bytes) -> None:
        layer_names(data)
        read_places(read_table(data, name), Side.OFFICIAL)

    return refusing(body, UnreadableTable)


@cache
def _plain_parquet() -> bytes:
    sink = io.BytesIO()
    table = pa.table({**_COLUMNS, "lat": [-1.3, 1.5], "lon": [36.8, 36.9], "tags": [["a", "b"], None]})
    pq.write_table(table, sink)
    return sink.getvalue()


@cache
def _places() -> bytes:
    rows = b"id,name,lat,lon,country\n1,Lindi,-1.3,36.8,KEN\n2,Makina,1.5,36.9,KEN\n"
    return to_geoparquet(read_places(read_table(rows, "x.csv"), Side.OFFICIAL).places)


def _kept(data: bytes) -> None:
    for places in groups_of(io.BytesIO(data)):
        require(isinstance(places, Places), "a group is places")
    places = from_geoparquet(data)
    require(from_geoparquet(to_geoparquet(places)).ids == places.ids, "places that were read can be kept and read")


TARGETS = (
    Target("shapefile", "shapefiles in archives", reading(_shapefile, "x.zip"), lambda: as_inputs(_shapefile),
           runs=15_000),
    Target("geodatabase", "file geodatabases in archives", reading(_geodatabase, "x.zip"),
           lambda: as_inputs(_geodatabase), runs=3_000, longest=65_536),
    Target("geopackage", "GeoPackages", _layer("x.gpkg"), lambda: [_written(".gpkg")], runs=10_000, longest=131_072),
    Target("flatgeobuf", "FlatGeobuf", _layer("x.fgb"), lambda: [_written(".fgb")], runs=20_000),
    Target("parquet", "Parquet and GeoParquet, to places", _layer("x.parquet"), lambda: [_plain_parquet(), _places()],
           runs=20_000, longest=16_384),
    Target("places", "places kept as GeoParquet", refusing(_kept, NotPlaces), lambda: [_places()], runs=10_000,
           longest=16_384),
)  # fmt: skip
