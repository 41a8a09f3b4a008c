"""The page about the desk says what the policy, the pages and the service say."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from service.configuration.settings import Settings
from service.desk.case import BESIDE_M
from service.store.queue import WAITING
from service.urgency import loss

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "queue.md").read_text(encoding="utf-8")
SCRIPT = (ROOT / "service" / "web" / "static" / "desk.js").read_text(encoding="utf-8")
CASE = (ROOT / "service" / "web" / "templates" / "desk_case.html").read_text(encoding="utf-8")


def test_the_weights_are_those_of_the_shipped_policy():
    """Whoever reads the page reads the policy."""
    told = {
        name: float(weight) for name, weight in re.findall(r"^\| `(\w+)`(?: \w+)? \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    }
    policy = tomllib.loads((ROOT / "service" / "urgency" / "policy.toml").read_text(encoding="utf-8"))
    numbers = {name: value for table in policy.values() if isinstance(table, dict) for name, value in table.items()}
    assert told == numbers
    assert "`unknown` doubt | 0.5" in PAGE


def test_the_formula_is_that_of_the_code():
    """It stands in both in the same words."""
    assert loss.__doc__ is not None
    formula = re.findall(r"\n +loss = (.+)\n +(.+)\n", loss.__doc__)[0]
    assert all(line in PAGE for line in formula)


def test_defaults_and_statuses_are_those_of_the_service():
    """How long a claim lasts, how near is the same place, and what waits."""
    assert f"lasts {Settings.model_fields['claim_minutes'].default} minutes" in PAGE
    assert BESIDE_M == 1_000
    assert all(status.replace("_", " ") in PAGE for status in WAITING)


def test_every_key_that_the_page_names_is_one_of_the_desk():
    """A key stands in the script or on an element of a page."""
    named = set(re.findall(r"^\| (.+?) \|", PAGE.partition("| key |")[2], re.MULTILINE))
    keys = {key for row in named for key in re.findall(r"`(\w)`", row)}
    pages = CASE + (ROOT / "service" / "web" / "templates" / "desk.html").read_text(encoding="utf-8")
    for key in keys - set("18"):
        assert f'data-key="{key}"' in pages or f'event.key === "{key}"' in SCRIPT, key
