"""A matter that is put off comes back on its day, by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from service.errors import Problem
from service.review.putting_off import bring_back
from service.store.values import FlagStatus

AHEAD = datetime.now(UTC).date() + timedelta(days=30)


def come(desk, flag_id):
    """Let the day of a flag be today."""
    with desk.context.store.begin() as session:
        told = {"day": datetime.now(UTC).date(), "flag": flag_id}
        session.execute(text("UPDATE flags SET deferred_until = :day WHERE id = :flag"), told)


def test_it_waits_until_its_day_and_is_open_then(desk, flag_id):
    """Before the day nothing moves; on it the flag is open, nobody's decision, and its version is another."""
    after = desk.decide(flag_id, "deferred", reason_code="awaiting_release", until=AHEAD)
    assert (after.status, after.deferred_until, after.reviews[-1].until) == (FlagStatus.DEFERRED, AHEAD, AHEAD)
    assert bring_back(desk.context) == 0
    come(desk, flag_id)
    assert bring_back(desk.context) == 1
    back = desk.flag(flag_id)
    assert (back.status, back.version, back.deferred_until) == (FlagStatus.OPEN, after.version + 1, None)
    assert desk.told("flag", flag_id)[-1].kind == "flag.brought_back"
    assert bring_back(desk.context) == 0


def test_whoever_decides_on_the_deferred_one_is_told_that_its_day_came(desk, flag_id):
    """A version that moved by itself says why."""
    after = desk.decide(flag_id, "deferred", until=AHEAD)
    come(desk, flag_id)
    bring_back(desk.context)
    with pytest.raises(Problem, match="the day to which it was put off brought the flag to version 3"):
        desk.decide(flag_id, "rejected", expected_version=after.version)


def test_a_matter_taken_up_before_its_day_stays_taken_up(desk, flag_id):
    """Only what is still put off comes back."""
    desk.decide(flag_id, "deferred", until=AHEAD)
    after = desk.decide(flag_id, "in_review")
    assert after.deferred_until is None
    assert bring_back(desk.context) == 0
    assert desk.flag(flag_id).status is FlagStatus.IN_REVIEW


def test_taking_back_what_was_decided_since_puts_it_off_again(desk, flag_id):
    """The day is part of what is restored."""
    desk.decide(flag_id, "deferred", until=AHEAD)
    wrong = desk.decide(flag_id, "rejected").reviews[-1]
    after = desk.decide(flag_id, None, reason_code="entered_in_error", supersedes=wrong.id)
    assert (after.status, after.deferred_until) == (FlagStatus.DEFERRED, AHEAD)
