"""Lists of undercounts are held to their share of false ones."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matchers.counting.discovery import publishable

PROBABILITIES = st.lists(st.sampled_from([0.0, 0.5, 0.8, 0.9, 0.94, 0.95, 0.97, 0.99, 1.0]), max_size=30)


def test_weak_tests_are_carried_by_strong_ones():
    """What counts is the share of the list that is false, not each test by itself."""
    assert publishable([0.99, 0.90, 0.80]).tolist() == [True, False, False]
    assert publishable([0.999, 0.999, 0.90, 0.80]).tolist() == [True, True, True, False]


def test_equals_are_taken_together_or_not_at_all():
    """One of two equal tests is never preferred because of where it stands."""
    assert publishable([1.0, 0.91, 0.91]).tolist() == [True, False, False]
    assert publishable([1.0, 1.0, 0.93, 0.93]).tolist() == [True, True, True, True]


def test_nothing_in_nothing_out():
    """No tests, only hopeless ones or only unknown ones are no list."""
    assert publishable([]).tolist() == []
    assert publishable([0.5, 0.94]).tolist() == [False, False]
    assert publishable([np.nan, 0.99]).tolist() == [False, True]


def test_each_list_is_held_by_itself():
    """The strong tests of one list do not carry the weak ones of another."""
    p, lists = [1.0, 1.0, 1.0, 0.85, 0.85], ["a", "a", "a", "a", "b"]
    assert publishable(p).tolist() == [True, True, True, False, False]
    assert publishable(p, lists=lists).tolist() == [True, True, True, True, False]


@given(PROBABILITIES, st.randoms())
def test_the_set_is_the_largest_and_does_not_depend_on_order(p, random):
    """The set keeps the rate, no next group of equals would fit in, and shuffling changes nothing."""
    taken = publishable(p)
    chosen = np.array(p)[taken]
    left = sorted(np.array(p)[~taken])
    assert chosen.size == 0 or (1 - chosen).mean() <= 0.05 + 1e-9
    if left:
        more = np.append(chosen, [left[-1]] * left.count(left[-1]))
        assert (1 - more).mean() > 0.05
    order = list(range(len(p)))
    random.shuffle(order)
    assert publishable([p[at] for at in order]).tolist() == [bool(taken[at]) for at in order]


@pytest.mark.parametrize("values", [([1.2],), ([-0.1],), ([0.5], 0.0), ([0.5], 1.0), ([0.5], 0.05, ["a", "b"])])
def test_what_is_no_probability_is_refused(values):
    """Neither probabilities nor rates lie outside of 0 to 1, and every test is of one list."""
    with pytest.raises(ValueError, match=r"between 0 and 1|one list"):
        publishable(*values)
