"""Frame updates over HTTP: who may have them, what is in them, and that a GIS reads them."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile

import pyogrio
import pytest
import shapely

COUNTS = [
    {"value": 412, "low": 380, "high": 450, "unit": "persons", "method": "enumeration", "date": "2025-06-01"},
    {"value": 96, "unit": "households", "method": "enumeration", "date": "2025-06-01"},
]


def opened(answer):
    """Return the files of a frame update by name."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def rows(files):
    """Return the rows of the CSV."""
    return list(csv.DictReader(io.StringIO(files["frame_updates.csv"].decode(), newline="")))


@pytest.fixture
def units(sqlite_api, scene):
    """Publish a list of borders: a district, and an enumeration area in it."""
    district, area = shapely.box(34.5, 0.0, 35.5, 1.0), shapely.box(34.95, 0.5, 35.05, 0.6)
    areas = {
        "Uasin Gishu": ("district", shapely.to_wkb(district)),
        "Area 17": ("enumeration area", shapely.to_wkb(area)),
        "Bondeni Estate": ("village", shapely.to_wkb(area)),  # the outline of a settlement is no unit
    }
    places = [("Uasin Gishu", 0.5, 35.0), ("Area 17", 0.55, 35.0), ("Bondeni Estate", 0.55, 35.0)]
    return lambda: scene.publish(sqlite_api.context, scene.official(places, source="ke-units", areas=areas))


def test_a_confirmed_gap_comes_with_its_parent_and_area(sqlite_api, units):
    """The unit whose border holds it, its code as text, the enumeration area, counts with method, evidence, reason."""
    flag_id = sqlite_api.published(counts=COUNTS, names=["بوندني"])
    units()
    files = opened(sqlite_api.get("/v1/frame-updates?country=KEN", "reviewer"))
    assert list(files) == ["README.txt", "frame_updates.csv", "frame_updates.gpkg"]
    (row,) = rows(files)
    assert row["flag_id"] == flag_id
    assert row["temporary_code"].startswith("X-KEN-")
    assert (row["name"], row["gap"], row["status"]) == ("Bondeni", "not_listed", "published")
    assert (row["parent_code"], row["parent_name"], row["parent_level"]) == ("V000", "Uasin Gishu", "district")
    assert (row["parent_list"], row["parent_basis"]) == ("List ke-units", "its border holds the point")
    assert (row["ea_code"], row["ea_name"], row["ea_list"]) == ("V001", "Area 17", "List ke-units, 2019")
    assert (row["lat"], row["lon"], row["uncertainty_m"]) == ("0.536", "35.0", "100.0")
    assert (row["persons"], row["persons_low"], row["persons_high"]) == ("412.0", "380.0", "450.0")
    assert (row["persons_method"], row["persons_date"]) == ("enumeration", "2025-06-01")
    assert (row["households"], row["households_low"]) == ("96.0", "")
    assert float(row["probability"]) > 0.9
    assert row["reason_code"] == "field_visit"
    assert "List ke-villages" in row["evidence"]
    assert len(row["snapshot"]) == 64
    readme = files["README.txt"].decode()
    assert "To be added    1 communities" in readme
    assert "RESTRICTED" in readme


def test_without_borders_the_nearest_place_or_the_record_says_where(sqlite_api):
    """What a proposal rests on is said, whatever it is."""
    sqlite_api.published()
    (row,) = rows(opened(sqlite_api.get("/v1/frame-updates", "reviewer")))
    assert row["parent_code"] == row["parent_name"] == row["ea_code"] == ""
    sqlite_api.published(id="b", name="Mugumoini", admin={"county": "Uasin Gishu"}, location={"lat": 0.7, "lon": 35.2})
    told = {row["name"]: row for row in rows(opened(sqlite_api.get("/v1/frame-updates", "reviewer")))}
    assert told["Mugumoini"]["parent_name"] == "Uasin Gishu"
    assert told["Mugumoini"]["parent_basis"] == "as the record says"


def test_only_what_people_confirmed_is_in_it(sqlite_api, tmp_path):
    """An open flag is a finding of a model, and no update of a frame."""
    sqlite_api.post("/v1/records", sqlite_api.absent)
    files = opened(sqlite_api.get("/v1/frame-updates", "reviewer"))
    assert rows(files) == []
    path = tmp_path / "frame.gpkg"
    path.write_bytes(files["frame_updates.gpkg"])
    assert pyogrio.read_info(path)["features"] == 0


@pytest.mark.parametrize("parts", [{"consent": "internal"}, {"sensitivity": "restricted"}])
def test_what_must_not_travel_is_counted_and_left_out(sqlite_api, parts):
    """Consent to nobody outside, or a class at risk, keeps a community out of a file; the text says how many."""
    sqlite_api.published(**parts)
    files = opened(sqlite_api.get("/v1/frame-updates", "reviewer"))
    assert rows(files) == []
    assert "1 more are left out" in files["README.txt"].decode()


@pytest.mark.parametrize("who", [None, "contributor", "stranger"])
def test_it_is_for_reviewers(sqlite_api, who):
    """Exact places in a file are for whoever works on the frame."""
    assert sqlite_api.get("/v1/frame-updates", who).status_code in {401, 403}


def test_the_same_gaps_are_the_same_file(sqlite_api, units):
    """Bytes do not depend on when it is asked for."""
    sqlite_api.published(counts=COUNTS)
    units()
    first = sqlite_api.get("/v1/frame-updates", "reviewer")
    assert first.content == sqlite_api.get("/v1/frame-updates", "reviewer").content
    again = sqlite_api.get("/v1/frame-updates", "reviewer", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_a_gis_reads_the_layer(sqlite_api, units, tmp_path):
    """GDAL finds one layer of points in WGS 84 whose codes are text and whose numbers are numbers."""
    if shutil.which("ogrinfo") is None:
        pytest.skip("ogrinfo of GDAL is not installed")
    sqlite_api.published(counts=COUNTS, name="=1+1", names=["কড়াইল"])
    units()
    path = tmp_path / "frame.gpkg"
    path.write_bytes(opened(sqlite_api.get("/v1/frame-updates", "reviewer"))["frame_updates.gpkg"])
    done = subprocess.run(["ogrinfo", "-al", str(path)], capture_output=True, check=True, timeout=60)  # noqa: S603, S607 - our own file
    told = done.stdout.decode()
    for line in (
        "Layer name: frame_updates",
        "Geometry: Point",
        "Feature Count: 1",
        "parent_code: String",
        "ea_code: String",
        "persons: Real",
        "uncertainty_m: Real",
        " 0.536)",
        "name (String) = =1+1",
        "other_names (String) = কড়াইল",
    ):
        assert line in told, line
