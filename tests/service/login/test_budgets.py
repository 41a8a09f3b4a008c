"""People who signed in have budgets of their own, and a session that is over counts as no guess."""

from __future__ import annotations

from dataclasses import replace

from starlette.testclient import TestClient

from service.app import create_app


def test_a_session_has_its_own_budget_and_one_that_is_over_is_nobody(browser, served):
    """Who signed in reads on when strangers used up the address; a stale cookie is not slowed like a wrong key."""
    browser.sign_in()
    own = {"Cookie": "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())}
    stale = {"Cookie": f"uncounted={'0' * 43}"}
    limits = {"rate_address": "4/minute", "rate_reads": "6/minute", "rate_failures": "1/minute"}
    context = replace(served, settings=served.settings.model_copy(update=limits))
    with TestClient(create_app(context), base_url=str(browser.client.base_url)) as client:
        assert [client.get("/v1/sources", headers=stale).status_code for _ in range(2)] == [200, 200]
        assert [client.get("/v1/imports", headers=own).status_code for _ in range(8)] == [200] * 7 + [429]
        assert [client.get("/v1/sources").status_code for _ in range(2)] == [200, 429]
