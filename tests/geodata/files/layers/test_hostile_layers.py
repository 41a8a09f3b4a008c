"""Layers made to reach elsewhere: another file, a server, another format. None of it is opened."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from geodata.files.layers.gdal import Format, read_layer
from geodata.files.tables import UnreadableTable, layer_names, read_table
from tests.specimens.layers import packed, write_layer


@pytest.fixture
def geopackage(tmp_path: Path) -> Path:
    """Give a GeoPackage with one layer."""
    write_layer(tmp_path / "units.gpkg", {"code": ["1", "2"]}, layer="units")
    return tmp_path / "units.gpkg"


def changed(path: Path, *statements: str) -> bytes:
    """Return the database after these statements, which need not be allowed."""
    database = sqlite3.connect(path)
    database.execute("PRAGMA writable_schema = ON")
    for statement in statements:
        database.execute(statement)
    database.commit()
    database.close()
    return path.read_bytes()


def test_a_virtual_table_is_refused(geopackage: Path):
    """It could name any file of the machine."""
    hostile = changed(
        geopackage,
        "INSERT INTO sqlite_master (type, name, tbl_name, rootpage, sql) VALUES "
        "('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING VirtualOGR(''/etc/passwd'')')",
    )
    with pytest.raises(UnreadableTable, match="virtual table, v"):
        read_table(hostile, "x.gpkg")


def test_a_view_is_no_layer(geopackage: Path):
    """A view can call any function, so it is not offered; the table beside it is."""
    content = changed(
        geopackage,
        "CREATE VIEW spy AS SELECT fid, geom, load_extension('x') AS code FROM units",
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES ('spy', 'features', 'spy', 4326)",
    )
    assert layer_names(content) == ("units",)
    assert len(read_table(content, "x.gpkg")) == 2


def test_a_plain_database_is_no_geopackage(tmp_path: Path):
    """A browser's history is an SQLite file too."""
    content = changed(tmp_path / "x.db", "CREATE TABLE t (a)")
    with pytest.raises(UnreadableTable, match="no GeoPackage"):
        read_table(content, "x.gpkg")


def test_drivers_that_reach_elsewhere_are_not_there(geopackage: Path):
    """In a process that reads a layer, nothing is registered that could ask a server or open what a file names."""
    program = (
        "import sys, pathlib, service.app, geodata.geoparquet; from geodata.files.tables import read_table; "
        "read_table(pathlib.Path(sys.argv[1])); import pyogrio; print(*pyogrio.list_drivers(), sep='|')"
    )
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, str(geopackage)], check=True, capture_output=True, text=True, timeout=60
    )
    drivers = set(run.stdout.strip().split("|"))
    assert "GPKG" in drivers
    assert not drivers & {"OGR_VRT", "HTTP", "WFS", "OAPIF", "GDALG", "SQLite", "Elasticsearch", "ADBC"}


def test_another_format_than_the_expected_is_refused(tmp_path: Path):
    """What one driver was expected to open is not read when another one does."""
    write_layer(tmp_path / "units.shp", {"code": ["1", "2"]})
    with pytest.raises(UnreadableTable, match="the GeoPackage was opened as ESRI Shapefile"):
        read_layer(packed(tmp_path), Format.GEOPACKAGE, None)
