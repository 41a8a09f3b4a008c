"""The documentation becomes a site: no page is left out of it, no link is broken, and the code is told whole."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import typer

from service.api.openapi import document
from service.cli import app as command_line
from service.configuration.settings import Settings
from service.errors import CATALOGUE

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does; a warning is a failure."""
    built = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "dirhtml", "-d", f"{built}/.read"]
    done = subprocess.run(  # noqa: S603 - our own documentation
        [*command, "docs", str(built)], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return built


def text_of(page: Path) -> str:
    """Return what a page says, without its marks."""
    return unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))


def commands(words: str, command: Any) -> Iterator[str]:
    """Yield each command as it is typed."""
    below = getattr(command, "commands", {})
    if not below:
        yield words
    for name, one in below.items():
        if not one.hidden:
            yield from commands(f"{words} {name}", one)


def test_every_page_is_on_the_site(site):
    """What is written is found: no page lies beside the site."""
    pages = {page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")}
    pages = {page for page in pages if page.parts[0] not in {"_build", "index"}}
    assert [page for page in sorted(pages) if not (site / page / "index.html").exists()] == []


def test_every_operation_setting_command_and_problem_is_told(site):
    """The reference is that of the code it was built from."""
    told = {kind: text_of(site / "reference" / kind / "index.html") for kind in ("settings", "commands", "problems")}
    api = "".join(text_of(page) for page in (site / "reference").glob("api-*/index.html"))
    operations = {one["operationId"] for path in document()["paths"].values() for one in path.values()}
    assert {name for name in operations if f"({name})" not in api} == set()
    assert {name for name in Settings.model_fields if f"UNCOUNTED_{name.upper()}" not in told["settings"]} == set()
    typed = set(commands("uncounted", typer.main.get_command(command_line)))
    assert {words for words in typed if words not in told["commands"]} == set()
    assert {code for code in CATALOGUE if code not in told["problems"]} == set()


def test_nothing_is_asked_of_other_hosts(site):
    """Whoever reads the documentation tells nobody of it."""
    asked = {
        address
        for page in site.rglob("*.html")
        for address in re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="(https?://[^"]+)"', page.read_text("utf-8"))
    }
    assert asked == set()
