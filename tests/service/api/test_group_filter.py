"""Flags by group of people over HTTP: the same ones in every list, map and file, and none whose group is withheld."""

from __future__ import annotations

import json

import mapbox_vector_tile
import pytest

from tests.crawl.comparing import timeless

NARROWED = (
    "/v1/flags",
    "/v1/flags?f=geojson",
    "/v1/exports/flags.ndjson",
    "/v1/tiles/flags/7/76/63.mvt",
    "/ogc/collections/flags/items",
)
AUDIENCES = (None, "stranger", "contributor", "reviewer", "admin")


def with_group(path, group):
    """Return an address with the filter."""
    return f"{path}{'&' if '?' in path else '?'}group={group}"


def found(answer):
    """Return the identifiers of the flags in an answer of any format."""
    assert answer.status_code == 200, answer.text
    kind = answer.headers["content-type"]
    if "mapbox" in kind:
        layers = mapbox_vector_tile.decode(answer.content) if answer.content else {}
        return {one["properties"]["id"] for layer in layers.values() for one in layer["features"]}
    if "ndjson" in kind:
        return {json.loads(line)["id"] for line in answer.text.splitlines()}
    told = answer.json()
    return {one.get("id") or one["properties"]["id"] for one in told.get("items", told.get("features"))}


@pytest.fixture
def three(api):
    """Give the API with flags of the deaf, of fishers by a count alone, and of nobody in particular, all published."""
    told = {
        "deaf": {"groups": ["Deaf"]},
        "fishers": {"counts": [{"value": 40, "unit": "persons", "group": "Fisherfolk"}]},
        "none": {},
    }
    api.flags = {
        name: api.published(**parts, id=name, name=f"Mwangaza {name}", location={"lat": 0.7 + at, "lon": 35.2})
        for at, (name, parts) in enumerate(told.items())
    }
    return api


@pytest.mark.parametrize("who", AUDIENCES)
@pytest.mark.parametrize("path", NARROWED)
def test_flags_are_found_by_their_group(three, path, who):
    """By its id, by a name of it, and by a broader one; what is counted is a group of the community too."""
    flags = three.flags
    for group, names in {"deaf": {"deaf"}, "Deaf": {"deaf"}, "hearing": {"deaf"}, "fishers": {"fishers"}}.items():
        assert found(three.get(with_group(path, group), who)) == {flags[name] for name in names}, group
    both = with_group(with_group(path, "deaf"), "fishers")
    assert found(three.get(both, who)) == {flags["deaf"], flags["fishers"]}
    assert found(three.get(with_group(path, "deaf") + "&theme=gender-equality", who)) == set()
    assert found(three.get(with_group(path, "ogiek"), who)) == set()


@pytest.mark.parametrize("who", [None, "stranger"])
def test_a_published_flag_is_not_found_by_a_group_that_it_does_not_show(api, who):
    """Masked, a minority stands in the list without its group: the filter answers as if there were no such flag."""
    pages = (*NARROWED, "/v1/flags?f=csv", "/v1/exports/flags.parquet", "/flags")
    asked = [with_group(path, group) for path in pages for group in ("deaf", "persons-with-disabilities")]
    before = {path: timeless(api.get(path, who)) for path in asked}
    flag = api.published(consent="public_masked", groups=["Deaf"])
    (shown,) = api.get("/v1/flags", who).json()["items"]
    assert (shown["id"], shown["community"]["tags"]["groups"], "groups" in shown["withheld"]) == (flag, [], True)
    assert {path: timeless(api.get(path, who)) for path in asked} == before
    for path in NARROWED[:3]:
        assert found(api.get(with_group(path, "deaf"), "reviewer")) == {flag}


def test_a_group_is_named_by_its_id_or_by_a_name_of_it_alone(sqlite_api):
    """A word that no group is called by is refused, wherever it is asked for; the page says so beside its form."""
    for path in (*NARROWED, "/v1/queue", "/v1/gap-reports"):
        answer = sqlite_api.get(with_group(path, "martians"), "reviewer")
        assert answer.status_code == 422, path
        assert "martians" in answer.text
    page = sqlite_api.get("/flags?group=martians")
    assert page.status_code == 422
    assert 'value="martians"' in page.text
