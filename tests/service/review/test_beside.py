"""Two matters about one place: once the first is settled, the second is compared anew, and its version moves."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.auditing.verifying import verify as audit
from service.callers.caller import Role
from service.errors import INVALID, STALE_STATE, Problem
from service.review.beside import beside
from service.ruling import Rulings
from service.store.values import FlagStatus


@pytest.fixture
def two(desk):
    """Give the flags of two communities that lie within the error of one another, sent by two organisations."""
    other = desk.scene.caller(desk.context.store, "muungano", Role.CONTRIBUTOR)
    first = desk.sent("Bondeni", "B")
    second = desk.sent("Kware", "K", at="Bondeni", east=0.0008, by=other)
    assert first.flag_id != second.flag_id
    return first.flag_id, second.flag_id


def test_they_are_linked_and_matters_elsewhere_are_not(desk, two):
    """Within the error of both they stand beside one another; a kilometre on, another matter does not."""
    far = desk.sent("Nowhere", "N", at="Gatwekera", east=0.02)
    assert far.flag_id not in {None, *two}
    assert beside(desk.context, two[0]).flag_ids == (two[1],)
    assert beside(desk.context, two[1]).flag_ids == (two[0],)
    assert beside(desk.context, far.flag_id).flag_ids == ()


def test_whoever_was_about_to_decide_the_second_is_told_of_the_first(desk, two):
    """The stale decision is refused, saying who decided what about the same place."""
    version = desk.flag(two[1]).version
    desk.decide(two[0], "confirmed")
    with pytest.raises(Problem, match="knbs, deciding about another flag on the same place") as raised:
        desk.decide(two[1], "confirmed", 1, expected_version=version)
    assert raised.value.kind is STALE_STATE
    event = next(one for one in desk.told("flag", two[1]) if one.kind == "flag.beside_decided")
    assert event.data["flag"] == two[0]
    assert desk.decide(two[1], "confirmed", 1, expected_version=desk.flag(two[1]).version).status == "confirmed"


def test_taking_a_matter_up_moves_no_other(desk, two):
    """To look at one is no reason to look again at the next."""
    desk.decide(two[0], "in_review")
    assert desk.flag(two[1]).version == 1


def test_what_is_settled_is_left_alone(desk, two):
    """People's decision about the second stands."""
    desk.decide(two[1], "rejected")
    version = desk.flag(two[1]).version
    desk.decide(two[0], "confirmed")
    assert desk.flag(two[1]).version == version


def test_a_matter_that_names_the_entry_which_the_first_turned_out_to_be_is_compared_anew(desk, two):
    """What the first taught is used for the second at once: its findings are newer than the decision."""
    record = desk.flag(two[0]).record
    best = record.findings[0].candidates[0]["official_id"]
    after = desk.decide(two[0], "matched_existing", rulings=Rulings(same=best))
    second = desk.flag(two[1])
    assert after.status is FlagStatus.MATCHED_EXISTING
    assert second.version > 1
    with pytest.raises(Problem, match=r"another flag on the same place|a new verification"):
        desk.decide(two[1], "rejected", 1, expected_version=1)


def test_what_others_may_not_be_told_of_is_linked_to_nothing(desk, two):
    """A version that moves would tell that a closed matter is there."""
    closed = desk.sent("Shelter", "S", at="Bondeni", east=0.0004, sensitivity="closed")
    assert closed.flag_id not in {None, *two}
    assert beside(desk.context, closed.flag_id).flag_ids == ()
    assert closed.flag_id not in beside(desk.context, two[0]).flag_ids


def test_reviewers_who_settle_neighbours_at_once_wait_for_one_another_in_no_ring(desk, two):
    """Each locks both matters in one order: every decision is kept or refused in words, and the audit holds."""
    walk = ("confirmed", "rejected", "unverifiable", "needs_field_check")

    def settle(number):
        try:
            desk.decide(two[number % 2], walk[number % 4], number % 4)
        except Problem as problem:
            return problem.kind
        return None

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(settle, range(16)))
    assert set(told) <= {None, INVALID, STALE_STATE}
    kept = sum(len(desk.flag(one).reviews) for one in two)
    assert kept == told.count(None) > 1
    assert audit(desk.context.store, lambda _done, _of: None).sound
