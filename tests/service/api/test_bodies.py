"""Bodies that are not what they say: refused early, with a sentence that helps."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "no body"),
        (b'{"name": "Lindi"', "line 1"),
        (b'{"name": "Lin\xffdi"}', "not UTF-8: byte 13"),
        (b'{"name": \x00"Lindi"}', "NUL byte"),
        (b'{"name": NaN}', "not JSON"),
        (b"[" * 5_000, "not JSON"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_why(sqlite_api, content, word):
    """A broken body answers 400 and says where it breaks."""
    answer = sqlite_api.raw("/v1/records", content)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert word in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None, "application/x-ndjson"])
def test_another_kind_of_body_is_not_read(sqlite_api, kind):
    """Only JSON is read here; NDJSON only at the batch address."""
    answer = sqlite_api.raw("/v1/records", b"{}", kind)
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")


def test_a_large_body_is_refused_before_it_is_sent(sqlite_api):
    """A body announced as too large is refused without reading it."""
    answer = sqlite_api.raw("/v1/records", b"x" * 10_000_000)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_a_large_body_is_refused_while_it_streams(sqlite_api):
    """A body of unannounced size is refused as soon as it is too large, not after it has all arrived."""
    sent = 0

    def endless():
        nonlocal sent
        for _ in range(1_000):
            sent += 100_000
            yield b" " * 100_000

    headers = sqlite_api.key("contributor") | {"Content-Type": "application/json"}
    answer = sqlite_api.client.post("/v1/records", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize(
    "path", ["/v1/flags", "/v1/records", "/v1/gap-reports", "/v1/places", "/v1/sources", "/healthz"]
)
def test_a_parameter_nobody_declared_is_refused(sqlite_api, path):
    """A misspelt filter returns nothing instead of everything."""
    answer = sqlite_api.get(path, params={"verdit": "hidden_place"})
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown-parameter")
    assert answer.json()["errors"][0]["pointer"] == "?verdit"


def test_a_misspelt_parameter_names_the_one_meant(sqlite_api):
    """The nearest declared name is suggested."""
    answer = sqlite_api.get("/v1/flags", params={"verdit": "hidden_place"})
    assert "Did you mean `verdict`?" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"verdict": "hidden"}, "?verdict"),
        ({"bbox": "1,2,3"}, "?bbox"),
        ({"bbox": "0,5,1,4"}, "?bbox"),
        ({"bbox": "0,0,999,1"}, "?bbox"),
        ({"min_probability": "2"}, "?min_probability"),
        ({"min_probability": "nan"}, "?min_probability"),
        ({"updated_since": "2026-03-31T12:00:00"}, "?updated_since"),
        ({"limit": "0"}, "?limit"),
        ({"limit": "many"}, "?limit"),
        ({"cursor": "!"}, "?cursor"),
        ({"country": "Nowhere"}, "?country"),
        ({"q": "\x00"}, "?q"),
        ({"f": "xml"}, "?f"),
    ],
)
def test_a_filter_that_cannot_be_right_is_told(sqlite_api, query, pointer):
    """Every filter is checked like a body."""
    answer = sqlite_api.get("/v1/flags", params=query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_addresses_and_methods_that_do_not_exist(sqlite_api):
    """An unknown address answers 404, an unknown method 405 with those that are taken; both as problems."""
    nowhere = sqlite_api.get("/v1/nowhere")
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "not-found")
    wrong = sqlite_api.client.delete("/v1/records")
    assert (wrong.status_code, wrong.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert wrong.json()["code"] == "method-not-allowed"


def test_an_identifier_of_another_form_names_nothing(api):
    """An identifier with characters we never give out is not found, on either database."""
    for identifier in ("%00", "a%20b", "x" * 300, "..", "%ff"):
        assert api.get(f"/v1/records/{identifier}", "reviewer").status_code == 404


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key-needed"),
        ({"Authorization": "Bearer unc_nobody"}, "key-unknown"),
        ({"Authorization": "Basic dTpw"}, "key-unknown"),
        ({"Authorization": "Bearer " + "x" * 5_000}, "key-unknown"),
        ({"X-API-Key": "nobody"}, "key-unknown"),
    ],
)
def test_writing_needs_a_known_key(sqlite_api, headers, code):
    """Without a known key nothing is kept, and the answer says which way to send one."""
    answer = sqlite_api.client.post("/v1/records", json=sqlite_api.absent, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_works_by_either_header(sqlite_api):
    """The same key is read from Authorization and from X-API-Key."""
    headers = {"X-API-Key": sqlite_api.keys["contributor"]}
    assert sqlite_api.client.post("/v1/records", json=sqlite_api.absent, headers=headers).status_code == 201


def test_without_a_key_no_body_is_read(sqlite_api):
    """Whoever sends no key is told so before the body is looked at, however large or broken it is."""
    headers = {"Content-Type": "application/json"}
    for content in (b"{", b"x" * 10_000_000):
        answer = sqlite_api.client.post("/v1/records", content=content, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "key-needed")
