"""What every answer carries: what browsers and caches may do with it; and a HEAD that is a GET without its body."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.app import create_app

PATHS = [
    "/",
    "/docs",
    "/static/uncounted.css",
    "/v1/flags",
    "/v1/records",
    "/openapi.json",
    "/healthz",
    "/nowhere",
    "/v1/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_protected(sqlite_api, path):
    """Pages, data, styles and failures alike: nothing is guessed, framed, referred or let into another window."""
    headers = sqlite_api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=()" in headers["permissions-policy"]
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "://" not in policy
    assert "server" not in headers
    assert "strict-transport-security" not in headers


def test_over_tls_browsers_are_told_to_stay_there(sqlite_api):
    """A proxy of ours that says the caller came over TLS is believed; in the clear the header would mean nothing."""
    with type(sqlite_api.client)(sqlite_api.client.app, client=("127.0.0.1", 1)) as behind:
        assert behind.get("/v1/flags", headers={"X-Forwarded-Proto": "https"}).headers["strict-transport-security"]
        assert "strict-transport-security" not in behind.get("/v1/flags").headers


@pytest.mark.parametrize(
    "path", ["/v1/records", "/v1/flags", "/v1/sources", "/v1/collections", "/v1/imports", "/nowhere"]
)
@pytest.mark.parametrize("who", ["contributor", "admin"])
def test_what_depends_on_a_key_is_kept_by_no_shared_cache(sqlite_api, path, who):
    """Either private, with everything it depends on named, or not kept at all."""
    headers = sqlite_api.get(path, who).headers
    if "no-store" not in headers["cache-control"]:
        assert "private" in headers["cache-control"]
        assert {"Authorization", "X-API-Key", "Accept"} <= set(headers["vary"].replace(" ", "").split(","))


def test_what_everybody_sees_is_asked_for_again_before_it_is_used(sqlite_api):
    """A cache that kept what the public may see must not go on showing what was withdrawn."""
    assert sqlite_api.get("/v1/flags").headers["cache-control"] == "no-cache"
    assert sqlite_api.get("/static/uncounted.css").headers["cache-control"] == "no-cache"
    assert sqlite_api.get("/openapi.json").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PATHS)
def test_a_head_is_answered_like_a_get_without_its_body(sqlite_api, path):
    """Status and headers are the same, wherever one asks, and there is no body."""
    got, asked = sqlite_api.get(path), sqlite_api.client.head(path)
    assert (asked.status_code, asked.content) == (got.status_code, b"")
    changing = {"x-request-id", "date"}
    assert {k: v for k, v in asked.headers.items() if k not in changing} == {
        k: v for k, v in got.headers.items() if k not in changing
    }


def test_a_head_says_whether_the_content_is_held_already(sqlite_api):
    """The conditions of a GET hold for it too."""
    etag = sqlite_api.client.head("/v1/flags").headers["etag"]
    assert sqlite_api.client.head("/v1/flags", headers={"If-None-Match": etag}).status_code == 304


def test_a_head_where_nothing_is_read_is_refused(sqlite_api):
    """What only takes something in has no head."""
    answer = sqlite_api.client.head("/v1/records/batch")
    assert answer.status_code == sqlite_api.get("/v1/records/batch").status_code


def test_other_origins_are_never_let_in_with_credentials(sqlite_context):
    """Pages of others may read what is public where the operator allows it, and never as the person in the browser."""
    origin = {"Origin": "https://dashboard.example"}
    for allowed, told in (((), None), (("https://dashboard.example",), "https://dashboard.example"), (("*",), "*")):
        settings = sqlite_context.settings.model_copy(update={"cors_origins": allowed})
        context = type(sqlite_context)(settings, sqlite_context.store, sqlite_context.archive, sqlite_context.lists)
        with TestClient(create_app(context)) as client:
            answer = client.get("/v1/sources", headers=origin)
            assert answer.headers.get("access-control-allow-origin") == told
            assert "access-control-allow-credentials" not in answer.headers
            assert answer.headers["cross-origin-resource-policy"] == ("cross-origin" if allowed else "same-origin")
            if told:
                assert "RateLimit" in answer.headers["access-control-expose-headers"]
