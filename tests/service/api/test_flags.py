"""Flags over HTTP: read, filtered, in three formats, decided by people."""

from __future__ import annotations

import csv
import io

import pytest


def names(answer):
    """Return the names of the communities of a page."""
    return [item["community"]["name"] for item in answer.json()["items"]]


def test_only_what_was_published_is_public(api):
    """A flag is open to reviewers at once, and to everybody only after two people confirmed and published it."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "public_exact"}).json()["flag_id"]
    assert api.get(f"/v1/flags/{flag_id}").status_code == 404
    assert api.get("/v1/flags").json()["items"] == []
    assert names(api.get("/v1/flags", "reviewer")) == ["Bondeni"]
    assert api.decide(flag_id, "confirmed").status_code == 201
    assert api.get(f"/v1/flags/{flag_id}").status_code == 404
    assert api.decide(flag_id, "published").json()["code"] == "not-permitted"
    assert api.decide(flag_id, "published", "admin").json()["status"] == "published"
    assert api.get(f"/v1/flags/{flag_id}").json()["verdict"] == "hidden_place"
    assert names(api.get("/v1/flags")) == ["Bondeni"]


def test_a_contributor_sees_its_own_flags_in_full_and_others_as_the_public(api):
    """The organisation of a record sees its flag with all grounds; another one only once it is published."""
    flag_id = api.post("/v1/records", {**api.absent, "consent": "public_exact"}).json()["flag_id"]
    own = api.get(f"/v1/flags/{flag_id}", "contributor").json()
    assert own["candidates"]
    assert own["findings"]
    assert api.get("/v1/flags", "stranger").json()["items"] == []
    api.decide(flag_id, "confirmed")
    api.decide(flag_id, "published", "admin")
    assert api.get(f"/v1/flags/{flag_id}", "stranger").json() == api.get(f"/v1/flags/{flag_id}").json()
    assert names(api.get("/v1/flags", "stranger")) == ["Bondeni"]


def test_filters_narrow(api):
    """Every filter leaves out what does not answer to it."""
    api.published()
    reads = {
        "verdict=hidden_place": 1,
        "verdict=undercount": 0,
        "verdict=undercount&verdict=hidden_place": 1,
        "status=published": 1,
        "status=open": 0,
        "country=Kenya": 1,
        "country=UGA": 0,
        "bbox=34.9,0.5,35.1,0.6": 1,
        "bbox=35.1,0.5,35.2,0.6": 0,
        "q=bonde": 1,
        "q=gatwekera": 0,
        "min_probability=0.9": 1,
        "min_probability=1": 0,
        "updated_since=2020-01-01T00:00:00Z": 1,
        "updated_since=2100-01-01T00:00:00Z": 0,
        "source=ke-villages": 1,
        "source=other": 0,
    }
    assert {query: api.get(f"/v1/flags?{query}").json()["numberReturned"] for query in reads} == reads


def test_pages_hold_every_flag_once(api):
    """Following `next`, or the Link header, meets every flag once, also when one is added meanwhile."""
    for number in range(5):
        api.published(id=f"r{number}", name=f"Bondeni {number}")
    seen, path = [], "/v1/flags?limit=2"
    while path:
        answer = api.get(path)
        seen += names(answer)
        path = answer.json()["next"]
        assert answer.headers.get("Link") == (f'<{path}>; rel="next"' if path else None)
        if len(seen) == 2:
            api.published(id="late", name="Bondeni 5")
    assert seen == [f"Bondeni {number}" for number in range(6)]


def test_a_map_reads_geojson(api):
    """GeoJSON is a FeatureCollection of points with flat properties, longitude first, by ?f= and by Accept."""
    flag_id = api.published()
    asked = api.get("/v1/flags?f=geojson")
    accepted = api.get("/v1/flags", headers={"Accept": "application/geo+json"})
    assert asked.headers["Content-Type"] == accepted.headers["Content-Type"] == "application/geo+json"
    told = asked.json()
    assert told["numberReturned"] == 1
    (feature,) = told["features"]
    assert feature["id"] == flag_id
    assert feature["geometry"] == {"type": "Point", "coordinates": [35.0, 0.536]}
    assert feature["properties"]["verdict"] == "hidden_place"
    assert not any(isinstance(value, dict | list) for value in feature["properties"].values())


def test_a_spreadsheet_reads_csv_that_runs_nothing(api):
    """CSV has one row per flag, latitude beside longitude, and no name that a spreadsheet would run."""
    api.published(name='=HYPERLINK("http://x")', location={"lat": -0.536, "lon": 35.0})
    answer = api.get("/v1/flags?f=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    header, row = list(csv.reader(io.StringIO(answer.text, newline="")))
    told = dict(zip(header, row, strict=True))
    assert told["name"] == '\'=HYPERLINK("http://x")'
    assert told["lat"] == "-0.536"
    assert header.index("lon") == header.index("lat") + 1
    assert answer.text.endswith("\r\n")


def test_a_format_nobody_writes_is_not_acceptable(sqlite_api):
    """Accept with nothing we write answers 406; a browser gets JSON."""
    assert sqlite_api.get("/v1/flags", headers={"Accept": "application/pdf"}).status_code == 406
    browser = sqlite_api.get("/v1/flags", headers={"Accept": "text/html,*/*;q=0.8"})
    assert browser.headers["Content-Type"] == "application/json"


def test_what_is_held_already_is_not_sent_again(api):
    """A reader that sends back the ETag gets 304 and no body, until something changes; callers do not share answers."""
    api.published(id="one")
    first = api.get("/v1/flags")
    held = {"If-None-Match": first.headers["ETag"]}
    assert api.get("/v1/flags", headers=held).status_code == 304
    assert "X-API-Key" in first.headers["Vary"]
    assert api.get("/v1/flags", "reviewer", headers=held).status_code == 200
    api.published(id="two", name="Bondeni Two")
    assert api.get("/v1/flags", headers=held).status_code == 200


def test_two_reviewers_at_once_one_is_told(api):
    """Whoever decides on a version that is no longer the present one is told so, by body or by If-Match."""
    flag_id = api.post("/v1/records", api.absent).json()["flag_id"]
    seen = api.get(f"/v1/flags/{flag_id}", "reviewer")
    etag, version = seen.headers["ETag"], seen.json()["version"]
    assert api.decide(flag_id, "in_review", expected_version=version).json()["version"] == version + 1
    late = api.decide(flag_id, "rejected", expected_version=version)
    assert (late.status_code, late.json()["code"]) == (409, "stale-state")
    body = {"decision": "rejected", "reason_code": "duplicate"}
    by_etag = api.post(f"/v1/flags/{flag_id}/reviews", body, "reviewer", **{"If-Match": etag})
    assert by_etag.json()["code"] == "stale-state"
    fresh = api.get(f"/v1/flags/{flag_id}", "reviewer").headers["ETag"]
    assert api.post(f"/v1/flags/{flag_id}/reviews", body, "reviewer", **{"If-Match": fresh}).status_code == 201


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "confirmed"}, 422),
        ({"decision": "confirmed", "reason_code": " "}, 422),
        ({"decision": "maybe", "reason_code": "x"}, 422),
        ({"decision": "published", "reason_code": "x"}, 422),
        ({"decision": "open", "reason_code": "x"}, 422),
        ({"decision": "confirmed", "reason_code": "x", "note": "a\x00b"}, 422),
    ],
)
def test_a_decision_that_does_not_follow_is_refused(sqlite_api, body, status):
    """A decision needs a known word, a reason, and a status it can follow from; the flag stays as it is."""
    flag_id = sqlite_api.post("/v1/records", sqlite_api.absent).json()["flag_id"]
    answer = sqlite_api.post(f"/v1/flags/{flag_id}/reviews", body, "reviewer")
    assert answer.status_code == status
    assert all(error["pointer"] and error["hint"] for error in answer.json()["errors"])
    assert sqlite_api.get(f"/v1/flags/{flag_id}", "reviewer").json()["version"] == 1


def test_only_reviewers_decide(sqlite_api):
    """A contributor may not decide about its own flag, and nobody about one that does not exist."""
    flag_id = sqlite_api.post("/v1/records", sqlite_api.absent).json()["flag_id"]
    assert sqlite_api.decide(flag_id, "confirmed", "contributor").json()["code"] == "not-permitted"
    assert sqlite_api.decide("0" * 32, "confirmed").status_code == 404
    closed = sqlite_api.post("/v1/records", {**sqlite_api.absent, "sensitivity": "closed"}).json()["flag_id"]
    assert sqlite_api.decide(closed, "confirmed").status_code == 404


def test_reviews_are_for_those_inside(api):
    """A note stays with reviewers and the organisation; the public sees the status alone."""
    flag_id = api.published()
    inside = api.get(f"/v1/flags/{flag_id}", "contributor").json()["reviews"]
    assert [review["decision"] for review in inside] == ["confirmed", "published"]
    assert "key_id" not in inside[0]
    assert api.get(f"/v1/flags/{flag_id}").json()["reviews"] == []
