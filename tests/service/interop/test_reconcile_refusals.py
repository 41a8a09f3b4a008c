"""What reconciliation refuses, and how it says so."""

from __future__ import annotations

import json

import pytest

from service.http.questions import FORM

PLACES = "/reconcile/official-places"
DRAFT = f"{PLACES}/1.0-draft"


@pytest.mark.parametrize(
    ("queries", "pointer", "said"),
    [
        ({"q0": {"query": "x", "properties": [{"pid": "latt", "v": 1}]}}, "", "Did you mean `lat`?"),
        ({"q0": {"query": "x", "type": "castle"}}, "", "There is no type 'castle'"),
        ({"q0": {"query": "x", "limit": 0}}, "/q0/limit", "Give 1 or more"),
        ({"q0": {"query": ["x"]}}, "/q0/query", "text"),
        ({"q0": {"query": "x", "properties": [{"pid": "lat", "v": {"i": 1}}]}}, "/q0/properties/0/v", "no value"),
        ({"q0": {"query": "x", "properties": [{"pid": "kind", "v": [""] * 21}]}}, "/q0/properties/0/v", "more than 20"),
        ([], "", "object"),
    ],
)
def test_a_wrong_query_is_refused_with_its_place(sqlite_api, queries, pointer, said):
    """The problem points at what is wrong and says how to mend it."""
    answer = sqlite_api.client.post(PLACES, data={"queries": json.dumps(queries)})
    assert answer.status_code == 422
    (wrong,) = answer.json()["errors"]
    assert wrong["pointer"] == pointer
    assert said in f"{wrong['message']} {wrong['hint']}"


def test_more_than_one_batch_holds_is_refused(sqlite_api):
    """The setting for batches holds here too, for queries and for entities."""
    most = sqlite_api.context.settings.max_batch
    queries = {str(n): {"query": ""} for n in range(most + 1)}
    wanted = {"ids": ["x"] * (most + 1), "properties": []}
    for answer in (
        sqlite_api.client.post(PLACES, data={"queries": json.dumps(queries)}),
        sqlite_api.client.post(PLACES, data={"extend": json.dumps(wanted)}),
        sqlite_api.client.post(f"{DRAFT}/extend", json=wanted),
    ):
        assert answer.status_code == 422
        assert "are taken" in answer.json()["errors"][0]["message"]


def test_a_body_that_is_too_large_is_refused_unread(sqlite_api):
    """What no batch can be is given up as soon as that is known."""
    raw = b"queries=" + b"x" * sqlite_api.context.settings.max_body_bytes
    assert sqlite_api.client.post(PLACES, content=raw, headers={"Content-Type": FORM}).status_code == 413


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"queries={", FORM, 400),
        (b"queries=%FF", FORM, 400),
        ("queries={é}".encode(), FORM, 400),
        (b"&".join(b"a=1" for _ in range(11)), FORM, 400),
        (b"nothing=1", FORM, 422),
        (b"{}", "application/json", 415),
        (b"queries={}", None, 415),
    ],
)
def test_a_body_that_is_no_form_is_refused(sqlite_api, content, kind, status):
    """Broken JSON, broken escapes, letters that a form cannot hold, other kinds of body: each is named."""
    answer = sqlite_api.client.post(PLACES, content=content, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_what_is_not_there_is_not_found(sqlite_api):
    """An entity, a property or a database that there is not."""
    for path in (
        f"{PLACES}/preview?id=ke-villages:V999",
        f"{PLACES}/flyout/property?id=age",
        "/reconcile/groups/preview?id=x",
    ):
        assert sqlite_api.get(path).status_code == 404
    assert sqlite_api.get("/reconcile/rivers").status_code == 422


def test_the_model_of_conditions_names_what_it_takes(sqlite_api):
    """A condition of another kind is refused at its place."""
    body = {"queries": [{"conditions": [{"matchType": "nmae", "propertyValue": "x"}]}, {"conditions": []}]}
    errors = sqlite_api.client.post(f"{DRAFT}/reconcile", json=body).json()["errors"]
    assert [one["pointer"] for one in errors] == ["/queries/0/conditions/0/matchType", "/queries/1/conditions"]
