"""Unstamped: the same rows are the same file, which is still a sound database with text as text."""

from __future__ import annotations

import sqlite3

import pyogrio

from geodata.geopackage import Layer, append
from geodata.unstamped import unstamp

UNITS = Layer("units", {"code": "text", "lat": "number", "lon": "number"})
ROWS = [{"code": "007", "lat": -1.3, "lon": 36.8}, {"code": "00", "lat": None, "lon": None}]


def test_when_and_how_often_it_was_written_is_not_in_it(tmp_path):
    """Written at once or row by row, the same rows are the same bytes."""
    once, twice = tmp_path / "once.gpkg", tmp_path / "twice.gpkg"
    append(once, UNITS, ROWS)
    append(twice, UNITS, ROWS)
    with sqlite3.connect(twice) as database:
        database.execute("UPDATE gpkg_contents SET last_change = '2031-01-01T00:00:00.000Z'")
    database.close()
    assert once.read_bytes() != twice.read_bytes()
    unstamp(once)
    unstamp(twice)
    assert once.read_bytes() == twice.read_bytes()


def test_it_is_still_a_geopackage(tmp_path):
    """SQLite finds it sound, codes keep their zeros, and a row without a place is there."""
    path = tmp_path / "units.gpkg"
    append(path, UNITS, ROWS)
    unstamp(path)
    database = sqlite3.connect(path)
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    database.close()
    info, table = pyogrio.read_arrow(path, layer="units")
    assert info["crs"] == "EPSG:4326"
    assert table["code"].to_pylist() == ["007", "00"]
    assert [shape is None for shape in table[info["geometry_name"]].to_pylist()] == [False, True]
