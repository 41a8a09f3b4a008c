"""Expected loss: what makes a flag more urgent, and that the order of two never changes by waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.base import Verdict
from service.urgency.loss import Stakes, expected_loss, p_wrong, urgency
from service.urgency.policy import InvalidQueuePolicy, in_force, install, policy_from, read_policy, shipped

NOW = datetime(2026, 3, 1, tzinfo=UTC)
FLAG = Stakes("needs_review", 0.5, 200.0, "open", NOW)
TEXT = """
[costs]
false_absence = 1
missed = 2
waiting = 0.5
[doubt]
hidden_group = 0.2
undercount = 0.2
stale_official = 0.1
unknown = 0.5
least = 0.01
[people]
unknown = 10
[time]
doubling_days = 10
[status]
appealed = 8
regressed = 2
"""


def loss(stakes: Stakes, at: datetime = NOW) -> float:
    """Return the loss by the shipped policy."""
    return expected_loss(urgency(stakes, shipped()), at, shipped())


def test_the_loss_of_a_plain_case_is_what_the_formula_says():
    """At P = 0.5 of 99 people: half the cost of the better answer and the cost of waiting, times 1 + log10(100)."""
    stakes = replace(FLAG, people=99.0)
    assert loss(stakes) == pytest.approx((0.5 * 1.0 + 0.5 * 0.25) * 3)


@pytest.mark.parametrize(
    "more",
    [
        replace(FLAG, people=5_000.0),
        replace(FLAG, status="appealed"),
        replace(FLAG, status="regressed"),
        replace(FLAG, since=NOW - timedelta(days=30)),
    ],
)
def test_more_people_an_appeal_a_regression_and_waiting_each_make_it_more_urgent(more):
    """Each alone puts a flag before an equal one."""
    assert loss(more) > loss(FLAG)


def test_the_less_sure_a_verdict_the_more_urgent_it_is():
    """Of two places said to be absent, the one that the list may well name comes first."""
    sure, unsure = (replace(FLAG, verdict="hidden_place", p_absent=p) for p in (0.99, 0.6))
    assert loss(unsure) > loss(sure)


def test_a_loss_doubles_in_the_days_that_the_policy_says():
    """After so long it counts twice as much."""
    later = NOW + timedelta(days=shipped().doubling_days)
    assert loss(FLAG, later) == pytest.approx(2 * loss(FLAG))


stakes = st.builds(
    Stakes,
    verdict=st.sampled_from([verdict.value for verdict in Verdict]),
    p_absent=st.none() | st.floats(0, 1),
    people=st.none() | st.floats(0, 1e7),
    status=st.sampled_from(["open", "in_review", "regressed", "appealed"]),
    since=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC)),  # noqa: DTZ001
)


@given(one=stakes, other=stakes, days=st.integers(0, 5_000))
def test_no_two_flags_change_places_by_waiting(one, other, days):
    """Whatever is known of two flags, the order that is kept is the order of their losses on any day."""
    at = datetime(2040, 1, 1, tzinfo=UTC) + timedelta(days=days)
    losses, kept = [loss(each, at) for each in (one, other)], [urgency(each, shipped()) for each in (one, other)]
    assert all(each > 0 for each in losses)
    assert (kept[0] < kept[1]) == (losses[0] < losses[1]) or kept[0] == pytest.approx(kept[1])


@given(one=stakes)
def test_no_verdict_is_surely_right(one):
    """The probability of being wrong lies between the least doubt and one."""
    assert shipped().least_doubt <= p_wrong(one.verdict, one.p_absent, shipped()) <= 1


def test_a_policy_of_an_operator_takes_the_place_of_the_shipped_one(tmp_path):
    """Its numbers hold, and flags that another one ranked are told apart by its digest."""
    path = tmp_path / "queue.toml"
    path.write_text(TEXT)
    install(path)
    try:
        assert in_force().status["appealed"] == 8
        assert in_force().digest != shipped().digest
    finally:
        install()
    assert in_force() is shipped()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TEXT.replace("missed = 2", "missed = 0"), r"\[costs\] missed has to be a number above 0"),
        (TEXT.replace("missed = 2", ""), r"\[costs\] missed has to be"),
        (TEXT.replace("least = 0.01", "least = 1.5"), r"\[doubt\] least is a probability and cannot be 1.5"),
        (TEXT.replace("[people]\nunknown = 10", ""), r"\[people\] is missing"),
        (TEXT + "age = 3\n", r"\[status\] age is not known; it takes appealed, regressed"),
        ("[weights]\n", "weights is not known here"),
        ("[costs", "is not TOML"),
    ],
)
def test_a_policy_that_cannot_be_right_says_where(text, told):
    """The message names the file, the table and the number."""
    with pytest.raises(InvalidQueuePolicy, match=told):
        policy_from(text, "queue.toml")


def test_a_policy_that_is_not_there_names_the_path(tmp_path):
    """The path is in the message."""
    with pytest.raises(InvalidQueuePolicy, match=r"none\.toml cannot be read"):
        read_policy(tmp_path / "none.toml")
