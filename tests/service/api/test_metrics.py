"""The address of metrics: only where there is a token, only to whoever has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

TOKEN = "a-token-of-an-operator"  # noqa: S105 - a made-up one


@pytest.fixture
def watched(api):
    """Set a token for the application under test."""
    context = api.client.app.state.context
    settings = context.settings.model_copy(update={"metrics_token": TOKEN})
    api.client.app.state.context = replace(context, settings=settings)
    yield api
    api.client.app.state.context = context


def test_without_a_token_there_is_no_such_address(api):
    """Not even an admin's key finds out whether metrics exist."""
    answer = api.client.get("/metrics", headers=api.key("admin"))
    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "key-needed"),
        ({"Authorization": "Bearer wrong"}, "key-unknown"),
        ({"Authorization": f"Basic {TOKEN}"}, "key-unknown"),
        ({"X-API-Key": TOKEN}, "key-needed"),
    ],
)
def test_without_the_token_nothing_is_told(watched, headers, code):
    """Nobody in particular, a wrong token and a token in the wrong place get a problem."""
    answer = watched.client.get("/metrics", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, code)


def test_with_the_token_the_service_is_told_in_numbers(watched):
    """A posted record shows in the numbers, and nothing of what it says."""
    record = {"names": [{"text": "Zyxwvale Canary"}], "country": "KEN", "location": {"lat": 0.51234, "lon": 35.04321}}
    assert watched.post("/v1/records", record).status_code in {201, 422}
    assert watched.client.get("/v1/records/Zyxwvale").status_code == 404
    answer = watched.client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'route="/v1/records/{record_id}"' in answer.text
    assert "uncounted_records_pending" in answer.text
    assert "Zyxwvale" not in answer.text
    assert "0.51234" not in answer.text
