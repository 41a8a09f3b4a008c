"""Exports in bulk over HTTP: every flag that the caller is listed, once, in files that others read."""

from __future__ import annotations

import io
import json
import shutil
import subprocess

import geopandas as gpd
import pytest

PARQUET, LINES = "/v1/exports/flags.parquet", "/v1/exports/flags.ndjson"


def lines(answer):
    """Return the flags of an answer."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


def frame(answer):
    """Return the flags of an answer as GeoPandas reads them."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    return gpd.read_parquet(io.BytesIO(answer.content))


@pytest.fixture
def three(api):
    """Give the API with three flags: one that is published exactly, one masked, one that nobody decided about."""
    api.published()
    for number, consent in enumerate(("public_masked", "internal")):
        place = {"lat": 0.7 + number, "lon": 35.2, "uncertainty_m": 100}
        api.post("/v1/records", {**api.absent, "name": f"Mwangaza {number}", "consent": consent, "location": place})
    return api


@pytest.mark.parametrize("who", [None, "stranger", "contributor", "reviewer", "admin"])
def test_each_caller_gets_what_they_are_listed(three, who):
    """Both files hold the flags of the list of the same caller, in its order, with the same values."""
    listed = three.get("/v1/flags", who).json()["items"]
    assert lines(three.get(LINES, who)) == listed
    table = three.get("/v1/flags?f=geojson", who).json()["features"]
    found = frame(three.get(PARQUET, who))
    assert found["id"].tolist() == [one["id"] for one in table]
    assert [one and list(one.coords[0]) for one in found.geometry] == [
        one["geometry"] and one["geometry"]["coordinates"] for one in table
    ]
    assert found["probability"].tolist() == [one["properties"]["probability"] for one in table]


@pytest.mark.parametrize("asked", ["bbox=34.9,0.5,35.1,0.6", "q=mwangaza", "status=published", "verdict=undercount"])
def test_filters_are_those_of_the_list(three, asked):
    """A filter keeps what the list keeps by it."""
    listed = [one["id"] for one in three.get(f"/v1/flags?{asked}", "reviewer").json()["items"]]
    assert [one["id"] for one in lines(three.get(f"{LINES}?{asked}", "reviewer"))] == listed
    assert frame(three.get(f"{PARQUET}?{asked}", "reviewer"))["id"].tolist() == listed


def test_the_same_flags_are_the_same_file(three):
    """Asked again, the file is the same to the byte, has a name, and is not sent again to whoever holds it."""
    first, second = three.get(PARQUET, "reviewer"), three.get(PARQUET, "reviewer")
    assert first.content == second.content
    assert first.headers["content-disposition"] == 'attachment; filename="flags.parquet"'
    held = three.get(PARQUET, "reviewer", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")


def test_nothing_to_export_is_an_empty_file(sqlite_api):
    """Where nothing is published, both files are there, and are empty."""
    assert lines(sqlite_api.get(LINES)) == []
    assert len(frame(sqlite_api.get(PARQUET))) == 0


def _reads_parquet():
    if shutil.which("ogrinfo") is None:
        return False
    told = subprocess.run(["ogrinfo", "--formats"], capture_output=True, text=True, timeout=60, check=False)  # noqa: S607
    return "Parquet" in told.stdout


@pytest.mark.skipif(not _reads_parquet(), reason="GDAL's ogrinfo with its Parquet driver is not installed")
def test_gdal_reads_the_file(sqlite_api, tmp_path):
    """GDAL counts the flags of the file and finds points in WGS 84."""
    sqlite_api.published()
    path = tmp_path / "flags.parquet"
    path.write_bytes(sqlite_api.get(PARQUET).content)
    told = subprocess.run(  # noqa: S603 - a program of the machine, on a file of ours
        ["ogrinfo", "-ro", "-so", "-al", str(path)],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert "Feature Count: 1" in told
    assert "WGS 84" in told
