"""Vector tiles over HTTP: what a map draws is what the same caller is listed, and nothing that was taken back."""

from __future__ import annotations

import math
import shutil
import subprocess

import mapbox_vector_tile
import pytest

WHERE = (0.536, 35.0)  # of the absent village
WORLD = "/v1/tiles/flags/0/0/0.mvt"


def at(lat, lon, z=14, layer="flags"):
    """Return the address of the tile of a point."""
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return f"/v1/tiles/{layer}/{z}/{int((lon + 180) / 360 * 2**z)}/{int(y * 2**z)}.mvt"


def drawn(answer):
    """Return the properties of the features of a tile, by the reference decoder."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    return [one["properties"] for layer in layers.values() for one in layer["features"]]


def test_a_flag_is_drawn_for_those_who_see_it(api):
    """A flag stands in the tile of its place for its organisation and reviewers, for others once it is published."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "public_exact"}).json()["flag_id"]
    for who in ("contributor", "reviewer", "admin"):
        (one,) = drawn(api.get(at(*WHERE), who))
        assert one["id"] == flag_id
        assert (one["verdict"], one["status"], one["country"], one["kind"]) == (
            "hidden_place",
            "open",
            "KEN",
            "village",
        )
        assert one["radius_m"] == 100.0
    for who in (None, "stranger"):
        assert drawn(api.get(at(*WHERE), who)) == []
    api.decide(flag_id, "confirmed")
    api.decide(flag_id, "published", "admin")
    for who in (None, "stranger"):
        assert [one["id"] for one in drawn(api.get(at(*WHERE), who))] == [flag_id]


def test_what_is_withdrawn_leaves_at_once(api):
    """The tile after a withdrawal does not hold the flag, for anybody but those who may still look."""
    flag_id = api.published()
    assert drawn(api.get(WORLD)) != []
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    gone = api.post(f"/v1/records/{record_id}/withdrawal", {"reason_code": "no_longer_agreed"})
    assert gone.status_code == 200, gone.text
    assert drawn(api.get(WORLD)) == []


def test_what_is_held_leaves_at_once_and_comes_back(api):
    """An emergency hold empties the tiles of everybody outside, and lifting it fills them again."""
    flag_id = api.published()
    assert [one["id"] for one in drawn(api.get(WORLD))] == [flag_id]
    held = api.post("/v1/holds", {"country": "KEN", "reason": "a raid"}, "admin")
    assert held.status_code == 201, held.text
    assert drawn(api.get(WORLD)) == []
    assert drawn(api.get(WORLD, "reviewer")) == []
    assert drawn(api.get(WORLD, "admin")) != []
    assert api.post(f"/v1/holds/{held.json()['id']}/lift", {}, "admin").status_code == 200
    assert [one["id"] for one in drawn(api.get(WORLD))] == [flag_id]


def test_a_collection_that_agrees_to_less_leaves_at_once(api):
    """When a collection falls back to its organisation, what was drawn of it for others is not drawn again."""
    api.published(collection="survey")
    assert drawn(api.get(WORLD)) != []
    told = api.client.put(
        "/v1/collections/survey", json={"country": "KEN", "consent": "internal"}, headers=api.key("contributor")
    )
    assert told.status_code in {200, 201}, told.text
    assert drawn(api.get(WORLD)) == []


def test_a_place_is_drawn_where_it_is_shown(api, scene):
    """Whoever is shown a coarser place finds the flag in the tile of that place, never in that of the true one."""
    scene.publish(api.context, scene.official(scene.without("Bondeni"), residents=3_000))
    flag_id = api.published(consent="public_masked")
    place = api.get(f"/v1/flags/{flag_id}").json()["community"]["location"]
    assert place["precision"].startswith("h3_")
    (one,) = drawn(api.get(at(place["lat"], place["lon"], 18)))
    assert (one["id"], one["radius_m"]) == (flag_id, place["uncertainty_m"])
    assert drawn(api.get(at(*WHERE, 18))) == []
    assert [one["id"] for one in drawn(api.get(at(*WHERE, 18), "contributor"))] == [flag_id]


def test_flags_that_lie_close_are_one_mark(api):
    """From far away two flags are one mark with their number; close by, each is itself; from afar one is itself too."""
    first = api.post("/v1/records", {**api.absent, "consent": "public_exact"}).json()["flag_id"]
    assert [one["id"] for one in drawn(api.get(WORLD, "reviewer"))] == [first]
    other = {**api.absent, "name": "Mwangaza", "location": {"lat": 0.7, "lon": 35.2, "uncertainty_m": 100}}
    api.post("/v1/records", other)
    assert drawn(api.get(WORLD, "reviewer")) == [{"count": 2}]
    assert drawn(api.get(f"{WORLD}?q=mwangaza", "reviewer"))[0]["kind"] == "village"
    assert [one["id"] for one in drawn(api.get(at(*WHERE), "reviewer"))] == [first]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("country=KEN", 1),
        ("country=UGA", 0),
        ("verdict=hidden_place&verdict=undercount", 1),
        ("verdict=undercount", 0),
        ("status=open", 1),
        ("status=published", 0),
        ("q=bond", 1),
        ("q=nobody", 0),
        ("min_probability=0.01", 1),
        ("source=ke-villages", 1),
        ("source=another", 0),
        ("updated_since=2100-01-01T00:00:00Z", 0),
        ("sdg=17", 1),
        ("theme=disability", 0),
    ],
)
def test_filters_are_those_of_the_list(sqlite_api, asked, found):
    """A tile holds what the list of flags answers to the same words."""
    sqlite_api.post("/v1/records", {**sqlite_api.absent, "consent": "public_exact"})
    assert len(drawn(sqlite_api.get(f"{WORLD}?{asked}", "reviewer"))) == found
    assert len(sqlite_api.get(f"/v1/flags?{asked}", "reviewer").json()["items"]) == found


def test_a_tile_is_kept_by_its_etag_and_by_whom_it_is_for(sqlite_api):
    """A tile that did not change is not sent again; what was made for somebody with a key is kept by nobody else."""
    sqlite_api.published()
    answer = sqlite_api.get(WORLD, "reviewer")
    assert answer.headers["cache-control"] == "private, no-cache"
    assert sqlite_api.get(WORLD).headers["cache-control"] == "no-cache"
    again = sqlite_api.get(WORLD, "reviewer", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/tiles/flags/0/1/0.mvt", 404),
        ("/v1/tiles/flags/3/0/8.mvt", 404),
        ("/v1/tiles/flags/19/0/0.mvt", 422),
        ("/v1/tiles/flags/a/0/0.mvt", 422),
        (f"{WORLD}?colour=red", 422),
        (f"{WORLD}?sdg=99", 422),
        ("/v1/tiles/official/0/0/0.mvt?source=nobody", 422),
    ],
)
def test_what_is_no_tile_is_told(sqlite_api, path, status):
    """An address that names no tile, and a filter that is none, are refused in words."""
    answer = sqlite_api.get(path)
    assert answer.status_code in {status, 400}, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_official_places_are_drawn_for_everybody(sqlite_api):
    """What a list in force holds is in its tiles, close by one by one, from afar as marks with numbers."""
    places = drawn(sqlite_api.get(at(0.518, 35.0, layer="official")))
    assert {"id": "V002", "name": "Lindi", "kind": "village", "source": "ke-villages"} in places
    assert drawn(sqlite_api.get("/v1/tiles/official/0/0/0.mvt")) == [{"count": 9}]
    assert drawn(sqlite_api.get("/v1/tiles/official/0/0/0.mvt?source=ke-villages")) == [{"count": 9}]


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="GDAL's ogrinfo is not installed (Debian: gdal-bin)")
def test_gdal_reads_a_tile(sqlite_api, tmp_path):
    """GDAL's driver for vector tiles finds the flag where it is, with its properties."""
    flag_id = sqlite_api.published()
    address = at(*WHERE)
    z, x, y = address.removesuffix(".mvt").split("/")[-3:]
    path = tmp_path / z / x / f"{y}.mvt"
    path.parent.mkdir(parents=True)
    path.write_bytes(sqlite_api.get(address).content)
    told = subprocess.run(  # noqa: S603 - a program of the machine, on a file of ours
        ["ogrinfo", "-ro", "-al", "-oo", f"X={x}", "-oo", f"Y={y}", "-oo", f"Z={z}", f"MVT:{path}"],  # noqa: S607
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    assert f"id (String) = {flag_id}" in told
    assert "Layer name: flags" in told
    place = told.partition("POINT (")[2].partition(")")[0].split()
    assert float(place[0]) == pytest.approx(math.radians(35.0) * 6378137, abs=3)
