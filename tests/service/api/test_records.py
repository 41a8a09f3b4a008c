"""Records over HTTP: one is sent, kept, compared, and answered with a verdict and reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from service import verify
from service.store import records


def test_an_absent_village_is_told_so_with_reasons(api):
    """The smallest useful record is answered with the verdict, the probability, the reasons and the nearest entries."""
    answer = api.post("/v1/records", api.absent)
    assert answer.status_code == 201
    told = answer.json()
    assert (told["verdict"], told["outcome"], told["state"]) == ("hidden_place", "created", "verified")
    assert told["probability"] > 0.95
    assert told["reason"] == told["reasons"][0]
    assert told["list"] == {
        "source": "ke-villages",
        "title": "List ke-villages",
        "vintage": "2019",
        "snapshot": told["list"]["snapshot"],
        "holds_at": None,
        "holds_at_vintage": None,
    }
    assert told["candidates"][0]["evidence"]
    assert told["flag_id"]
    assert answer.headers["Location"] == f"/v1/records/{told['id']}"


def test_a_listed_village_is_told_so(api):
    """A village of the list is found there, under its official identifier."""
    told = api.post("/v1/records", api.listed).json()
    assert told["verdict"] == "consistent"
    assert told["official"]["name"] == "Lindi"
    assert told["official"]["probability"] > 0.9
    assert told["flag_id"] is None


def test_a_list_that_cannot_be_read_costs_no_record(sqlite_api, scene):
    """With a damaged snapshot the record is kept and waits, and is compared once that is mended."""
    scene.publish(sqlite_api.context, scene.official(scene.without("Bondeni"), vintage="2026"))
    archive = Path(sqlite_api.context.settings.snapshots)
    for stored in archive.rglob("places.parquet"):
        stored.rename(stored.with_suffix(".away"))
    answer = sqlite_api.post("/v1/records", sqlite_api.absent)
    assert (answer.status_code, answer.json()["state"], answer.json()["verdict"]) == (201, "pending", None)
    for stored in archive.rglob("places.away"):
        stored.rename(stored.with_suffix(".parquet"))
    assert verify.pending(sqlite_api.context) == 1
    assert sqlite_api.get(answer.headers["Location"], "contributor").json()["verdict"] == "hidden_place"


def test_what_was_sent_is_read_back(api):
    """A full record comes back with every part as it was given, the country and kind in their standard form."""
    sent = {
        "id": "mk-1",
        "names": [{"text": "Soweto Mashariki", "language": "sw", "script": "Latn"}],
        "aliases": ["Soweto East"],
        "country": "Kenya",
        "location": {"lat": -1.3172, "lon": 36.7955, "uncertainty_m": 250},
        "admin": {"county": "Nairobi"},
        "pcode": "KE047",
        "kind": "informal settlement",
        "groups": ["tenants"],
        "counts": [{"low": 15000, "high": 22000, "method": "estimate", "date": "2009-08-24"}],
        "observed": "2010-09-05",
        "founded": "1970-01-01",
        "drivers": ["eviction"],
        "sdg": ["11.1.1", "16.b"],
        "consent": "reviewers",
        "sensitivity": "restricted",
        "evidence": ["https://mapkibera.org/"],
        "collection": "Kibera villages",
    }
    told = api.get(api.post("/v1/records", sent).headers["Location"], "contributor").json()
    assert told["names"] == [
        {"text": "Soweto Mashariki", "language": "sw", "script": "Latn"},
        {"text": "Soweto East", "language": None, "script": "Latn"},
    ]
    assert told["country"] == "KEN"
    assert told["kind"] == "informal_settlement"
    assert told["admin"] == {"county": "Nairobi", "pcode": "KE047"}
    exact = {"label": None, "cell": None, "unit": None}
    place = {"lat": -1.3172, "lon": 36.7955, "uncertainty_m": 250, "precision": "as_given"}
    assert told["location"] == place | exact
    assert told["counts"][0] | {"low": 15000, "high": 22000, "unit": "persons", "value": None} == told["counts"][0]
    same = ("groups", "observed", "founded", "drivers", "sdg", "consent", "sensitivity", "evidence", "collection")
    assert {name: told[name] for name in same} == {name: sent[name] for name in same}
    assert told["own_id"] == "mk-1"


def test_the_same_record_twice_changes_nothing(api):
    """A record sent again under its own id answers 200 with the same record, a changed one is its next revision."""
    first = api.post("/v1/records", {**api.absent, "id": "L1"})
    again = api.post("/v1/records", {**api.absent, "id": "L1"})
    changed = api.post("/v1/records", {**api.absent, "id": "L1", "aliases": ["Bondeni B"]})
    assert [answer.status_code for answer in (first, again, changed)] == [201, 200, 201]
    assert {answer.json()["id"] for answer in (first, again, changed)} == {first.json()["id"]}
    assert [answer.json()["outcome"] for answer in (first, again, changed)] == ["created", "unchanged", "revised"]
    assert changed.json()["revision"] == 2


def test_a_retry_under_an_idempotency_key_is_kept_once(api):
    """The same body under the same key is one record; another body under it is a conflict that names the record."""
    first = api.post("/v1/records", api.absent, **{"Idempotency-Key": "k-1"})
    again = api.post("/v1/records", api.absent, **{"Idempotency-Key": "k-1"})
    other = api.post("/v1/records", api.listed, **{"Idempotency-Key": "k-1"})
    assert again.json()["id"] == first.json()["id"]
    assert api.get("/v1/records", "contributor").json()["numberReturned"] == 1
    assert (other.status_code, other.json()["code"]) == (409, "conflict")
    assert other.json()["conflicting_id"] == first.json()["id"]


def test_a_record_of_others_is_like_none(api):
    """To another group and to the public, a record that is not published answers exactly like an unknown one."""
    location = api.post("/v1/records", api.absent).headers["Location"]
    unknown = "/v1/records/00000000000000000000000000000000"
    for who in (None, "stranger"):
        hidden, absent = api.get(location, who).json(), api.get(unknown, who).json()
        for told, path in ((hidden, location), (absent, unknown)):
            told.pop("request_id")
            assert told.pop("instance") == path
            assert told.pop("detail") == f"There is no record {path.rpartition('/')[2]}."
        assert hidden == absent
    assert api.get(location, "reviewer").status_code == 200


def test_everybody_reads_the_records_they_work_with(api):
    """A contributor lists its organisation's records, a reviewer all, the public those behind published flags."""
    api.post("/v1/records", api.listed)
    api.post("/v1/records", api.listed, "stranger")
    assert api.get("/v1/records", "contributor").json()["numberReturned"] == 1
    assert api.get("/v1/records", "reviewer").json()["numberReturned"] == 2
    assert api.get("/v1/records").json()["items"] == []
    api.published()
    assert [item["name"] for item in api.get("/v1/records").json()["items"]] == ["Bondeni"]


@pytest.mark.parametrize(
    ("change", "pointer", "word"),
    [
        ({"name": "   "}, "/name", "spaces"),
        ({"name": "Lin\x00di"}, "/name", "cannot be seen"),
        ({"name": None}, "/name", "needs a name"),
        ({"name": 7}, "/name", "text"),
        ({"name": "x" * 201}, "/name", "too long"),
        ({"country": "Kenja"}, "/country", "There is no country"),
        ({"location": {"lat": 35.0, "lon": 0.518}}, "/location", "swapped"),
        ({"location": {"lat": 0, "lon": 0}}, "/location", "zero"),
        ({"location": {"lat": 95, "lon": 200}}, "/location", "±90"),
        ({"location": {"lat": "0.5", "lon": 35}}, "/location/lat", "number"),
        ({"location": None}, "/location", "where"),
        ({"locaton": {}}, "/locaton", "no field"),
        ({"counts": [{"value": -1}]}, "/counts/0/value", "too small"),
        ({"counts": [{"low": 9, "high": 3}]}, "/counts/0/low", "greater"),
        ({"counts": [{}]}, "/counts/0/value", "needs a value"),
        ({"counts": [{"value": 5, "date": "2999-01-01"}]}, "/counts/0/date", "not come yet"),
        ({"observed": "31/03/2026"}, "/observed", "calendar"),
        ({"observed": 2009}, "/observed", "calendar"),
        ({"consent": "yes"}, "/consent", "values"),
        ({"sdg": ["11.9"]}, "/sdg/0", "no goal"),
        ({"evidence": ["javascript:alert(1)"]}, "/evidence/0", "address"),
        ({"admin": {"county": 47}}, "/admin/county", "text"),
        ({"names": [{"text": "Lindi", "language": "not a language"}]}, "/names/0/language", "form"),
    ],
)
def test_a_mistake_is_told_where_it_stands(sqlite_api, change, pointer, word):
    """A field that cannot be right is named by its pointer, with what is wrong and how to mend it."""
    body = {name: value for name, value in {**sqlite_api.absent, **change}.items() if value is not None}
    answer = sqlite_api.post("/v1/records", body)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    (error,) = answer.json()["errors"]
    assert error["pointer"] == pointer
    assert word in error["message"]
    assert error["hint"]
    assert sqlite_api.get("/v1/records", "contributor").json()["items"] == []


def test_a_misspelt_field_names_the_one_meant(sqlite_api):
    """An unknown field is refused with the field that was probably meant."""
    (error,) = sqlite_api.post("/v1/records", {**sqlite_api.absent, "locaton": {}}).json()["errors"]
    assert error["hint"] == "Did you mean `location`?"


SQUARE = [[35.0, 0.5], [35.01, 0.5], [35.01, 0.51], [35.0, 0.51], [35.0, 0.5]]


@pytest.mark.parametrize(
    ("coordinates", "word"),
    [
        ([[*SQUARE[:4], [35.0, 0.52]]], "open"),
        ([[[35.0, 0.5], [35.01, 0.51], [35.01, 0.5], [35.0, 0.51], [35.0, 0.5]]], "proper polygon"),
        ([[[lat, lon] for lon, lat in SQUARE]], "swapped"),
        ([[[35.0, 0.5]] * 4], "no extent"),
    ],
)
def test_an_area_is_never_mended_in_silence(sqlite_api, coordinates, word):
    """A ring left open or crossing itself, swapped or flat, is reported, not repaired."""
    area = {"type": "Polygon", "coordinates": coordinates}
    answer = sqlite_api.post("/v1/records", {"name": "Lindi", "country": "KEN", "area": area})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/area")
    assert word in error["message"]


def test_an_area_alone_says_where(sqlite_api):
    """A drawn area needs no point; a point inside it stands for it, with half its extent as uncertainty."""
    area = {"type": "Polygon", "coordinates": [SQUARE]}
    told = sqlite_api.post("/v1/records", {"name": "Lindi", "country": "KEN", "area": area}).json()
    assert told["area"] == area
    assert told["location"]["precision"] == "area"
    assert told["location"]["uncertainty_m"] == pytest.approx(786, abs=5)


def test_a_word_for_a_kind_that_is_not_known_is_kept(sqlite_api):
    """An unknown kind of place does not refuse the record, and the word is not thrown away."""
    answer = sqlite_api.post("/v1/records", {**sqlite_api.absent, "kind": "zxqvw"})
    assert answer.status_code == 201
    with sqlite_api.context.store.read() as session:
        kept = records.get(session, answer.json()["id"]).account
    assert (kept.kind, kept.attributes) == (None, (("kind_as_given", "zxqvw"),))
