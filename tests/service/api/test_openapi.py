"""The OpenAPI document: complete, true, and its examples really work."""

from __future__ import annotations

import orjson
import pytest

from service import errors as catalogue_module
from service.api import answers, answers_flag, answers_official, answers_report, examples
from service.api.openapi import document
from service.errors import CATALOGUE, ProblemType

OPERATIONS = [
    (path, method, operation) for path, item in document()["paths"].items() for method, operation in item.items()
]


def test_every_operation_is_described():
    """Every operation has a neat id of its own, a tag that is explained, a summary and a description."""
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids) == 124
    assert all(name.isalpha() and name[0].islower() for name in ids)
    tags = {tag["name"] for tag in document()["tags"]}
    for _, _, operation in OPERATIONS:
        assert set(operation["tags"]) <= tags
        assert operation["summary"]
        assert operation["description"]


def test_every_parameter_and_field_sent_is_described():
    """Nobody has to guess what a parameter is for."""
    unnamed = [
        (operation["operationId"], parameter["name"])
        for _, _, operation in OPERATIONS
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    assert unnamed == []


def test_every_failure_is_a_problem():
    """No operation declares a failure that is not problem+json, and every one declares its failures with examples."""
    for _, _, operation in OPERATIONS:
        failures = {status: one for status, one in operation["responses"].items() if int(status) >= 400}
        assert {"422", "500"} <= set(failures)
        for response in failures.values():
            assert list(response["content"]) == ["application/problem+json"]
            assert response["content"]["application/problem+json"]["examples"]
            assert response["content"]["application/problem+json"]["schema"]


def test_the_catalogue_holds_every_kind_that_is_answered():
    """Every kind of problem stands in the catalogue once, so that its page exists."""
    kinds = [kind for kind in vars(catalogue_module).values() if isinstance(kind, ProblemType)]
    declared = {
        code
        for _, _, operation in OPERATIONS
        for response in operation["responses"].values()
        for code in response.get("content", {}).get("application/problem+json", {}).get("examples", {})
    }
    assert declared <= set(CATALOGUE)
    assert {kind.code for kind in kinds} == set(CATALOGUE)
    assert len(kinds) == len(CATALOGUE)
    assert errors_are_distinct(kinds)


def errors_are_distinct(kinds):
    """Return whether no two kinds share a title: people tell them apart by it."""
    return len({kind.title for kind in kinds}) == len(kinds)


@pytest.mark.parametrize("name", sorted(examples.RECORDS))
def test_every_example_record_works(api, name):
    """Every example of a record is accepted, and the answer has the declared shape."""
    answer = api.post("/v1/records", examples.RECORDS[name]["value"])
    assert answer.status_code == 201, answer.text
    answers.SubmittedShown.model_validate_json(answer.content)


def test_every_example_batch_works(api):
    """Every example of a batch is answered as its summary says, in the declared shape."""
    told = {name: api.post("/v1/records/batch", one["value"]) for name, one in examples.BATCHES.items()}
    assert {name: answer.status_code for name, answer in told.items()} == {"two": 200, "one_broken": 207}
    lines = api.raw("/v1/records/batch", examples.LINES.encode(), "application/x-ndjson")
    assert lines.status_code == 200
    for answer in (*told.values(), lines):
        answers.BatchShown.model_validate_json(answer.content)


@pytest.mark.parametrize("name", sorted(examples.REVIEWS))
def test_every_example_review_works(api, name):
    """Every example of a decision is accepted for an open flag."""
    flag_id = api.post("/v1/records", api.absent).json()["flag_id"]
    answer = api.post(f"/v1/flags/{flag_id}/reviews", examples.REVIEWS[name]["value"], "reviewer")
    assert answer.status_code == 201, answer.text
    answers_flag.FlagShown.model_validate_json(answer.content)


@pytest.mark.parametrize("who", [None, "contributor", "reviewer"])
def test_every_answer_has_the_declared_shape(api, who):
    """What is written straight from plain values is exactly what the document declares, for every audience."""
    flag_id = api.published(consent="public_masked", counts=[{"value": 3}, {"value": 1200}])
    record_id = api.get(f"/v1/flags/{flag_id}", "admin").json()["record_id"]
    sha256 = api.get("/v1/snapshots").json()["items"][0]["sha256"]
    shapes = {
        "/v1/records": answers.RecordPage,
        f"/v1/records/{record_id}": answers.RecordShown,
        "/v1/flags": answers_flag.FlagPage,
        f"/v1/flags/{flag_id}": answers_flag.FlagShown,
        "/v1/gap-reports": answers_report.GapReportShown,
        "/v1/sources": answers_official.SourcesShown,
        "/v1/snapshots": answers_official.SnapshotPage,
        f"/v1/snapshots/{sha256}": answers_official.SnapshotShown,
        "/v1/places?name=Lindi": answers_official.PlacesShown,
        "/healthz": answers_official.AliveShown,
        "/readyz": answers_official.ReadyShown,
    }
    for path, shape in shapes.items():
        answer = api.get(path, who)
        assert answer.status_code == 200
        shape.model_validate_json(answer.content)


def test_the_document_is_served_as_it_is_made(sqlite_api):
    """The served document is the one that is printed without a database."""
    assert sqlite_api.get("/openapi.json").json() == orjson.loads(orjson.dumps(document()))
