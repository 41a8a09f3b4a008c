"""Places go to GeoParquet and GeoDataFrames and come back as they were."""

from __future__ import annotations

import io
import json
from datetime import date

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.fingerprint import fingerprint
from geodata.geodataframes import from_geodataframe, to_geodataframe
from geodata.geoparquet import NotPlaces, from_geoparquet, to_geoparquet
from geodata.places import Places

AREA = shapely.to_wkb(shapely.box(36, -2, 37, -1))
COUNT = {"value": None, "low": 50.0, "high": 60.0, "unit": "persons", "status": "estimated", "date": date(2009, 8, 24)}
TWO_TEXTS = pa.struct([("a", pa.string()), ("b", pa.string())])
PLACES = Places.from_rows(
    [
        {
            "id": "point",
            "names": ["Lindi"],
            "lat": -1.3,
            "lon": 36.8,
            "admin": [("county", "Nairobi")],
            "counts": [COUNT],
        },
        {"id": "area", "names": [], "area": AREA, "attributes": [("operator", "Shofco")], "groups": ["a", "b"]},
        {"id": "both", "names": ["مخيم"], "area": AREA, "lat": -1.5, "lon": 36.5, "observed": date(2017, 7, 1)},
        {"id": "nowhere", "names": [{"text": "x", "language": "sw", "script": "Latn"}], "r95_m": 5.0},
    ]
)


def test_a_file_and_back():
    """No column, null, name, map or outline is lost."""
    assert from_geoparquet(to_geoparquet(PLACES)).table.equals(PLACES.table)
    empty = PLACES.take([])
    assert from_geoparquet(to_geoparquet(empty)).table.equals(empty.table)


def test_the_bytes_are_always_the_same():
    """Chunking and slicing leave no trace in the file."""
    pieces = Places.concat([PLACES.take([n]) for n in range(4)])
    assert to_geoparquet(pieces) == to_geoparquet(PLACES)


def test_others_can_read_the_file():
    """Any reader of GeoParquet 1.1 finds points and areas in WGS 84."""
    content = to_geoparquet(PLACES)
    frame = gpd.read_parquet(io.BytesIO(content))
    assert frame.crs.equals("OGC:CRS84")
    assert [None if shape is None else shape.geom_type for shape in frame.geometry] == [
        "Point",
        "Polygon",
        "Polygon",
        None,
    ]
    geo = json.loads(pq.read_schema(io.BytesIO(content)).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"]["geometry"]["geometry_types"] == ["Point", "Polygon"]
    assert geo["columns"]["geometry"]["bbox"] == [36, -2, 37, -1]


@pytest.mark.parametrize("content", [b"nothing", b"PAR1", b""])
def test_another_file_is_refused(content: bytes):
    """Bytes that are no Parquet file are told as such."""
    with pytest.raises(NotPlaces, match="not a readable Parquet file"):
        from_geoparquet(content)


def test_another_table_is_refused():
    """A Parquet file with other columns names what is missing."""
    sink = io.BytesIO()
    pq.write_table(pa.table({"id": ["a"]}), sink)
    with pytest.raises(NotPlaces, match="admin, attributes"):
        from_geoparquet(sink.getvalue())


def test_a_frame_and_back():
    """A GeoDataFrame has the same columns, and its geometry fills points and areas."""
    frame = to_geodataframe(PLACES)
    assert frame.geometry.name == "geometry"
    back = from_geodataframe(frame)
    assert (
        back.take([0, 2, 3])
        .table.drop_columns(["admin", "attributes"])
        .equals(PLACES.take([0, 2, 3]).table.drop_columns(["admin", "attributes"]))
    )


def test_a_frame_of_another_system_becomes_degrees():
    """Metres are brought to WGS 84, a polygon gives a point inside it."""
    frame = gpd.GeoDataFrame(
        {"id": ["a", "b"]}, geometry=[shapely.Point(36.8, -1.3), shapely.box(36, -2, 37, -1)], crs=4326
    )
    places = from_geodataframe(frame.to_crs(3857))
    assert places.lat.tolist() == pytest.approx([-1.3, -1.5], abs=0.01)
    assert [row["area"] is None for row in places.table.to_pylist()] == [True, False]
    with pytest.raises(ValueError, match="set_crs"):
        from_geodataframe(gpd.GeoDataFrame({"id": ["a"]}, geometry=[shapely.Point(1, 1)]))


def test_a_fingerprint_is_of_the_content_only():
    """Chunks, slices and a trip through a file change nothing; any value, null or order does."""
    whole = fingerprint(PLACES.table)
    assert fingerprint(Places.concat([PLACES.take([0]), PLACES.take([1, 2, 3])]).table) == whole
    assert fingerprint(Places.concat([PLACES, PLACES]).table.slice(4)) == whole
    assert fingerprint(from_geoparquet(to_geoparquet(PLACES)).table) == whole
    others = [PLACES.take([1, 0, 2, 3]), PLACES.take([0, 1, 2])]
    others += [Places(PLACES.table.set_column(4, PLACES.table.schema.field(4), pa.array([0, 0, 0, 0], pa.float64())))]
    assert len({whole, *(fingerprint(other.table) for other in others)}) == 4


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array(["ab", "c"]), pa.array(["a", "bc"])),
        (pa.array(["", None]), pa.array([None, ""])),
        (pa.array([[1], [2, 3]]), pa.array([[1, 2], [3]])),
        (pa.array([[], None], pa.list_(pa.int64())), pa.array([None, []], pa.list_(pa.int64()))),
        (pa.array([0, None]), pa.array([None, 0])),
        (pa.array([True, False]), pa.array([False, True])),
        (pa.array([{"a": "x", "b": None}], TWO_TEXTS), pa.array([{"a": None, "b": "x"}], TWO_TEXTS)),
    ],
)
def test_no_two_columns_share_a_fingerprint(one: pa.Array, other: pa.Array):
    """Where a text or a list ends, and what is null, is part of what is said."""
    assert fingerprint(pa.table({"x": one})) != fingerprint(pa.table({"x": other}))
