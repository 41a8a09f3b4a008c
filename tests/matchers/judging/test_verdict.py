"""The decision order, and which of several lists' findings is the primary one."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.base import Verdict
from matchers.judging.placing import Situations, place_verdicts
from matchers.judging.verdict import Standing, primary
from matchers.parameters import DEFAULTS

CLEAR = {
    "missing": False,
    "outside": False,
    "p_absent": 0.99,
    "p_best": 0.005,
    "p_second": 0.001,
    "loosely_named": True,
    "doubtful": True,
    "failed": False,
    "founded_after": False,
    "enumerated": True,
}
MATCH = CLEAR | {"p_absent": 0.01, "p_best": 0.98, "loosely_named": False, "doubtful": False}


def decided(situation, **changes):
    """Decide a situation with some things changed."""
    situations = Situations(**{name: np.array([value]) for name, value in (situation | changes).items()})
    (placement,) = place_verdicts(situations, DEFAULTS.absence)
    return placement


def test_a_clear_absence():
    """Nothing like it in a list that would name it: hidden, with the ground said."""
    assert decided(CLEAR).verdict == Verdict.HIDDEN_PLACE
    assert decided(CLEAR).subtype == "not_listed_area_enumerated"
    assert decided(CLEAR, enumerated=False).subtype == "not_listed_area_unenumerated"


def test_a_clear_match_is_left_to_the_counts():
    """An accepted entry has no verdict yet: counts decide between consistent and undercount."""
    assert decided(MATCH).verdict is None


@pytest.mark.parametrize("p_absent", [0.0834, 0.5, 0.95])
def test_between_the_thresholds_a_person_decides(p_absent):
    """The review zone runs from 0.083 to 0.95."""
    assert decided(CLEAR, p_absent=p_absent).verdict == Verdict.NEEDS_REVIEW


def test_nothing_to_look_for_comes_first():
    """Without a name and a location nothing else matters."""
    assert decided(CLEAR, missing=True, outside=True).verdict == Verdict.INSUFFICIENT_EVIDENCE


def test_a_list_that_would_not_hold_it_cannot_tell():
    """Beyond what the list covers, its silence is no finding; but an accepted entry still is."""
    assert decided(CLEAR, outside=True).verdict == Verdict.NOT_ASSESSABLE
    assert decided(MATCH, outside=True).verdict is None


def test_a_likely_namesake_beyond_the_list_is_looked_at():
    """A well-named candidate above absence is for a person even where the list need not hold the place."""
    likely = {"p_absent": 0.3, "p_best": 0.6, "outside": True}
    assert decided(MATCH, **likely).verdict == Verdict.NEEDS_REVIEW
    assert decided(MATCH, **likely, loosely_named=True).verdict == Verdict.NOT_ASSESSABLE


@pytest.mark.parametrize("change", [{"doubtful": True}, {"p_second": 0.3}])
def test_hard_rules_call_for_a_person(change):
    """A conflict, or a second likely entry, is never matched silently."""
    found = decided(MATCH, **change)
    assert (found.verdict, found.subtype) == (Verdict.NEEDS_REVIEW, "possible_match")


def test_failed_preconditions_forbid_absence():
    """What the list or the record cannot support goes to a person."""
    assert decided(CLEAR, failed=True).verdict == Verdict.NEEDS_REVIEW


def test_a_place_younger_than_the_list_makes_the_list_stale():
    """A list cannot name what was founded after it."""
    assert decided(CLEAR, founded_after=True).verdict == Verdict.STALE_OFFICIAL


@given(st.floats(0, 1), st.floats(0, 1))
def test_more_evidence_of_absence_never_turns_hidden_into_matched(lower, higher):
    """The verdict moves one way as the probability of absence rises."""
    order = [None, Verdict.NEEDS_REVIEW, Verdict.HIDDEN_PLACE]
    lower, higher = sorted((lower, higher))
    first, second = (decided(CLEAR, p_absent=p, doubtful=False).verdict for p in (lower, higher))
    assert order.index(first) <= order.index(second)


def standing(verdict, *, matched=False, fineness=0, day=None):
    """Return one list's standing."""
    return Standing(verdict, matched, fineness, day)


def test_listed_somewhere_wins():
    """A place listed by one list is listed, whatever others do not say."""
    found = [standing(Verdict.HIDDEN_PLACE), standing(Verdict.CONSISTENT, matched=True), standing(Verdict.NEEDS_REVIEW)]
    assert primary(found) == 1


def test_among_lists_that_name_it_the_finest_and_latest_counts():
    """A village register is closer than a district list, a later release than an earlier one."""
    district = standing(Verdict.CONSISTENT, matched=True, fineness=2, day=date(2022, 1, 1))
    old = standing(Verdict.UNDERCOUNT, matched=True, fineness=5, day=date(2009, 1, 1))
    new = standing(Verdict.CONSISTENT, matched=True, fineness=5, day=date(2019, 1, 1))
    assert primary([district, old, new]) == 2


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (Verdict.NEEDS_REVIEW, Verdict.HIDDEN_GROUP),
        (Verdict.HIDDEN_GROUP, Verdict.HIDDEN_PLACE),
        (Verdict.HIDDEN_PLACE, Verdict.STALE_OFFICIAL),
        (Verdict.STALE_OFFICIAL, Verdict.NOT_ASSESSABLE),
        (Verdict.NOT_ASSESSABLE, Verdict.INSUFFICIENT_EVIDENCE),
    ],
)
def test_the_order_of_findings(stronger, weaker):
    """Without an accepted entry, the finding that asks most of people comes first, in either order."""
    assert primary([standing(weaker), standing(stronger)]) == 1
    assert primary([standing(stronger), standing(weaker)]) == 0


def test_no_finding_is_no_choice():
    """Choosing among nothing is refused."""
    with pytest.raises(ValueError, match="no finding"):
        primary([])
