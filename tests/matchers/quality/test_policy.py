"""The policy: one file, and countries that may be stricter, or name who decided otherwise."""

from __future__ import annotations

from importlib import resources

import pytest

from matchers.quality.policy import Action, InvalidPolicy, policy_from, read_policy

SHIPPED = resources.files("matchers.quality").joinpath("policy.toml").read_text("utf-8")


def test_the_shipped_policy_is_the_specifications():
    """Weights, bars and what each grade allows."""
    policy = read_policy()
    assert policy.weights == {
        "relevance": 0.15,
        "credibility": 0.20,
        "timeliness": 0.15,
        "documentation": 0.25,
        "accuracy": 0.25,
    }
    assert [(bar.index, bar.criterion) for bar in policy.bars.values()] == [(0.8, 2), (0.6, 1), (0.4, 0), (0, 0)]
    allowed = {grade: Action.UNDERCOUNT in policy.actions(grade) for grade in ("A", "B", "C", "D", "undeclared")}
    assert allowed == {"A": True, "B": True, "C": False, "D": False, "undeclared": False}
    assert policy.actions("undeclared") == policy.actions("C")
    assert policy.missing == ("contact", "consent_basis", "date", "method_code")


def test_a_country_may_be_stricter():
    """More must be there, bars are higher, less is allowed; other countries go by the general rules."""
    own = '[countries.Kenya]\nmissing = ["licence"]\nundeclared = ["store"]\ngrades.B = { index = 0.7 }\n'
    policy = policy_from(SHIPPED + own, "own.toml")
    kenya = policy.of("KEN")
    assert kenya.missing == (*policy.missing, "licence")
    assert (kenya.bars["B"].index, kenya.bars["B"].criterion, kenya.bars["A"]) == (0.7, 1, policy.bars["A"])
    assert kenya.actions("undeclared") == {Action.STORE}
    assert policy.of("UGA") is policy


@pytest.mark.parametrize(
    "lenient",
    [
        "grades.B = { index = 0.5 }",
        "grades.A = { criterion = 1 }",
        'grades.C = { actions = ["store", "existence", "undercount"] }',
        'undeclared = ["store", "existence", "undercount"]',
    ],
)
def test_more_lenient_only_where_a_board_is_named(lenient):
    """Whoever lowers a bar signs for it."""
    with pytest.raises(InvalidPolicy, match="more lenient"):
        policy_from(f"{SHIPPED}\n[countries.KEN]\n{lenient}\n", "own.toml")
    signed = f'{SHIPPED}\n[countries.KEN]\nboard = "KNBS data quality board, 2026-02-01"\n{lenient}\n'
    assert policy_from(signed, "own.toml").of("KEN") != policy_from(SHIPPED, "own.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("accuracy = 0.25", "accuracy = 0.5", "together 1"),
        ("accuracy = 0.25", "", "'accuracy' is missing|accuracy is missing"),
        ("[undeclared]", "[undeclard]", "does not know undeclard"),
        ('"undercount"]', '"overcount"]', "cannot allow overcount"),
        ('actions = ["store"]', "actions = []", "less than store"),
        ('"contact", ', '"address", ', "does not know address"),
        ("index = 0.80", "index = 8", "an index of 8"),
        ("[weights]", "[weights", "not TOML"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_place(old, new, says):
    """Nothing is graded by a file that was not understood."""
    with pytest.raises(InvalidPolicy, match=says):
        policy_from(SHIPPED.replace(old, new, 1), "own.toml")


def test_a_policy_that_is_not_there_is_told(tmp_path):
    """The message says what to give instead."""
    with pytest.raises(InvalidPolicy, match="cannot be read; give the path"):
        read_policy(tmp_path / "none.toml")
