"""Contact: whom to tell of harm, where people and programs find it."""

from __future__ import annotations

from dataclasses import replace

from starlette.testclient import TestClient

from service.app import create_app


def test_whom_to_tell_stands_everywhere(sqlite_context):
    """The contact of the settings is answered without a key, and stands on every page."""
    settings = sqlite_context.settings.model_copy(update={"harm_contact": "help@example.org <at night too>"})
    with TestClient(create_app(replace(sqlite_context, settings=settings))) as client:
        assert client.get("/v1/contact").json()["harm"] == "help@example.org <at night too>"
        for page in ("/", "/docs", "/problems/invalid"):
            assert "help@example.org &lt;at night too&gt;" in client.get(page).text, page


def test_where_nobody_is_named_nothing_is_promised(sqlite_api):
    """Without the setting the answer says so, and no page speaks of a contact."""
    assert sqlite_api.get("/v1/contact").json()["harm"] is None
    assert 'class="harm"' not in sqlite_api.get("/").text
