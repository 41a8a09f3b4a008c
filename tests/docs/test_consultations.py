"""The page on consultations is true: its file is read, its calls work, its example of what is withheld holds."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from starlette.testclient import TestClient

from geodata.files.tables import read_table
from matchers.groups.standing import Subtype
from service.accounts.statement import Form
from service.api.openapi import document
from service.app import create_app
from service.callers.caller import Role
from service.consultations.reading import Defaults, read_statements
from service.context import Context
from service.disclosure.consultations.protected import told_areas
from service.disclosure.consultations.tally import COUNTRY, Area, Count
from service.store import keys

PAGE = (Path(__file__).parents[2] / "docs" / "consultations.md").read_text(encoding="utf-8")
CALLS = [block for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL) if block.startswith("curl")]


def test_the_file_of_the_page_is_read() -> None:
    """Every column of it plays a part."""
    (table,) = re.findall(r"```csv\n(.*?)```", PAGE, flags=re.DOTALL)
    found = read_statements(read_table(table.encode(), "dialogue.csv"), Defaults(Form.MEETING, "KEN"))
    (sent,) = found.sent
    assert (found.problems, found.ignored) == ((), ())
    assert (sent.statement.people, set(sent.statement.groups.known)) == (
        46,
        {"turkana", "pastoralists", "older-persons"},
    )


def test_the_calls_of_the_page_work(sqlite_context: Context) -> None:
    """Both bodies are kept word for word, and the country can be read."""
    with sqlite_context.store.begin() as session:
        secret = keys.create(session, "my-coalition", Role.CONTRIBUTOR, "test")
    assert len(CALLS) == 2
    with TestClient(create_app(sqlite_context)) as client:
        for call in CALLS:
            words = shlex.split(call.replace("\\\n", " "))
            path = words[1].removeprefix("http://127.0.0.1:8000")
            body = json.loads(words[words.index("-d") + 1])
            answer = client.post(path, json=body, headers={"Authorization": f"Bearer {secret}"})
            assert (answer.status_code, answer.json()["refused"]) == (200, 0), answer.text
        own = {"Authorization": f"Bearer {secret}"}
        summary = client.get("/v1/countries/KEN/summary?organisation=my-coalition", headers=own).json()
    assert {group["group"] for group in summary["groups"]} >= {"turkana", "pastoralists", "persons-with-disabilities"}


def test_the_addresses_of_the_page_exist() -> None:
    """Each stands in the document under the same template but for the names of its parts."""
    known = {re.sub(r"\{\w+\}", "{}", path) for path in document()["paths"]}
    told = re.findall(r"`GET (/v1/[^`?]+)`", PAGE)
    assert len(told) == 3
    assert {re.sub(r"\{\w+\}", "{}", path) for path in told} <= known


def test_the_page_names_every_reason_for_not_being_counted() -> None:
    """And none that does not exist."""
    (sentence,) = re.findall(r"`because` says why not: (.*?)\. Null", PAGE, flags=re.DOTALL)
    assert set(re.findall(r"`(\w+)`", sentence)) == {subtype.value for subtype in Subtype}


def test_of_three_counties_not_only_the_small_one_is_withheld() -> None:
    """The example of the page: 40, 16 and 4."""
    sizes = {Area("a"): 40, Area("b"): 16, Area("c"): 4}
    people = {area: Count({"o": number}) for area, number in {COUNTRY: 60, **sizes}.items()}
    told = told_areas(people).shown
    assert set(told) < {COUNTRY, Area("a"), Area("b")}
