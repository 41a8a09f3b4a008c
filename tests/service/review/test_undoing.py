"""A decision is taken back by another one: both stay, the flag stands as before, and what it taught is forgotten."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from matchers.base import Verdict
from service import verify
from service.auditing.verifying import verify as audit
from service.errors import INVALID, NOT_PERMITTED, STALE_STATE, Problem
from service.ruling import Rulings
from service.store import flags
from service.store.values import FlagStatus


def undo(desk, flag_id, by=0, **parts):
    """Take the latest decision back."""
    latest = desk.flag(flag_id).reviews[-1].id
    told = {"reason_code": "entered_in_error", "supersedes": latest, **parts}
    return desk.decide(flag_id, None, by, **told)


def test_the_flag_stands_as_before_and_the_history_says_by_whom_and_why(desk, flag_id):
    """Both rows stay; the second names the first."""
    desk.decide(flag_id, "rejected", reason_code="not_a_community")
    after = undo(desk, flag_id, by=1, note="Wrong line of the table")
    first, second = after.reviews
    assert (after.status, after.version) == (FlagStatus.OPEN, 3)
    assert (first.decision, first.supersedes) == (FlagStatus.REJECTED, None)
    assert (second.supersedes, second.undo, second.key_id) == (first.id, True, desk.reviewers[1].key_id)
    assert (second.reason_code, second.note) == ("entered_in_error", "Wrong line of the table")
    event = desk.told("flag", flag_id)[-1]
    assert (event.kind, event.data["supersedes"]) == ("flag.reviewed", first.id)
    assert audit(desk.context.store, lambda _done, _of: None).sound


def test_one_after_another_is_taken_back(desk, flag_id):
    """Taking back goes through the decisions that hold, the latest first, and not through itself."""
    desk.decide(flag_id, "in_review")
    desk.decide(flag_id, "confirmed")
    reviews = desk.flag(flag_id).reviews
    with pytest.raises(Problem, match="Only the latest decision that holds") as raised:
        desk.decide(flag_id, None, reason_code="entered_in_error", supersedes=reviews[0].id)
    assert raised.value.extra["errors"][0]["hint"] == f"That is {reviews[1].id}."
    assert undo(desk, flag_id).status is FlagStatus.IN_REVIEW
    after = desk.decide(flag_id, None, reason_code="entered_in_error", supersedes=reviews[0].id)
    assert after.status is FlagStatus.OPEN
    with pytest.raises(Problem) as raised:
        undo(desk, flag_id)
    assert raised.value.kind is INVALID


def test_another_decision_can_take_its_place_at_once(desk, flag_id):
    """What is said instead follows from where the flag stood before, not from what was wrong."""
    desk.decide(flag_id, "withdrawn", reason_code="community_asked")
    wrong = desk.flag(flag_id).reviews[-1]
    after = desk.decide(flag_id, "confirmed", supersedes=wrong.id)
    assert after.status is FlagStatus.CONFIRMED
    assert (after.reviews[-1].supersedes, after.reviews[-1].undo) == (wrong.id, None)
    assert undo(desk, flag_id).status is FlagStatus.OPEN


def test_nothing_is_taken_back_twice(desk, flag_id):
    """Of two who take the same decision back, the second is told."""
    desk.decide(flag_id, "rejected")
    wrong = desk.flag(flag_id).reviews[-1]
    undo(desk, flag_id)
    with pytest.raises(Problem, match="Only the latest"):
        desk.decide(flag_id, None, 1, reason_code="entered_in_error", supersedes=wrong.id)


def test_what_the_flag_became_since_is_not_undone(desk, flag_id):
    """Where the evidence changed and opened the flag again, there is nothing left to take back."""
    desk.decide(flag_id, "rejected")
    wrong = desk.flag(flag_id).reviews[-1]
    desk.sent("Bondeni", "B", east=0.001)
    assert desk.flag(flag_id).status is FlagStatus.OPEN
    with pytest.raises(Problem, match="Since knbs decided rejected, the flag became open") as raised:
        desk.decide(flag_id, None, reason_code="entered_in_error", supersedes=wrong.id)
    assert raised.value.kind is STALE_STATE


def test_what_is_public_goes_back_to_confirmed_and_is_published_by_another_again(desk, flag_id):
    """Taking a publication back lays tombstones as any other way to end it does; four eyes hold after it."""
    desk.decide(flag_id, "confirmed", 0)
    desk.decide(flag_id, "published", 1, reason_code="four_eyes")
    after = undo(desk, flag_id, by=0)
    assert after.status is FlagStatus.CONFIRMED
    with pytest.raises(Problem, match="another publisher") as raised:
        desk.decide(flag_id, "published", 0, reason_code="four_eyes")
    assert raised.value.kind is NOT_PERMITTED
    assert desk.decide(flag_id, "published", 2, reason_code="four_eyes").status is FlagStatus.PUBLISHED


def test_memory_forgets_what_was_taken_back_and_remembers_what_held_before(desk):
    """An entry that the community was said to be is asked about again; one ruled out before stays ruled out."""
    record = desk.sent("Bondeni", "B")
    best = record.findings[0].candidates[0]["official_id"]
    desk.decide(record.flag_id, "in_review", rulings=Rulings(different=(best,)))
    before = desk.flag(record.flag_id)
    desk.decide(record.flag_id, "matched_existing", rulings=Rulings(same=best))
    assert desk.flag(record.flag_id).record.verdict == Verdict.CONSISTENT
    after = undo(desk, record.flag_id)
    assert after.status is FlagStatus.IN_REVIEW
    assert after.record.verdict == before.record.verdict
    named = [candidate["official_id"] for candidate in after.record.findings[0].candidates]
    assert best not in named
    verify.everything(desk.context)
    assert desk.flag(record.flag_id).record.verdict == before.record.verdict


def test_the_database_refuses_to_change_who_superseded_whom(desk, flag_id):
    """What was taken back, how it was looked at, and for whom a text was written, cannot be edited either."""
    desk.decide(flag_id, "rejected", message="No")
    for change in ("supersedes = id", "until = '2030-01-01'", "message = 'Yes'", "undo = NULL", "blind = TRUE"):
        with pytest.raises(Problem, match="reviews are only ever added"), desk.context.store.begin() as session:
            session.execute(text(f"UPDATE reviews SET {change}"))  # noqa: S608 - our own words
    with desk.context.store.read() as session:
        assert flags.get(session, flag_id).reviews[0].message == "No"
