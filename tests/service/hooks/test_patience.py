"""Patience: ten attempts in about three days, no two addresses at once, and as long as a receiver asks for."""

from __future__ import annotations

from datetime import timedelta

from service.hooks import patience


def test_each_wait_is_as_laid_down_or_a_fifth_longer():
    """By chance, so that those who failed together do not come together."""
    for attempts, usual in enumerate(patience.WAITS, 1):
        found = {patience.wait(attempts) for _ in range(50)}
        assert len(found) > 1
        assert all(usual <= one <= usual * 1.2 for one in found)
    assert patience.wait(patience.ATTEMPTS) is None


def test_what_a_receiver_asks_for_is_waited_up_to_a_day():
    """Retry-After counts where it is longer; nobody puts us off for a year."""
    assert patience.wait(1, 60) >= timedelta(seconds=60)
    assert patience.wait(5, 1) >= patience.WAITS[4]
    assert patience.wait(1, 1e12) == patience.LONGEST_ASKED
    assert patience.rest(1, 60) == timedelta(seconds=60)


def test_an_address_rests_ten_minutes_at_most():
    """So that what is new goes soon after it is back."""
    assert [patience.rest(failures) for failures in (1, 2, 3, 99)] == [
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=10),
        timedelta(minutes=10),
    ]
