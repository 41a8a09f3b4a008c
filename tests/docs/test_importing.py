"""What docs/importing.md says is so: its curl calls answer, its tables are complete."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.importing.faults import COLUMNS
from service.store import keys
from service.store.import_tables import Mode

PAGE = (Path(__file__).parents[2] / "docs" / "importing.md").read_text(encoding="utf-8")
FILE = b"mtaa wetu,latitude,longitude,idadi,phone\nLindi,-1.3131,36.7876,120,0722123456\nSoweto,-1.317,36.795,90,\n"


def calls():
    """Return the curl calls of the page, in order."""
    blocks = re.findall(r"```\n(.*?)```", PAGE, flags=re.DOTALL)
    lines = "".join(block for block in blocks if "curl" in block).replace("\\\n", " ").splitlines()
    return [shlex.split(line) for line in lines if line.startswith("curl")]


@pytest.fixture
def client(sqlite_context):
    """Give the application and a contributor's key."""
    with sqlite_context.store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    with TestClient(create_app(sqlite_context), headers={"Authorization": f"Bearer {secret}"}) as client:
        yield client


def ask(client, words):
    """Do what a call of the page does."""
    path = next(word for word in words if word.startswith("http")).partition(":8000")[2]
    if "-d" in words:
        return client.put(path, json=json.loads(words[words.index("-d") + 1]))
    return client.post(path, content=FILE, headers={"Content-Type": "text/csv"})


def test_every_call_answers_as_the_page_tells(client):
    """Described, proposed, corrected, saved, tried and imported in the order a person would."""
    dry, real, describe, propose = calls()
    assert ask(client, describe).json()["country"] == "KEN"
    proposal = ask(client, propose).json()
    assert [one["header"] for one in proposal["dropped"]] == ["phone"]
    example = json.loads(re.search(r"`columns` \(`(\{.*?\})`\)", PAGE).group(1))
    profile = {**proposal["profile"], "columns": example}
    profile.pop("updated_at")
    assert client.put("/v1/collections/villages-2026/mapping", json=profile).status_code == 200
    assert ask(client, dry).json()["created"] == 2
    answer = ask(client, real)
    assert (answer.status_code, answer.json()["created"], answer.json()["file"]) == (201, 2, "villages.csv")
    record = client.get("/v1/records").json()["items"][0]
    assert (record["name"], record["counts"][0]["value"], record["kind"]) == ("Lindi", 120, "village")


def test_the_tables_are_complete():
    """Every mode, every column of the errors and both sizes that settings name stand on the page."""
    assert set(re.findall(r"^\| `(\w+)` \|[^|]*\| revised", PAGE, flags=re.MULTILINE)) == {mode.value for mode in Mode}
    assert set(re.findall(r"`(\w+)`", PAGE.partition("## Errors")[2].partition("Mend these")[0])) >= set(COLUMNS)
    assert f"up to {Settings.model_fields['import_inline_rows'].default:,} rows" in PAGE


def test_the_answer_has_the_members_the_page_names(client):
    """What is told of the progress is what the job tells."""
    ask(client, calls()[1])
    job = client.get("/v1/imports").json()["items"][0]
    named = re.search(r"how far it is: (.*?) \|", PAGE).group(1)
    assert set(re.findall(r"`(\w+)`", named)) <= job.keys()
