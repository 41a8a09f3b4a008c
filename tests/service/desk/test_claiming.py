"""Claiming: one person on one flag, told to the others, freed by time; and 32 reviewers at once."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from service import review
from service.desk import claiming
from service.desk.queue import Asked, page, wanted_by
from service.errors import CLAIMED, INVALID, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Problem
from service.review import Decision
from service.running import clock
from service.store import events, flag_claims
from service.store.filters import FlagFilter
from service.store.queue import Assigned
from service.store.values import FlagStatus

REVIEWERS = 32
CONFIRM = Decision(FlagStatus.CONFIRMED, "field_visit")


def next_of(desk, caller, asked=None):
    """Return the flag that the next claim gives, None where nothing is left."""
    wanted = wanted_by(asked or Asked(FlagFilter(), Assigned.NOBODY), caller, clock.now())
    taken = claiming.claim_next(desk.context, wanted, caller)
    return None if taken is None else taken[0].id


def expire(desk, flag_id):
    """Let a claim run out."""
    with desk.context.store.begin() as session:
        past = flag_claims.CLAIMS.update().values(until=clock.now() - timedelta(seconds=1))
        session.execute(past.where(flag_claims.CLAIMS.c.flag_id == flag_id))


def test_a_claim_is_told_to_others_and_keeps_them_from_deciding(desk):
    """The refusal says who is at work on it and until when; whoever claimed it decides, which lets it go."""
    (flag,), one, other = desk.many(1), desk.reviewer(), desk.reviewer("second-office")
    claim = claiming.claim(desk.context, flag, one)
    for attempt in (
        lambda: claiming.claim(desk.context, flag, other),
        lambda: review.decide(desk.context, flag, CONFIRM, other),
    ):
        with pytest.raises(Problem, match="statistics-office has been at work on this flag since") as raised:
            attempt()
        assert raised.value.kind is CLAIMED
        assert f"{claim.until:%H:%M:%S} UTC" in raised.value.detail
    (item,) = page(desk.context, Asked(FlagFilter()), other).items
    assert (item["claim"]["organisation"], item["claim"]["label"], item["claim"]["mine"]) == (
        "statistics-office",
        None,
        False,
    )
    review.decide(desk.context, flag, CONFIRM, one)
    assert claiming.claim(desk.context, flag, other).organisation == "second-office"


def test_colleagues_are_told_by_which_key(desk):
    """In one organisation the name of the organisation would say nothing."""
    (flag,), one, other = desk.many(1), desk.reviewer(), desk.reviewer()
    claiming.claim(desk.context, flag, one)
    with pytest.raises(Problem, match=r"A colleague \(test\) has been at work"):
        claiming.claim(desk.context, flag, other)


def test_a_claim_is_made_longer_let_go_and_runs_out_by_itself(desk):
    """It keeps its beginning when it is made longer; one that ran out is anybody's."""
    (flag,), one, other = desk.many(1), desk.reviewer(), desk.reviewer("second-office")
    first = claiming.claim(desk.context, flag, one, 1)
    longer = claiming.claim(desk.context, flag, one, 60)
    assert (longer.since, longer.until > first.until) == (first.since, True)
    claiming.release(desk.context, flag, one)
    with pytest.raises(Problem) as raised:
        claiming.release(desk.context, flag, one)
    assert raised.value.kind is NOT_FOUND
    claiming.claim(desk.context, flag, one)
    expire(desk, flag)
    assert claiming.claim(desk.context, flag, other).organisation == "second-office"
    with desk.context.store.read() as session:
        told = [event.kind for event in events.about(session, "flag", flag)]
    assert told == ["flag.raised", "flag.claimed", "flag.claimed", "flag.released", "flag.claimed", "flag.claimed"]


def test_whoever_holds_no_claim_decides_where_nobody_does(desk):
    """A claim is a courtesy among reviewers, not a condition."""
    (flag,) = desk.many(1)
    assert review.decide(desk.context, flag, CONFIRM, desk.reviewer()).status is FlagStatus.CONFIRMED


def test_what_is_settled_or_hidden_cannot_be_claimed(desk):
    """Nothing is left to decide about the one; the other does not exist for this reviewer."""
    (flag,), reviewer = desk.many(1), desk.reviewer()
    review.decide(desk.context, flag, Decision(FlagStatus.REJECTED, "field_visit"), reviewer)
    with pytest.raises(Problem) as raised:
        claiming.claim(desk.context, flag, reviewer)
    assert raised.value.kind is INVALID
    (closed,) = desk.send([desk.account("Siri", lat=9.0, sensitivity="closed")])
    with pytest.raises(Problem) as raised:
        claiming.claim(desk.context, closed.flag_id, reviewer)
    assert raised.value.kind is NOT_FOUND
    assert next_of(desk, reviewer) is None
    with pytest.raises(Problem) as raised:
        claiming.claim(desk.context, flag, desk.scene.caller(desk.context.store))
    assert raised.value.kind is NOT_PERMITTED


def test_the_next_one_is_the_most_urgent_that_nobody_holds(desk):
    """One after the other, down the queue, until nothing is left."""
    flags, reviewer = desk.many(3), desk.reviewer()
    order = [item["flag_id"] for item in page(desk.context, Asked(FlagFilter()), reviewer).items]
    assert [next_of(desk, reviewer) for _ in range(4)] == [*order, None]
    assert sorted(order) == sorted(flags)
    mine = page(desk.context, Asked(FlagFilter(), Assigned.ME), reviewer).items
    assert len(mine) == 3
    assert page(desk.context, Asked(FlagFilter(), Assigned.ME), desk.reviewer()).items == []


def test_no_two_of_32_reviewers_are_given_the_same(desk):
    """32 ask at once until nothing is left: every flag is given to one of them, and none is lost."""
    flags = desk.many(48)
    callers = [desk.reviewer(f"office-{number}") for number in range(REVIEWERS)]

    def work(caller):
        taken = []
        while (flag := next_of(desk, caller)) is not None:
            taken.append(flag)
        return taken

    with ThreadPoolExecutor(REVIEWERS) as pool:
        given = [flag for taken in pool.map(work, callers) for flag in taken]
    assert sorted(given) == sorted(flags)


def test_of_32_decisions_on_one_flag_one_holds_and_the_others_are_told_who_and_when(desk):
    """All looked at the same version; one is kept, the refusals name the one who was quicker and the moment."""
    (flag,) = desk.many(1)
    callers = [desk.reviewer(f"office-{number}") for number in range(REVIEWERS)]
    decisions = [FlagStatus.CONFIRMED, FlagStatus.REJECTED, FlagStatus.UNVERIFIABLE]

    def decide(number):
        decision = Decision(decisions[number % 3], "field_visit", expected_version=1)
        try:
            review.decide(desk.context, flag, decision, callers[number])
        except Problem as problem:
            return problem
        return callers[number].organisation

    with ThreadPoolExecutor(REVIEWERS) as pool:
        outcomes = list(pool.map(decide, range(REVIEWERS)))
    winners = [one for one in outcomes if isinstance(one, str)]
    refused = [one for one in outcomes if isinstance(one, Problem)]
    assert len(winners) == 1
    assert Counter(one.kind for one in refused) == {STALE_STATE: REVIEWERS - 1}
    assert all(f"{winners[0]} brought the flag to version 2" in one.detail and " UTC" in one.detail for one in refused)
    with desk.context.store.read() as session:
        kinds = [event.kind for event in events.about(session, "flag", flag)]
    assert kinds.count("flag.reviewed") == 1
