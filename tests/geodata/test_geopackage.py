"""Points as a GeoPackage: types stay, places may be unknown, and the bytes follow from the rows."""

from __future__ import annotations

import pyarrow as pa
import pyogrio

from geodata.geopackage import points_geopackage

FIELDS = pa.schema([("code", pa.string()), ("lat", pa.float64()), ("lon", pa.float64())])
ROWS = [{"code": "007", "lat": -1.3, "lon": 36.8}, {"code": "00", "lat": None, "lon": None}]


def test_codes_keep_their_zeros_and_places_may_be_unknown(tmp_path):
    """A code that looks like a number is text; a row without a place is there, without geometry."""
    path = tmp_path / "units.gpkg"
    path.write_bytes(points_geopackage("units", FIELDS, ROWS))
    info, table = pyogrio.read_arrow(path, layer="units")
    assert info["crs"] == "EPSG:4326"
    assert table["code"].to_pylist() == ["007", "00"]
    assert [shape is None for shape in table[info["geometry_name"]].to_pylist()] == [False, True]


def test_the_same_rows_are_the_same_bytes():
    """No moment of writing is in the file."""
    content = points_geopackage("units", FIELDS, ROWS)
    assert content == points_geopackage("units", FIELDS, ROWS)
    assert b"2000-01-01T00:00:00" in content
    assert content != points_geopackage("units", FIELDS, ROWS[:1])
