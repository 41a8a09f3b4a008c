"""Batches over HTTP: every item is answered for itself, in the order sent."""

from __future__ import annotations

import orjson


def test_good_items_are_kept_whatever_is_wrong_with_others(api):
    """A broken item is explained with pointers that begin with its position; the others are kept and answered."""
    broken = {**api.absent, "counts": [{"value": "many"}]}
    answer = api.post("/v1/records/batch", [api.listed, broken, api.absent])
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["refused"]) == (207, 2, 1)
    assert [item["index"] for item in told["items"]] == [0, 1, 2]
    assert [item["status"] for item in told["items"]] == [201, 422, 201]
    assert [item["record"] and item["record"]["verdict"] for item in told["items"]] == [
        "consistent",
        None,
        "hidden_place",
    ]
    assert told["items"][1]["problem"]["errors"][0]["pointer"] == "/1/counts/0/value"
    assert api.get("/v1/records", "contributor").json()["numberReturned"] == 2


def test_lines_are_answered_by_number(api):
    """NDJSON is read line by line; a line that is no JSON, or blank, does not disturb the others."""
    body = b"\n".join([orjson.dumps(api.listed), b"", b'{"name": ', orjson.dumps(api.absent), b""])
    told = api.raw("/v1/records/batch", body, "application/x-ndjson").json()
    assert [(item["line"], item["status"]) for item in told["items"]] == [(1, 201), (3, 422), (4, 201)]
    assert told["items"][1]["problem"]["code"] == "malformed"


def test_a_batch_without_mistakes_answers_200(api):
    """When all were kept the whole answers 200; sent again under the same ids, nothing changes."""
    batch = [{**api.listed, "id": "a"}, {**api.absent, "id": "b"}]
    first, again = api.post("/v1/records/batch", batch), api.post("/v1/records/batch", batch)
    assert (first.status_code, again.status_code) == (200, 200)
    assert [item["record"]["outcome"] for item in again.json()["items"]] == ["unchanged", "unchanged"]
    assert [item["status"] for item in again.json()["items"]] == [200, 200]


def test_an_id_that_stands_twice_in_a_batch_is_answered_as_corrected(api):
    """The later item of one batch corrects the earlier one, and what is compared is the correction."""
    told = api.post("/v1/records/batch", [{**api.absent, "id": "a"}, {**api.listed, "id": "a"}]).json()
    assert [item["record"]["outcome"] for item in told["items"]] == ["created", "revised"]
    assert [(item["record"]["revision"], item["record"]["verdict"]) for item in told["items"]] == [
        (2, "consistent")
    ] * 2


def test_a_retried_batch_is_kept_once(api):
    """A batch under an Idempotency-Key is kept once and answered alike."""
    first = api.post("/v1/records/batch", [api.absent, api.listed], **{"Idempotency-Key": "k"}).json()
    again = api.post("/v1/records/batch", [api.absent, api.listed], **{"Idempotency-Key": "k"}).json()
    assert [item["record"]["id"] for item in first["items"]] == [item["record"]["id"] for item in again["items"]]
    assert api.get("/v1/records", "contributor").json()["numberReturned"] == 2


def test_what_is_no_batch_is_refused(sqlite_api):
    """An object, an empty array, too many records and a broken array are refused as a whole."""
    one = sqlite_api.post("/v1/records/batch", sqlite_api.absent)
    empty = sqlite_api.post("/v1/records/batch", [])
    many = sqlite_api.post("/v1/records/batch", [sqlite_api.absent] * 1_001)
    broken = sqlite_api.raw("/v1/records/batch", b"[{]")
    assert [answer.status_code for answer in (one, empty, many, broken)] == [422, 422, 413, 400]
    assert sqlite_api.get("/v1/records", "contributor").json()["items"] == []


def test_a_batch_of_nothing_good_keeps_nothing(sqlite_api):
    """When every item is refused the answer still explains each."""
    told = sqlite_api.post("/v1/records/batch", [1, {}, None]).json()
    assert (told["accepted"], told["refused"]) == (0, 3)
    assert all(item["problem"]["errors"] for item in told["items"])
