"""The tutorial works as it stands: its calls are answered as it says."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import demo
from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.verify import silent

PAGE = (Path(__file__).parents[2] / "docs" / "first-steps.md").read_text(encoding="utf-8")
CALLS = re.findall(r"^curl .*?[^\\]$", PAGE, flags=re.DOTALL | re.MULTILINE)


@pytest.fixture
def ask(sqlite_context: Context):
    """Give what asks as a line of the page does, with the samples of the demo."""
    for sample in demo.samples(sqlite_context):
        demo.load(sqlite_context, sample, silent)
    secrets = {f"${role.value.upper()}": secret for role, secret in demo.role_keys(sqlite_context).items()}
    with TestClient(create_app(sqlite_context)) as client:

        def asked(call: str):
            words = shlex.split(call.replace("\\\n", " "))
            role = words[words.index("-H") + 1].rpartition(" ")[2]
            path = words[1].partition(":8000")[2]
            headers = {"Authorization": f"Bearer {secrets[role]}"}
            body = json.loads(words[words.index("-d") + 1]) if "-d" in words else None
            return client.request("POST" if body else "GET", path, json=body, headers=headers)

        yield asked


def test_every_call_of_the_page_is_answered_as_it_says(ask):
    """Two records go in, the second becomes a matter that waits, and both are taken out again."""
    assert len(CALLS) == 4
    known, unknown, waiting = map(ask, CALLS[:3])
    assert (known.status_code, unknown.status_code) == (201, 201)
    assert known.json()["verdict"] == "consistent"
    assert "Gatwikira" in known.json()["reason"]
    assert unknown.json()["verdict"] == "needs_review"
    assert waiting.json()["numberReturned"] == 3
    mine = CALLS[2].replace("limit=3", "q=Katahdin")
    assert unknown.json()["flag_id"] in ask(mine).text
    assert {one["outcome"] for one in ask(CALLS[3]).json()["items"]} == {"erased"}
    assert unknown.json()["flag_id"] not in ask(mine).text


def test_its_links_and_roles_exist():
    """Whoever follows it needs no role that the demo does not print."""
    assert set(re.findall(r"\$([A-Z]+)", PAGE)) <= {role.value.upper() for role in Role}
