"""OGC API Features over HTTP: what a GIS is told, page by page, and what nobody is told."""

from __future__ import annotations

import io
import logging
from contextlib import redirect_stderr
from urllib.parse import quote

import pyarrow as pa
import pytest
import shapely
import shapely.geometry

FLAGS = "/ogc/collections/flags/items"
PLACES = "/ogc/collections/official-places/items"
AREAS = "/ogc/collections/gap-areas/items"
EVERY = ("/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/flags", FLAGS, PLACES, AREAS)


def below(href):
    """Return an address without its origin."""
    return href.removeprefix("http://testserver")


def linked(body, rel):
    """Return the addresses of the links of a kind."""
    return [below(one["href"]) for one in body["links"] if one["rel"] == rel]


def walked(api, path, who=None):
    """Return the ids of all features, page by page, and what every page says of their number."""
    seen, matched = [], set()
    while path:
        page = api.get(path, who).json()
        assert page["numberReturned"] == len(page["features"])
        seen += [one["id"] for one in page["features"]]
        matched.add(page["numberMatched"])
        path = next(iter(linked(page, "next")), None)
    return seen, matched


@pytest.fixture
def five(api, scene):
    """Give the API with five flags, in Kenya and on both sides of the antimeridian, of which three are published."""
    fiji = (("Suva", -17.4, 179.0), ("Labasa", -17.4, -179.0), ("Nadi", -17.8, 178.5))
    scene.publish(api.context, scene.official(fiji, "fj-villages", countries=frozenset({"FJI"})))
    places = (("KEN", 0.6, 35.0), ("FJI", -17.0, 179.5), ("FJI", -17.0, -179.5), ("KEN", 0.7, 36.0), ("KEN", 0.8, 37.0))
    for number, (country, lat, lon) in enumerate(places):
        place = {"lat": lat, "lon": lon, "uncertainty_m": 50}
        parts = {"id": f"r{number}", "name": f"Kijiji {number}", "country": country, "location": place}
        if number < 3:
            api.published(**parts)
        else:
            api.post("/v1/records", {**api.absent, "consent": "internal", **parts})
    return api


def test_the_landing_page_leads_everywhere(api):
    """From the landing page every link is at one origin and answered, with what a GIS needs to begin."""
    landing = api.get("/ogc").json()
    assert {one["rel"] for one in landing["links"]} >= {"self", "alternate", "service-desc", "conformance", "data"}
    for page in (landing, api.get("/ogc/collections").json(), api.get("/ogc/collections/flags").json()):
        for one in page["links"]:
            assert one["href"].startswith("http://testserver/")
            answer = api.get(below(one["href"]))
            assert answer.status_code == 200, one
            assert answer.headers["content-type"].partition(";")[0] == one["type"].partition(";")[0]


def test_what_holds_of_the_standard_is_told(sqlite_api):
    """The classes of part 1 are named, and collections are in WGS 84 with longitude first."""
    told = sqlite_api.get("/ogc/conformance").json()["conformsTo"]
    assert "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core" in told
    for one in sqlite_api.get("/ogc/collections").json()["collections"]:
        assert one["crs"] == ["http://www.opengis.net/def/crs/OGC/1.3/CRS84"]
        assert one["itemType"] == "feature"


def test_the_description_is_of_this_room(sqlite_api):
    """What tools read as the interface has the paths below its own server address, and their parameters."""
    told = sqlite_api.get("/ogc/api").json()
    assert told["servers"] == [{"url": "http://testserver/ogc"}]
    names = {one["name"] for one in told["paths"]["/collections/flags/items"]["get"]["parameters"]}
    assert {"bbox", "datetime", "limit", "cursor", "verdict", "country"} <= names


@pytest.mark.parametrize("path", EVERY)
def test_every_answer_is_a_page_too(sqlite_api, path):
    """A browser gets a page that needs nothing else; who asks for JSON in the address gets JSON."""
    sqlite_api.published()
    page = sqlite_api.get(path, headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 200, page.text
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert sqlite_api.get(f"{path}?f=html").text.count("<h1>") == 1
    assert "json" in sqlite_api.get(f"{path}?f=json", headers={"Accept": "text/html"}).headers["content-type"]


@pytest.mark.parametrize("who", [None, "stranger", "contributor", "reviewer", "admin"])
def test_each_caller_finds_what_they_are_listed(five, who):
    """Features are the flags of the list, in its order, each once, and their number is told on every page."""
    listed = [one["id"] for one in five.get("/v1/flags", who).json()["items"]]
    assert len(listed) == (3 if who in {None, "stranger"} else 5)
    assert walked(five, f"{FLAGS}?limit=2", who) == (listed, {len(listed)})
    features = five.get("/v1/flags?f=geojson", who).json()["features"]
    assert five.get(FLAGS, who).json()["features"] == features
    for feature in features:
        alone = five.get(f"{FLAGS}/{feature['id']}", who).json()
        assert {name: alone[name] for name in feature} == feature


def test_new_flags_come_at_the_end(five):
    """Whoever is reading pages while others send meets every flag once, the new ones last."""
    first = five.get(f"{FLAGS}?limit=3", "reviewer").json()
    five.post("/v1/records", {**five.absent, "name": "Mpya", "location": {"lat": 0.9, "lon": 38, "uncertainty_m": 9}})
    rest, matched = walked(five, linked(first, "next")[0], "reviewer")
    seen = [one["id"] for one in first["features"]] + rest
    assert len(set(seen)) == len(seen) == 6
    assert matched == {6}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("bbox=34,0,38,1", [0, 3, 4]),
        ("bbox=179,-20,-179,-10", [1, 2]),
        ("bbox=-180,-90,180,90", [0, 1, 2, 3, 4]),
        ("bbox=34,0,38,1&status=published", [0]),
        ("q=kijiji%203", [3]),
        ("country=KEN", [0, 3, 4]),
        ("verdict=undercount", []),
        ("datetime=2020-01-01/..", [0, 1, 2, 3, 4]),
        ("datetime=../2020-01-01T00:00:00Z", []),
        ("datetime=2020-01-01", []),
        ("datetime=2020-01-01/2020-12-31", []),
    ],
)
def test_questions_are_answered(five, asked, found):
    """Boxes, across the antimeridian too, spans of time and the filters of the list narrow what is found."""
    page = five.get(f"{FLAGS}?{asked}", "reviewer").json()
    assert [one["properties"]["name"] for one in page["features"]] == [f"Kijiji {number}" for number in found]
    assert page["numberMatched"] == len(found)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{FLAGS}?limit=0", 422),
        (f"{FLAGS}?limit=100000", 422),
        (f"{FLAGS}?bbox=1,2,3", 422),
        (f"{FLAGS}?bbox=0,10,0,-10", 422),
        (f"{FLAGS}?datetime=yesterday", 422),
        (f"{FLAGS}?datetime=2026-02-30", 422),
        (f"{FLAGS}?datetime=2026-02-02/2026-01-01", 422),
        (f"{FLAGS}?datetime=..", 422),
        (f"{FLAGS}?cursor=nobody", 422),
        (f"{FLAGS}?colour=red", 422),
        (f"{FLAGS}?f=gml", 422),
        (f"{PLACES}?cursor=0123456789abcdef-1", 422),
        (f"{AREAS}?cursor=nobody", 422),
        (f"{FLAGS}/nobody", 404),
        (f"{PLACES}/nobody:1", 404),
        (f"{PLACES}/ke-villages:nobody", 404),
        (f"{AREAS}/nobody", 404),
        ("/ogc/collections/nobody", 404),
        ("/ogc/collections/nobody/items", 404),
    ],
)
def test_what_cannot_be_answered_is_told(sqlite_api, path, status):
    """A question that is none, and a thing that is not there, are refused as problems, in words."""
    answer = sqlite_api.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["detail"]


def test_official_places_are_found_by_everybody(sqlite_api, scene):
    """Places of all lists are met once, list after list, with their points and what their publisher calls them."""
    scene.publish(
        sqlite_api.context, scene.official((("Mbale", 1.08, 34.17),), "ug-towns", countries=frozenset({"UGA"}))
    )
    ids, matched = walked(sqlite_api, f"{PLACES}?limit=4")
    assert (len(ids), len(set(ids)), matched) == (10, 10, {10})
    (lindi,) = sqlite_api.get(f"{PLACES}?bbox=34.99,0.517,35.01,0.519").json()["features"]
    assert lindi["id"] == "ke-villages:V002"
    assert lindi["geometry"] == {"type": "Point", "coordinates": [35.0, 0.518]}
    assert (lindi["properties"]["name"], lindi["properties"]["vintage"]) == ("Lindi", "2019")
    assert sqlite_api.get(f"{PLACES}/ke-villages:V002").json()["properties"] == lindi["properties"]
    assert walked(sqlite_api, f"{PLACES}?source=ug-towns")[0] == ["ug-towns:V000"]
    assert walked(sqlite_api, f"{PLACES}?kind=village&country=KEN&limit=9")[1] == {10}
    assert walked(sqlite_api, f"{PLACES}?country=UGA")[0] == []
    assert walked(sqlite_api, f"{PLACES}?kind=town")[0] == []
    assert walked(sqlite_api, f"{PLACES}?datetime=../2000-01-01")[0] == []


def test_areas_tell_what_the_gap_report_tells(api, scene):
    """A unit has the numbers of the report of the same caller, and its border where a list draws it."""
    county = shapely.box(34.5, 0.0, 35.5, 1.0)
    outline = {"Uasin": ("administrative_unit", county.wkb)}
    scene.publish(api.context, scene.official((("Uasin", 0.5, 35.0),), "ke-counties", areas=outline))
    api.published(admin={"county": "Uasin"})
    for who in (None, "reviewer"):
        regions = api.get("/v1/gap-reports?country=KEN", who).json()["regions"]
        page = api.get(AREAS, who).json()
        told = [
            {name: one["properties"][name] for name in ("hidden", "undercount", "withheld")} for one in page["features"]
        ]
        assert told == [{name: one[name] for name in told[0]} for one in regions["items"] if one["area"]]
        (uasin,) = page["features"]
        assert uasin["properties"]["level"] == regions["level"] == "county"
        assert shapely.geometry.shape(uasin["geometry"]).equals(county)
        assert api.get(f"{AREAS}/{uasin['id']}", who).json()["properties"] == uasin["properties"]
        assert walked(api, f"{AREAS}?bbox=35,0.5,36,2", who)[0] == [uasin["id"]]
        assert walked(api, f"{AREAS}?bbox=10,0.5,11,2", who)[0] == []
    assert api.get(AREAS).json()["features"][0]["properties"]["hidden"] is None
    assert api.get(AREAS, "reviewer").json()["features"][0]["properties"]["hidden"] == 1


def test_a_key_in_the_address_opens_what_a_header_opens(five):
    """With a key in the path every link goes on with it, features are those of its holder, and nobody caches them."""
    key = five.keys["reviewer"]
    landing = five.get(f"/ogc/t/{key}").json()
    for one in landing["links"]:
        if one["rel"] != "service-doc":
            assert one["href"].startswith(f"http://testserver/ogc/t/{key}"), one
    flags = five.get(linked(landing, "data")[0]).json()["collections"][0]
    items = linked(flags, "items")[0]
    answer = five.get(items)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert walked(five, f"{items}?limit=2") == walked(five, f"{FLAGS}?limit=2", "reviewer")


def test_a_key_in_the_address_stands_in_no_log_and_no_refusal(sqlite_api):
    """What is logged, and what a problem repeats, is the address without the key; a wrong one opens nothing."""
    key, told = sqlite_api.keys["reviewer"], io.StringIO()
    logging.getLogger().addHandler(handler := logging.StreamHandler(told))
    try:
        with redirect_stderr(told):
            refused = sqlite_api.get(f"/ogc/t/{key}/collections/flags/items?colour=red")
            assert sqlite_api.get(f"/ogc/t/{key}/collections").status_code == 200
            wrong = sqlite_api.get("/ogc/t/unc_nobody/collections/flags/items")
    finally:
        logging.getLogger().removeHandler(handler)
    assert key not in told.getvalue()
    assert "unc_nobody" not in told.getvalue()
    assert (refused.status_code, wrong.status_code) == (422, 401)
    assert key not in refused.text
    assert refused.json()["instance"] == FLAGS
    assert wrong.json()["code"] == "key-unknown"


def test_a_key_in_the_address_opens_no_other_room(sqlite_api):
    """Only rooms for tools without headers take a key there; the rest of the service knows no such address."""
    key = sqlite_api.keys["admin"]
    for path in (f"/v1/t/{key}/flags", f"/t/{key}/v1/flags", f"/desk/t/{key}"):
        assert sqlite_api.get(path).status_code == 404
    assert sqlite_api.post(f"/ogc/t/{key}/collections/flags/items", {}, None).status_code == 405


def test_a_page_does_not_lead_others_to_a_key(sqlite_api):
    """A page asked for with a header names no key, and one asked for with a key in its address leads nowhere else."""
    key = sqlite_api.keys["reviewer"]
    assert key not in sqlite_api.get(f"{FLAGS}?f=html", "reviewer").text
    page = sqlite_api.get(f"/ogc/t/{key}/collections?f=html").text
    assert "http://testserver/static/uncounted.css" in page
    assert page.count("http") == page.count("http://testserver")


def test_what_is_withdrawn_is_gone_at_once(api):
    """The feature, the page and the number of all are without a flag as soon as it is withdrawn."""
    flag_id = api.published()
    assert walked(api, FLAGS) == ([flag_id], {1})
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    api.post(f"/v1/records/{record_id}/withdrawal", {"reason_code": "no_longer_agreed"})
    assert walked(api, FLAGS) == ([], {0})
    assert api.get(f"{FLAGS}/{flag_id}").status_code == 404


def test_any_identifier_of_a_publisher_is_an_address(sqlite_api, monkeypatch):
    """An identifier with signs that mean something in addresses is found by its link, on the page too."""
    official = next(iter(sqlite_api.context.lists.current()))
    column = official.index.places.column("id").to_pylist()
    odd = "a/b ?c#d"
    places = official.index.places
    monkeypatch.setitem(places._whole, "id", pa.array([odd, *column[1:]]))
    alone = sqlite_api.get(f"{PLACES}/ke-villages:{quote(odd, safe=':')}")
    assert alone.status_code == 200, alone.text
    assert linked(alone.json(), "self")[0] == f"{PLACES}/ke-villages:{quote(odd, safe=':')}"
