"""Reconciliation of official places, as OpenRefine asks for it; every answer is held against the protocol's schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from service.official.longlists import LongList
from tests.specimens import reconciliation as protocol

PLACES = "/reconcile/official-places"
DRAFT = f"{PLACES}/1.0-draft"
DATABASES = ["official-places", "groups"]


def valid(answer: Any, schema: dict[str, Any]) -> Any:
    """Return the body of a good answer once it is what the protocol says."""
    assert answer.status_code == 200, answer.text
    Draft202012Validator(schema).validate(answer.json())
    return answer.json()


def ask(api: Any, queries: Any, path: str = PLACES, **form: Any) -> dict[str, list[dict[str, Any]]]:
    """Ask as OpenRefine does: a form, JSON in its field; return the candidates by query."""
    answer = api.client.post(path, data={"queries": json.dumps(queries), **form})
    return {name: one["result"] for name, one in valid(answer, protocol.RESULTS).items()}


def one(api: Any, name: str | None = None, **properties: Any) -> list[dict[str, Any]]:
    """Return the candidates for one thing."""
    told = [{"pid": pid, "v": value} for pid, value in properties.items()]
    return ask(api, {"q0": {**({} if name is None else {"query": name}), "properties": told}})["q0"]


def features(candidate: dict[str, Any]) -> dict[str, Any]:
    """Return the features of a candidate by their identifiers."""
    return {feature["id"]: feature["value"] for feature in candidate["features"]}


@pytest.mark.parametrize("database", DATABASES)
def test_the_manifest_needs_no_post_and_no_key(sqlite_api, database):
    """Whoever enters the address in OpenRefine is told what there is, in the words of either version."""
    told = valid(sqlite_api.get(f"/reconcile/{database}"), protocol.MANIFEST)
    assert told["identifierSpace"] == f"http://testserver/reconcile/{database}"
    draft = valid(sqlite_api.get(f"/reconcile/{database}/1.0-draft"), protocol.DRAFT_MANIFEST)
    assert draft["name"] == told["name"]


def test_every_address_of_the_manifest_answers(sqlite_api):
    """Suggestions, flyouts, previews and proposals stand where the manifest says they do."""
    told = sqlite_api.get(PLACES).json()
    for what, typed, known in (
        ("entity", "lin", "ke-villages:V002"),
        ("property", "lat", "lat"),
        ("type", "vil", "village"),
    ):
        service = told["suggest"][what]
        found = valid(
            sqlite_api.get(service["service_url"] + service["service_path"], params={"prefix": typed}),
            protocol.SUGGESTIONS,
        )
        assert found["result"][0]["id"] == known
        flyout = service["flyout_service_url"] + service["flyout_service_path"].replace("${id}", known)
        assert valid(sqlite_api.get(flyout), protocol.FLYOUT)["id"] == known
    propose = told["extend"]["propose_properties"]
    valid(sqlite_api.get(propose["service_url"] + propose["service_path"] + "?type=village"), protocol.PROPOSALS)
    for template in (told["view"]["url"], told["preview"]["url"]):
        page = sqlite_api.get(template.replace("{{id}}", "ke-villages:V002"))
        assert page.status_code == 200
        assert "<h1>Lindi</h1>" in page.text


def test_a_name_in_another_spelling_finds_its_place(sqlite_api):
    """The score is a probability in percent, the match is said, and so is what was compared."""
    (best, *others) = one(sqlite_api, "Gatwikira", country="Kenya")
    assert (best["id"], best["name"]) == ("ke-villages:V004", "Gatwekera")
    assert best["type"] == [{"id": "village", "name": "Village"}]
    assert 70 < features(best)["name_similarity"] < 100
    assert "distance_km" not in features(best)  # no point was given: that is no distance of zero
    assert sum(candidate["score"] for candidate in [best, *others]) <= 100


def test_a_match_is_of_one_candidate_at_most(sqlite_api):
    """A name with its place is sure; the others beside it are not matches too."""
    found = one(sqlite_api, "Lindi", lat=0.518, lon=35.0)
    assert [candidate["match"] for candidate in found] == [True] + [False] * (len(found) - 1)
    assert found[0]["id"] == "ke-villages:V002"
    assert found[0]["score"] > 95
    assert features(found[0])["distance_km"] < 0.1


def test_of_two_lists_that_name_a_place_one_entry_is_the_match(sqlite_api, scene):
    """The same village on two lists is two entities; which list is meant can be said."""
    scene.publish(sqlite_api.context, scene.official(scene.villages, source="ke-gazetteer"))
    where = {"lat": 0.518, "lon": 35.0}
    both = one(sqlite_api, "Lindi", **where)
    assert {candidate["id"] for candidate in both[:2]} == {"ke-villages:V002", "ke-gazetteer:V002"}
    assert sum(candidate["match"] for candidate in both) == 1
    wanted = one(sqlite_api, "Lindi", source="ke-gazetteer", **where)
    assert {candidate["id"].partition(":")[0] for candidate in wanted} == {"ke-gazetteer"}
    assert wanted[0]["match"]


def test_a_place_is_found_without_a_name(sqlite_api):
    """Coordinates alone bring what lies there, for a person to see: never a match."""
    (best, *_) = found = one(sqlite_api, lat="0.5181", lon="35.0002")
    assert best["id"] == "ke-villages:V002"
    assert "name_similarity" not in features(best)
    assert not any(candidate["match"] for candidate in found)


@pytest.mark.parametrize(
    ("lat", "lon"), [("", ""), (0, 0), ("north of the river", "35"), (0.518, None), (95, 35.0), ("0", "0")]
)
def test_a_point_that_is_not_known_is_no_point(sqlite_api, lat, lon):
    """An empty cell, the zeros of an empty form, words and impossible numbers say nothing; the name still counts."""
    best = one(sqlite_api, "Lindi", lat=lat, lon=lon)[0]
    assert best["id"] == "ke-villages:V002"
    assert "distance_km" not in features(best)


def test_a_unit_goes_by_its_name_or_its_code(sqlite_api, scene):
    """Callers say admin1 and admin2; each list is asked under its own headers."""
    units = {"county": "Uasin Gishu", "county_code": "KE027"}
    scene.publish(sqlite_api.context, scene.official(scene.without("Bondeni"), admin=units))
    for admin in ({"admin1": "Uasin Gishu County"}, {"admin1": "KE027"}, {"admin2": ["", "KE-027"]}):
        assert features(one(sqlite_api, "Lindi", **admin)[0])["same_unit"] is True
    assert "same_unit" not in features(one(sqlite_api, "Lindi", admin1="Atlantis")[0])
    reconciled = {"id": "ke-counties:KE027", "name": "Uasin Gishu"}
    assert features(one(sqlite_api, "Lindi", admin1=reconciled)[0])["same_unit"] is True


def test_a_type_narrows(sqlite_api):
    """A village is a settlement; it is no school."""
    for kind, number in (("settlement", 1), ("village", 1), ("school", 0)):
        found = ask(sqlite_api, {"q": {"query": "Lindi", "type": kind, "limit": 1}})["q"]
        assert len(found) == number


def test_a_batch_says_what_each_says_alone(sqlite_api):
    """What is asked beside a query changes nothing: two rows of a table may well be one place."""
    queries = {
        f"q{n}": {"query": name} for n, name in enumerate(["Lindi", "Lindi", "Gatwekera", "Gatwikira", "", "Zz"])
    }
    together = ask(sqlite_api, queries)
    assert together == {name: ask(sqlite_api, {name: query})[name] for name, query in queries.items()}
    assert together["q0"] == together["q1"]
    assert together["q4"] == together["q5"] == []


def test_short_questions_go_into_the_address(sqlite_api):
    """`GET ?queries=` answers as a POST does, and so does `?extend=`."""
    queries = {"q0": {"query": "Lindi"}}
    answer = sqlite_api.get(PLACES, params={"queries": json.dumps(queries)})
    assert valid(answer, protocol.RESULTS)["q0"]["result"] == ask(sqlite_api, queries)["q0"]
    wanted = json.dumps({"ids": ["ke-villages:V002"], "properties": [{"id": "code"}]})
    extended = valid(sqlite_api.get(PLACES, params={"extend": wanted}), protocol.EXTENSION)
    assert extended["rows"] == {"ke-villages:V002": {"code": [{"str": "V002"}]}}


def test_conditions_are_answered_in_order(sqlite_api):
    """Version 1.0-draft asks in lists; several names are names of one thing, and what is required has to agree."""
    name = {"matchType": "name", "propertyValue": ["Nowhere at all", "Lindi"]}
    kind = {"matchType": "property", "propertyId": "kind", "propertyValue": "village", "required": True}
    school = {"matchType": "property", "pid": "kind", "v": "school", "required": True}
    asked = [{"conditions": [name, kind], "limit": 2}, {"conditions": [name, school]}, {"conditions": [kind]}]
    answer = sqlite_api.client.post(f"{DRAFT}/reconcile", json={"queries": asked})
    first, second, third = valid(answer, protocol.DRAFT_RESULTS)["results"]
    assert first["candidates"][0]["id"] == "ke-villages:V002"
    assert len(first["candidates"]) <= 2
    assert second == {"candidates": []}
    assert third == {"candidates": []}  # villages there are many: nothing singles one out


@pytest.mark.parametrize(
    "path", ["suggest/entity?prefix=lin", "extend/propose?type=village", "preview?id=ke-villages:V002"]
)
def test_both_versions_share_what_they_have_in_common(sqlite_api, path):
    """Suggestions, proposals and previews are the same below either address."""
    one, other = sqlite_api.get(f"{PLACES}/{path}"), sqlite_api.get(f"{DRAFT}/{path}")
    assert (one.status_code, one.content) == (200, other.content)


def test_suggestions_come_page_by_page(sqlite_api):
    """A cursor passes over what was shown; unknown parameters of other clients are passed over too."""
    whole = sqlite_api.get(f"{PLACES}/suggest/type?prefix=&limit=6&type_strict=any").json()["result"]
    parts = [sqlite_api.get(f"{PLACES}/suggest/type?prefix=&limit=3&cursor={at}").json()["result"] for at in (0, 3)]
    assert parts[0] + parts[1] == whole
    assert len(whole) == 6


def test_a_list_too_long_to_be_held_is_found_by_place(sqlite_api, scene, monkeypatch):
    """Each query is compared with what lies about its point; without one there is nothing to compare with."""
    for name in ("service.official.longlists", "service.official.lists"):
        monkeypatch.setattr(f"{name}.LONG", 3)
    scene.publish(sqlite_api.context, scene.official(scene.villages, vintage="2029"))
    assert isinstance(sqlite_api.context.lists.current()[0], LongList)
    queries = {
        "near": {"query": "Lindi", "properties": [{"pid": "lat", "v": 0.518}, {"pid": "lon", "v": 35.0}]},
        "far": {"query": "Lindi", "properties": [{"pid": "lat", "v": -40}, {"pid": "lon", "v": -120}]},
        "nowhere": {"query": "Lindi"},
    }
    found = ask(sqlite_api, queries)
    assert [found[name][0]["id"] if found[name] else None for name in queries] == ["ke-villages:V002", None, None]
    assert found["near"][0]["match"]
    assert sqlite_api.get(f"{PLACES}/suggest/entity?prefix=lin").json() == {"result": []}
    assert sqlite_api.get(f"{PLACES}/preview?id=ke-villages:V002").status_code == 404
