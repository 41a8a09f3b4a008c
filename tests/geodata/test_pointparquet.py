"""GeoParquet of points: what others read of it, and that the same rows are the same bytes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import geopandas as gpd
import pyarrow.parquet as pq
import pytest

from geodata import pointparquet
from geodata.pointparquet import PointsFile

COLUMNS = {"id": "text", "lat": "number", "lon": "number", "version": "whole", "at": "moment"}
AT = datetime(2026, 3, 31, 12, tzinfo=UTC)
ROWS = [
    {"id": "a", "lat": 0.5, "lon": 35.0, "version": 1, "at": AT},
    {"id": "b", "lat": None, "lon": None, "version": 2, "at": None},
    {"id": "ç", "lat": -17.0, "lon": 179.5, "version": 3, "at": AT},
]


def write(path, rows, size=1):
    """Write rows some at a time."""
    with PointsFile(path, COLUMNS) as file:
        for start in range(0, len(rows), size):
            file.add(rows[start : start + size])
    return path


def test_geopandas_reads_points_and_types(tmp_path):
    """Points stand in WGS 84, what has none is there without, and every column has its type."""
    frame = gpd.read_parquet(write(tmp_path / "points.parquet", ROWS))
    assert frame.crs == "OGC:CRS84"
    assert [None if one is None else (one.x, one.y) for one in frame.geometry] == [(35.0, 0.5), None, (179.5, -17.0)]
    assert frame["id"].tolist() == ["a", "b", "ç"]
    assert frame["version"].tolist() == [1, 2, 3]
    assert frame["at"].dt.to_pydatetime().tolist()[0] == AT
    assert str(frame["at"].dtype).endswith("UTC]")


def test_the_file_says_what_it_holds(tmp_path):
    """Its metadata follow GeoParquet 1.1: the version, the kind of geometry, and the box of all points."""
    told = json.loads(pq.read_metadata(write(tmp_path / "points.parquet", ROWS)).metadata[b"geo"])
    assert told["version"] == "1.1.0"
    assert told["columns"]["geometry"] == {
        "encoding": "WKB",
        "geometry_types": ["Point"],
        "bbox": [35.0, -17.0, 179.5, 0.5],
    }


@pytest.mark.parametrize("rows", [[], ROWS[1:2]])
def test_nothing_to_show_is_still_a_file(tmp_path, rows):
    """No rows, and rows without points, are a file that GeoPandas opens."""
    frame = gpd.read_parquet(write(tmp_path / "points.parquet", rows))
    assert len(frame) == len(rows)
    assert set(COLUMNS) <= set(frame.columns)


def test_the_same_rows_are_the_same_bytes(tmp_path, monkeypatch):
    """However rows come, few or many at a time, the file is the same; it is written in groups."""
    monkeypatch.setattr(pointparquet, "GROUP_ROWS", 4)
    many = ROWS * 5
    one, other = write(tmp_path / "one", many, 2), write(tmp_path / "other", many, 7)
    assert one.read_bytes() == other.read_bytes()
    assert pq.read_metadata(one).num_row_groups == 4
