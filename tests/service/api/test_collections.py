"""Collections over HTTP: passports declared, graded with reasons, and told to each as far as they may know."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from service.api import answers_quality
from service.api.passports import EXAMPLES, WHOLE
from service.store.passports import PASSPORTS

HERE = "/v1/collections/Roster%202025"
ROSTER = {"collection": "Roster 2025"}


def put(api, body, who="contributor", path=f"{HERE}/passport"):
    """Declare a passport."""
    return api.client.put(path, json=body, headers=api.key(who))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_passport_works(api, name):
    """Every example is kept, and the answer has the declared shape."""
    answer = put(api, EXAMPLES[name]["value"])
    assert answer.status_code == 201, answer.text
    told = answers_quality.DeclaredShown.model_validate_json(answer.content)
    assert told.passport == EXAMPLES[name]["value"]
    assert answer.headers["Location"] == HERE


def test_the_same_passport_changes_nothing_and_another_is_the_next_version(api):
    """Word for word the same is answered 200; something new is kept beside what was said before."""
    assert put(api, WHOLE).json()["passport_version"] == 1
    again = put(api, dict(reversed(WHOLE.items())))
    assert (again.status_code, again.json()["passport_version"]) == (200, 1)
    assert put(api, {**WHOLE, "licence": "ODbL-1.0"}).json()["passport_version"] == 2
    with api.context.store.read() as session:
        kept = session.execute(select(PASSPORTS.c.body).order_by(PASSPORTS.c.version)).scalars().all()
    assert [body["licence"] for body in kept] == ["CC-BY-4.0", "ODbL-1.0"]


def test_quality_comes_with_reasons_and_what_would_raise_it(api):
    """Each criterion says why; what must not be missing comes first."""
    body = {name: value for name, value in WHOLE.items() if name != "ethics"}
    quality = put(api, body).json()["quality"]
    assert [one["name"] for one in quality["criteria"]] == [
        "relevance",
        "credibility",
        "timeliness",
        "documentation",
        "accuracy",
    ]
    assert all(one["reason"] for one in quality["criteria"])
    assert (quality["missing"], quality["allowed_actions"]) == (["consent_basis"], ["store"])
    assert quality["improvements"][0]["what"] == ["declare ethics.consent_basis"]


def test_a_broken_passport_is_refused_with_every_mistake(api):
    """Nothing is kept, and each field is pointed at with how to mend it."""
    answer = put(api, {"method": {"n": -4, "code": "astrology"}, "titel": "Roster"})
    assert answer.status_code == 422
    told = {one["pointer"]: one["hint"] for one in answer.json()["errors"]}
    assert set(told) == {"/method/n", "/method/code", "/titel", "/title"}
    assert told["/titel"] == "Did you mean title?"
    assert api.get(HERE, "contributor").status_code == 404


@pytest.mark.parametrize(("who", "status"), [(None, 401), ("contributor", 201), ("reviewer", 201)])
def test_who_may_declare(api, who, status):
    """Whoever may send records; a reviewer declares for its own organisation only."""
    assert put(api, WHOLE, who).status_code == status
    if who == "reviewer":
        assert api.get(HERE, "contributor").status_code == 404


def test_outsiders_learn_of_a_collection_once_a_record_of_it_is_published(api):
    """Before, it does not exist for them; then title, organisation, method and grade, and never whom to ask."""
    put(api, WHOLE)
    for who in (None, "stranger"):
        assert api.get(HERE, who).status_code == 404
        assert api.get("/v1/collections", who).json()["items"] == []
    api.published(**ROSTER)
    for who in (None, "stranger"):
        answer = api.get(HERE, who)
        told = answers_quality.CollectionShown.model_validate_json(answer.content)
        assert (told.title, told.organisation, told.method) == (WHOLE["title"], "map-kibera", "full_enumeration")
        assert told.grade in {"A", "B", "C"}
        assert (told.passport, told.quality, told.records) == (None, None, None)
        assert "data@example.org" not in answer.text
        assert [one["id"] for one in api.get("/v1/collections", who).json()["items"]] == ["Roster 2025"]


@pytest.mark.parametrize("kept_back", [{"consent": "internal"}, {"sensitivity": "restricted"}])
def test_a_published_record_that_outsiders_may_not_see_tells_them_nothing(api, kept_back):
    """Neither does its collection exist for them."""
    put(api, WHOLE)
    api.published(**ROSTER, **kept_back)
    assert api.get(HERE).status_code == 404
    assert api.get("/v1/collections").json()["items"] == []


def test_undeclared_collections_are_told_to_those_inside_only(api):
    """Its organisation sees that nothing is declared, and what that still allows; the public sees nothing."""
    api.published(**ROSTER)
    told = api.get(HERE, "contributor").json()
    assert (told["grade"], told["title"], told["records"]) == ("undeclared", None, 1)
    assert told["quality"]["allowed_actions"] == ["store", "existence"]
    assert api.get(HERE).status_code == 404


def test_reviewers_see_all_but_what_closed_records_keep_from_them(api):
    """A collection all of whose records are closed does not exist for reviewers; for admins it does."""
    put(api, WHOLE)
    api.post("/v1/records", {**api.absent, **ROSTER, "sensitivity": "closed"})
    assert api.get(HERE, "reviewer").status_code == 404
    assert api.get(HERE, "admin").json()["passport"]["organisation"]["contact"] == "data@example.org"
    api.post("/v1/records", {**api.listed, **ROSTER})
    told = api.get(HERE, "reviewer").json()
    assert (told["records"], told["quality"]["facts"]["records"]) == (2, 2)


def test_records_without_a_collection_belong_to_the_default_one(api):
    """It can be declared like any other, and its records are those that name none."""
    api.post("/v1/records", api.listed)
    assert put(api, WHOLE, path="/v1/collections/default/passport").json()["records"] == 1
    assert [one["id"] for one in api.get("/v1/collections", "contributor").json()["items"]] == ["default"]


def test_of_two_collections_of_one_name_the_organisation_is_asked_for(api):
    """Each organisation reads its own; a reviewer has to say whose."""
    for who in ("contributor", "stranger"):
        assert put(api, WHOLE, who).status_code == 201
    assert api.get(HERE, "stranger").json()["organisation"] == "another-group"
    asked = api.get(HERE, "reviewer")
    assert (asked.status_code, asked.json()["errors"][0]["pointer"]) == (422, "?organisation")
    assert api.get(f"{HERE}?organisation=map-kibera", "reviewer").json()["organisation"] == "map-kibera"
    assert api.get(f"{HERE}?organisation=nobody", "reviewer").status_code == 404
    assert len(api.get("/v1/collections", "reviewer").json()["items"]) == 2
