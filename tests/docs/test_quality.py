"""The page about quality says what the policy, the passport and the service say."""

from __future__ import annotations

import json
import re
from pathlib import Path

from matchers.quality.computed import HEAPED, SIGMA_HEAPED
from matchers.quality.declared import declared
from matchers.quality.passport import Passport
from matchers.quality.policy import Action, read_policy
from service import collections
from service.accounts.account import Account
from service.callers.caller import Caller, Role
from service.store.passports import DEFAULT, key_of
from service.verifying.grading import SAMPLE

PAGE = (Path(__file__).parents[2] / "docs" / "quality.md").read_text(encoding="utf-8")


def test_weights_and_bars_are_those_of_the_policy():
    """Whoever reads the page reads the shipped policy."""
    policy = read_policy()
    weights = {name: float(weight) for name, weight in re.findall(r"^\| ([a-z]+) \| (0\.\d\d) \|", PAGE, re.MULTILINE)}
    assert weights == policy.weights
    bars = re.findall(r"^\| ([ABC]) \| (0\.\d\d) \| (\d) \|", PAGE, re.MULTILINE)
    assert {name: (float(index), int(least)) for name, index, least in bars} == {
        name: (bar.index, bar.criterion) for name, bar in policy.bars.items() if name != "D"
    }
    assert Action.UNDERCOUNT in policy.actions("B")
    assert policy.actions("undeclared") == policy.actions("C")
    assert policy.actions("D") == {Action.STORE}


def test_every_field_of_a_passport_is_named():
    """Nobody has to guess what can be declared."""
    for name, each in declared(Passport).items():
        told = declared(each.kind) if each.table else {name: each}
        assert f"`{name}`" in PAGE
        for inner in told:
            assert f"`{inner}`" in PAGE


def test_the_numbers_of_the_page_are_those_of_the_code():
    """Heaping, its error, and how much of a large collection is read."""
    assert f"more than {HEAPED:.0%} end in 0 or 5".replace("%", " %") in PAGE
    assert f"at least {SIGMA_HEAPED}" in " ".join(PAGE.split())
    assert f"over {SAMPLE:,} records" in PAGE
    assert key_of("ours", Account(names=(), country="KEN")) == ("ours", DEFAULT)
    assert f"belong to `{DEFAULT}`" in PAGE


def test_the_passport_of_the_page_can_be_declared(sqlite_context):
    """What is sent in the example is kept, and lacks nothing that must not be missing."""
    body = json.loads(re.search(r"-d '(\{.*?\})'\n", PAGE, re.DOTALL)[1])
    collections.declare(sqlite_context, "Roster 2025", body, Caller("ours", None, Role.CONTRIBUTOR))
    found = collections.described(sqlite_context, ("ours", "Roster 2025"))
    assert (found.declared.version, found.grade.missing) == (1, ())
