"""What a record's quality does to the verdict on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources

import orjson
import pytest

from geodata.places import Places
from matchers.quality.criteria import Asked
from matchers.quality.grade import grade
from matchers.quality.policy import policy_from, read_policy
from matchers.quality.reading import read_plain
from matchers.quality.records import Collection as Known
from matchers.quality.standing import Quality, graded, inherited, limited, undeclared

POLICY = read_policy()
FINDING = {
    "verdict": "undercount",
    "subtype": None,
    "needs_review": False,
    "attributes": ["matched"],
    "failed_preconditions": [],
    "causes": [],
    "reason": "The list counts 300 persons, the record 500.",
}


def of(letter: str) -> Quality:
    """Return the quality of a record of a grade."""
    actions = tuple(sorted(POLICY.actions(letter)))
    return Quality(letter, 0.5, actions, ("declare method.code",), POLICY.version)


@pytest.mark.parametrize("letter", ["A", "B"])
def test_good_quality_carries_an_undercount(letter):
    """A and B change nothing, and neither does a comparison in which nobody graded."""
    assert limited(FINDING, of(letter), counts=True) == FINDING
    assert limited(FINDING, None, counts=True) == FINDING


@pytest.mark.parametrize(
    ("quality", "mark"), [(of("C"), "quality_existence_only"), (undeclared(POLICY), "quality_undeclared")]
)
def test_weak_quality_leaves_an_undercount_to_a_person(quality, mark):
    """C and no passport at all: a person has to look, and the reason says what to declare."""
    found = limited(FINDING, quality, counts=True)
    assert (found["verdict"], found["needs_review"]) == ("needs_review", True)
    assert found["attributes"] == ["matched", "possible_undercount", mark]
    assert found["reason"].startswith(FINDING["reason"])
    assert "declare" in found["reason"]


@pytest.mark.parametrize("verdict", ["hidden_place", "hidden_group", "consistent", "stale_official", "needs_review"])
def test_weak_quality_leaves_every_other_verdict(verdict):
    """Whether a place or a group is listed does not rest on numbers; those that give any are marked all the same."""
    finding = FINDING | {"verdict": verdict}
    assert limited(finding, of("C"), counts=False) == finding
    marked = {"attributes": ["matched", "quality_existence_only"]}
    assert limited(finding, of("C"), counts=True) == finding | marked
    assert limited(finding | {"attributes": []}, of("C"), counts=True) == finding | {"attributes": []}


def test_a_group_stays_hidden_but_its_undercount_is_not_proven():
    """What rests on counts goes, what rests on the list's metadata stays."""
    found = limited(FINDING | {"verdict": "hidden_group", "attributes": ["undercount_proven"]}, of("C"), counts=True)
    assert (found["verdict"], found["attributes"]) == ("hidden_group", ["quality_existence_only"])


@pytest.mark.parametrize("verdict", ["hidden_place", "undercount", "consistent", "needs_review"])
def test_d_says_nothing(verdict):
    """It is kept and compared; the verdict is that the evidence is not enough, with what to declare."""
    found = limited(FINDING | {"verdict": verdict, "causes": ["new"], "needs_review": True}, of("D"), counts=True)
    assert (found["verdict"], found["needs_review"], found["causes"]) == ("insufficient_evidence", False, [])
    assert found["attributes"] == ["matched", "quality_too_low"]
    assert "grade D" in found["reason"]
    assert FINDING["reason"] in found["reason"]


def test_records_inherit_what_they_do_not_say(collection):
    """The collection's method and day fill the gaps of its records; what a record says itself stands."""
    blank = collection.village(0, observed=None)
    blank["counts"][0] |= {"method": None, "date": None}
    own = collection.village(1)
    quality = replace(of("A"), method="full_enumeration", day="2025-10-31", spread_years=0.1)
    before = Places.from_rows([blank, own])
    after = inherited(before, {"r0": quality, "r1": quality}).table.to_pylist()
    assert (after[0]["counts"][0]["method"], after[0]["observed"]) == ("full_enumeration", date(2025, 10, 31))
    assert after[1] == before.table.to_pylist()[1]
    assert inherited(before, {"r0": of("A")}) is before


def test_quality_reads_back_from_a_certificate(collection):
    """Kept as JSON it is the same quality, so that a replay limits as the first time."""
    found = grade(Asked(read_plain(collection.whole, collection.today), None, collection.today), POLICY)
    quality = replace(graded(found, POLICY), day="2025-10-31", sigma_floor=0.25)
    assert Quality.from_plain(orjson.loads(orjson.dumps(quality.plain()))) == quality


def test_a_country_may_let_undeclared_records_say_nothing():
    """Where the policy only stores what nobody declared, no verdict rests on it."""
    own = '[countries.KEN]\nundeclared = ["store"]\n'
    text = resources.files("matchers.quality").joinpath("policy.toml").read_text("utf-8")
    strict = policy_from(text + own, "own.toml").of("KEN")
    assert limited(FINDING, undeclared(strict), counts=True)["verdict"] == "insufficient_evidence"


def test_the_present_year_stands_for_no_day_to_come(collection):
    """Its first of July may not have come yet; then it is today, half a year to either side."""
    passport = read_plain({**collection.whole, "reference": {"start": "2026"}}, collection.today)
    bare = collection.village(0, observed=None)
    bare["counts"][0] |= {"method": None, "date": None}
    quality = Known(passport, None, collection.today, POLICY).qualities(Places.from_rows([bare]))["r0"]
    assert (quality.day, quality.spread_years) == (collection.today.isoformat(), 0.5)
    assert quality.method == "full_enumeration"


def test_a_day_made_of_a_year_stays_uncertain(collection):
    """A file's 2019 is read as its first of July; where the passport says 2019, half a year is added all the same."""
    passport = read_plain({**collection.whole, "reference": {"start": "2019"}}, collection.today)
    rows = [collection.village(0, day=date(2019, 7, 1)), collection.village(1, day=date(2019, 8, 20))]
    qualities = Known(passport, None, collection.today, POLICY).qualities(Places.from_rows(rows))
    assert [qualities[row["id"]].spread_years for row in rows] == [0.5, 0.0]
    assert [qualities[row["id"]].day for row in rows] == [None, None]
