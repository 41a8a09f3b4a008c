"""The documentation is true: what it links to exists, what it tells to type runs, what it lists is what there is."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import typer
from starlette.testclient import TestClient

from matchers.base import Verdict
from service import demo
from service.app import create_app
from service.callers.caller import Role
from service.cli import app as command_line
from service.configuration.settings import Settings
from service.context import Context
from service.verify import silent

ROOT = Path(__file__).parents[2]
WRITTEN = [page for page in (ROOT / "docs").rglob("*.md") if page.parts[-2] != "reference"]  # that is made from code
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "SECURITY.md", *sorted(WRITTEN)]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(text: str) -> list[str]:
    """Return the code blocks of a page."""
    return re.findall(r"```(?:\w*)\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    """No reader is sent to a page that is not there."""
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    """What a page tells to type is understood by the command line."""
    group = typer.main.get_command(command_line)
    for block in blocks(page.read_text(encoding="utf-8")):
        for line in block.replace("\\\n", " ").splitlines():
            words = shlex.split(line, comments=True) if re.match(r"\s*(\.venv/bin/)?uncounted ", line) else []
            command, rest = group, words[1:]
            while rest and hasattr(command, "commands"):
                assert rest[0] in command.commands, line
                command, rest = command.commands[rest[0]], rest[1:]
            known = {option for parameter in command.params for option in parameter.opts}
            assert {word for word in rest if word.startswith("-")} <= known, line


def test_the_curl_example_answers_as_the_readme_says(sqlite_context: Context) -> None:
    """The body of the README, posted to the Kibera sample, finds Gatwikira."""
    demo.load(sqlite_context, demo.samples(sqlite_context)[0], silent)
    secret = demo.role_keys(sqlite_context)[Role.CONTRIBUTOR]
    call = next(block for block in blocks(README) if block.startswith("curl"))
    words = shlex.split(call.replace("\\\n", " "))
    body = json.loads(words[words.index("-d") + 1])
    with TestClient(create_app(sqlite_context)) as client:
        answer = client.post("/v1/records", json=body, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 201, answer.text
    assert "Gatwikira" in answer.text
    assert answer.json()["verdict"] == "consistent"


def test_the_readme_explains_the_verdicts_that_exist() -> None:
    """Every verdict of the table exists, and every verdict there is is in the table."""
    told = set(re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE))
    assert told == {verdict.value for verdict in Verdict}


def test_every_setting_is_documented_with_its_name() -> None:
    """The table of settings is complete and names nothing that is not read."""
    told = set(re.findall(r"`UNCOUNTED_(\w+)` \|", (ROOT / "docs" / "running.md").read_text(encoding="utf-8")))
    assert told == {name.upper() for name in Settings.model_fields}


def test_the_readme_shows_the_two_commands() -> None:
    """A newcomer finds how to run it and how to test it, and both are make targets."""
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("demo", "test"):
        assert f"make {command}" in README
        assert re.search(rf"^{command}:", targets, flags=re.MULTILINE)
