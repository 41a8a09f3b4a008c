"""The sensitivity policy: what ships follows the method's table, and a file of an installation can only raise it."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.sensitivity import (
    Handling,
    InvalidSensitivity,
    LocationMethod,
    Policy,
    Subject,
    in_force,
    install,
    shipped,
)
from geodata.sensitivity.handling import strictest
from geodata.taxonomy import SensitivityClass

S0, S1, S2, S3 = SensitivityClass
BOARD = '[board]\nname = "Data board"\ndate = 2026-03-31\nreason = "It is public there."\n'


def raised(tmp_path: Path, text: str) -> Policy:
    """Return the shipped policy with a file beside it; the shipped one is in force again afterwards."""
    path = tmp_path / "ours.toml"
    path.write_text(text, "utf-8")
    try:
        install(path)
        return in_force()
    finally:
        install()


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (Subject("KEN", "village"), S0),
        (Subject("KEN"), S0),
        (Subject("KEN", "slum"), S1),
        (Subject("KEN", "informal settlement", ("eviction",)), S2),
        (Subject("KEN", "village", ("Forced evictions in May",)), S2),
        (Subject("COD", "IDP site"), S2),
        (Subject("COD", "camp"), S1),
        (Subject("BRA", groups=frozenset({"isolated-peoples"})), S2),
        (Subject("KEN", "women's shelter"), S3),
        (Subject("KEN", "safe house"), S3),
        (Subject("IRQ", "village", ("persecution",)), S3),
        (Subject("KEN", "village", ("no road",)), S0),
        (Subject("KEN", "village", ("relevant to the warden",)), S0),
    ],
)
def test_what_ships_follows_the_table_of_the_method(subject, expected):
    """Kind of place and what drives exclusion call for the class, by whole words in several languages."""
    assert shipped().class_of(subject) is expected


def test_each_class_is_handled_no_less_strictly_than_the_ones_below():
    """From open to closed no number gets smaller, no cell finer, no place nearer, no embargo shorter."""
    handlings = [shipped().handlings[one] for one in SensitivityClass]
    for below, above in pairwise(handlings):
        assert above.lowers(below) == ()
    assert [one.smallest_count for one in handlings] == [10, 10, 50, 50]
    assert [one.embargo_days for one in handlings] == [30, 30, 90, 90]
    assert [(one.finest_cell, one.least_population) for one in handlings[:2]] == [(8, 1_000), (7, 5_000)]


def test_a_file_adds_rules_that_raise(tmp_path):
    """A rule of an installation holds beside those that ship, where all that it names holds together."""
    text = (
        '[rules.burnt]\nlabel = "Burnt"\nclass = "S3"\ncountries = ["Myanmar"]\nkinds = ["settlement"]\n'
        'drivers = ["arson"]\nwhy = "Who came back is looked for."\n'
    )
    policy = raised(tmp_path, text)
    assert policy.class_of(Subject("MMR", "village", ("arson",))) is S3
    assert policy.class_of(Subject(None, "village", ("arson",))) is S3  # no country known: every country's rules hold
    assert policy.class_of(Subject("KEN", "village", ("arson",))) is S0
    assert policy.class_of(Subject("MMR", "school", ("arson",))) is S0
    assert policy.digest != shipped().digest
    assert in_force() is shipped()


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("[classes.S0]\nsmallest_count = 5\n", "classes.S0"),
        ("[classes.S1]\nfinest_cell = 8\n", "classes.S1"),
        ('[classes.S2]\nlocation = "h3"\n', "classes.S2"),
        ("[classes.S2]\nembargo_days = 30\n", "classes.S2"),
        ('[rules.eviction]\nlabel = "E"\nclass = "S1"\ndrivers = ["eviction"]\nwhy = "w"\n', "rules.eviction"),
        ('[rules.camp]\nlabel = "C"\nclass = "S3"\nkinds = ["camp"]\ncountries = ["KEN"]\nwhy = "w"\n', "rules.camp"),
        ('[rules.eviction]\nlabel = "E"\nclass = "S3"\ndrivers = ["eviction"]\nwhy = "w"\n', "rules.eviction"),
    ],
)
def test_what_would_lower_is_refused_and_says_which(tmp_path, text, entry):
    """A lower class, a narrower rule, a finer cell or a shorter embargo stops the start, unless a board signed it."""
    with pytest.raises(InvalidSensitivity, match=r"ours.toml, line 1, .* lowers protection") as caught:
        raised(tmp_path, text)
    assert f"[{entry}]" in str(caught.value)
    policy = raised(tmp_path, f"{BOARD}{text}")
    assert [board.name for board in policy.boards] == ["Data board"]


def test_a_board_without_a_date_signs_nothing(tmp_path):
    """Who decided, when and why are all needed."""
    text = '[board]\nname = "Us"\nreason = ""\n[classes.S0]\nsmallest_count = 5\n'
    with pytest.raises(InvalidSensitivity, match=r"\[board\]: give name"):
        raised(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("= 1", "is not TOML"),
        ("[clases.S0]\n", "clases is not known"),
        ("[classes.S9]\n", "S9 is no class"),
        ("[classes.S0]\nsmallest_count = 0\n", "a whole number from 1"),
        ("[classes.S0]\nsmallest_count = true\n", "a whole number from 1"),
        ('[classes.S0]\nlocation = "exact"\n', "location is to be one of donut, h3, admin, hold"),
        ("[classes.S0]\nk = 3\n", "k is not known"),
        ("[classes.S0]\nleast_around = 500\n", "smaller than most_around"),
        ('[rules.x]\nlabel = "X"\nclass = "S1"\nwhy = "w"\n', "names nothing"),
        ('[rules.x]\nclass = "S1"\nkinds = ["mill"]\n', "give a label"),
        ('[rules.x]\nlabel = "X"\nclass = "secret"\n', "class is to be one of"),
        ('[rules.x]\nlabel = "X"\nclass = "S1"\nwhy = "w"\nkinds = "mill"\n', "kinds is to be a list of texts"),
        ('[rules.x]\nlabel = "X"\nclass = "S1"\nwhy = "w"\ngroups = ["elves"]\n', "elves is no group"),
        ('[rules.x]\nlabel = "X"\nclass = "S1"\nwhy = "w"\ncountries = ["Utopia"]\n', "Utopia"),
        ('[rules."X y"]\nlabel = "X"\nclass = "S1"\nwhy = "w"\nkinds = ["mill"]\n', "id of lower-case letters"),
        ("rules = 3\n", "rules is not a table"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_how_to_mend_it(tmp_path, text, said):
    """The message names the file, the entry and what is expected; what was in force stays in force."""
    with pytest.raises(InvalidSensitivity, match=r"^ours\.toml") as caught:
        raised(tmp_path, text)
    assert said in str(caught.value)
    assert in_force() is shipped()


def test_a_file_that_is_not_there_or_no_text_is_said_so(tmp_path):
    """A path that does not exist and bytes that are no UTF-8 are told apart."""
    with pytest.raises(InvalidSensitivity, match="cannot be opened"):
        install(tmp_path / "none.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidSensitivity, match="not UTF-8"):
        install(tmp_path / "bytes.toml")


HANDLINGS = st.builds(
    Handling,
    smallest_count=st.integers(1, 100),
    round_to=st.integers(1, 100),
    location=st.sampled_from(LocationMethod),
    finest_cell=st.integers(0, 15),
    least_population=st.integers(1, 10_000),
    least_settlements=st.integers(1, 100),
    least_around=st.integers(1, 100),
    most_around=st.integers(101, 1_000),
    embargo_days=st.integers(0, 365),
)


@given(HANDLINGS, HANDLINGS)
def test_the_strictest_of_two_lowers_neither(one, other):
    """Whatever two files ask for, together they are no less strict than either in any respect."""
    both = strictest([one, other])
    assert both.lowers(one) == both.lowers(other) == ()
    assert strictest([both, one]) == both


@given(
    st.sampled_from(["village", "slum", "camp", "shelter", "school", None]),
    st.lists(st.sampled_from(["eviction", "war", "no road", "persecution"]), max_size=2),
    st.sampled_from(list(SensitivityClass)),
)
def test_another_rule_never_lowers_a_class(kind, drivers, extra):
    """Whatever a further rule says, the class is at least what it was before."""
    subject = Subject("KEN", kind, tuple(drivers))
    before = shipped()
    rule = replace(before.rules[0], sensitivity=extra)
    more = Policy(before.version, before.handlings, (*before.rules, rule), ())
    assert more.class_of(subject) >= before.class_of(subject)
    assert all(one.holds(subject) for one in more.reasons(subject))


def test_the_digest_follows_from_what_is_said(tmp_path):
    """Two policies that say the same have one digest; a raised number makes another."""
    assert raised(tmp_path, "").digest == shipped().digest
    policy = raised(tmp_path, "[classes.S0]\nembargo_days = 60\n")
    assert policy.digest != shipped().digest
    assert policy.handlings[S1].embargo_days == 60  # a class is never handled less strictly than the ones below
    assert asdict(policy.handlings[S2]) == asdict(shipped().handlings[S2])
