"""Grades: the vectors of the specification, what must not be missing, and what raises a grade."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from geodata.places import Places
from matchers.quality.computed import facts_of
from matchers.quality.criteria import Asked, Audited
from matchers.quality.grade import Grade, grade, index_of, letter_of
from matchers.quality.improvements import improvements
from matchers.quality.policy import read_policy
from matchers.quality.reading import read_plain

POLICY = read_policy()


@pytest.mark.parametrize(
    ("scores", "index", "letter"),
    [
        ((3, 2, 2, 3, 2), 0.80, "A"),
        ((3, 2, 3, 1, 1), 0.60, "B"),
        ((2, 2, 1, 0, 2), 0.45, "C"),
        ((3, 3, 3, 3, 1), 0.833333, "B"),  # a criterion of 1 is no A
        ((3, 3, 3, 3, 0), 0.75, "C"),  # a criterion of 0 is no B
        ((1, 1, 1, 1, 1), 0.333333, "D"),
    ],
)
def test_the_vectors_of_the_specification(scores, index, letter):
    """The index is the weighted mean, to six decimals: .7999999 is an A."""
    assert index_of(scores, POLICY.weights) == pytest.approx(index, abs=1e-6)
    assert letter_of(scores, POLICY) == letter


def asked(collection, *left_out, **parts) -> Asked:
    """Return the whole passport but for what is left out, with good rows."""
    passport = read_plain(collection.without(*left_out), collection.today)
    return replace(Asked(passport, facts_of(collection.places()), collection.today), **parts)


def scores(found: Grade) -> dict[str, int]:
    """Return the five scores."""
    return {one.name: one.score for one in found.criteria}


def test_a_collection_that_declares_all_and_shows_nothing_bad_is_an_a(collection):
    """Every criterion at its best allows everything, and nothing is left to mend but what only time brings."""
    found = grade(asked(collection), POLICY)
    best = {"relevance": 3, "credibility": 3, "timeliness": 3, "documentation": 3, "accuracy": 3}
    assert (found.grade, found.index, scores(found)) == ("A", 1.0, best)
    assert found.actions == ("store", "existence", "undercount")
    assert improvements(found, POLICY) == ()
    assert all(one.reason for one in found.criteria)


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        ("organisation.contact", "contact"),
        ("ethics.consent_basis", "consent_basis"),
        ("method.code", "method_code"),
    ],
)
def test_what_must_not_be_missing_makes_it_d_whatever_else_is_known(collection, left_out, missing):
    """Such a collection is only kept, and is told first what to declare."""
    found = grade(asked(collection, left_out), POLICY)
    assert (found.grade, found.missing, found.actions) == ("D", (missing,), ("store",))
    first = improvements(found, POLICY)[0]
    assert (first.what, first.criterion) == ((f"declare {left_out}",), None)
    assert first.grade in {"A", "B", "C"}  # what it is worth once that is declared


def test_a_date_is_missing_only_where_neither_passport_nor_records_have_one(collection):
    """Records that say when they were counted are dated, whatever the passport leaves out."""
    dated = asked(collection, "reference")
    assert grade(dated, POLICY).missing == ()
    assert grade(replace(dated, facts=None), POLICY).missing == ("date",)


@pytest.mark.parametrize(
    ("day", "score"),
    [
        (date(2025, 3, 2), 3),
        (date(2023, 3, 2), 2),
        (date(2021, 3, 2), 1),
        (date(2021, 2, 1), 0),
    ],
)
def test_timeliness_falls_with_age(collection, day, score):
    """Up to one year 3, up to three 2, up to five 1; older is an existence at most."""
    found = grade(asked(collection, day=day), POLICY)
    assert scores(found)["timeliness"] == score
    assert found.grade == ("A" if score >= 2 else "B" if score else "C")


@pytest.mark.parametrize(
    ("method", "score"),
    [
        ("full_enumeration", 3),
        ("household_listing", 3),
        ("structures", 2),
        ("quadrat", 2),
        ("key_informant", 1),
        ("membership list", 1),
        ("unknown", 0),
        ("widely quoted", 0),
    ],
)
def test_a_records_own_method_decides_its_accuracy(collection, method, score):
    """Methods mixed in one collection are graded record by record."""
    assert scores(grade(asked(collection, method=method), POLICY))["accuracy"] == score


def test_heaped_digits_cost_the_accuracy(collection):
    """Numbers that end in 0 or 5 more often than six times in ten were rounded or guessed."""
    rows = [collection.village(number) for number in range(25)]
    for number, row in enumerate(rows):
        row["counts"][0]["value"] = 100.0 + 5 * number if number < 16 else 101.0
    facts = facts_of(Places.from_rows(rows))
    assert (facts.heaped, facts.sigma_floor) == (0.64, 0.25)
    found = grade(asked(collection, facts=facts), POLICY)
    assert scores(found)["accuracy"] == 1
    assert "64% of its numbers end in 0 or 5" in found.criteria[4].reason


def test_who_hides_the_funder_is_believed_little(collection):
    """Credibility is at most 1, and says why."""
    passport = read_plain({**collection.whole, "funding": {"undisclosed": True}}, collection.today)
    found = grade(replace(asked(collection), passport=passport), POLICY)
    assert (scores(found)["credibility"], found.grade) == (1, "B")
    assert found.criteria[1].reason.startswith("It is not said who paid")


def test_audits_count(collection):
    """Five records that reviewers confirmed stand for a list of its own; as many refused cap the score at 1."""
    from_list = read_plain({**collection.whole, "seed_lists": ["the county's"]}, collection.today)
    plain = replace(asked(collection), passport=from_list)
    before, confirmed, refused = (
        scores(grade(replace(plain, audited=audited), POLICY))["credibility"]
        for audited in (Audited(), Audited(5, 0), Audited(1, 6))
    )
    assert (before, confirmed, refused) == (2, 3, 1)


def test_improvements_come_with_what_they_bring(collection):
    """What lifts the grade comes first; each says the grade it reaches."""
    found = grade(asked(collection, "scope.universe", day=date(2021, 2, 1)), POLICY)
    assert found.grade == "C"
    first, *others = improvements(found, POLICY)
    assert (first.criterion, first.grade, first.gain) == ("timeliness", "B", 0.05)
    assert "relevance" in {one.criterion for one in others}


def test_a_grade_reads_back_from_what_was_kept(collection):
    """Re-grading never loses what was said before."""
    found = grade(asked(collection, "method.code"), POLICY)
    assert Grade.from_plain(found.plain()) == found
