"""Rounding by a secret: the same cell, the same number; sums true on average; nothing learnt by asking again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.disclosure.tables import Rounder

OURS = Rounder(b"a secret of thirty-two characters")


@given(st.text(max_size=20), st.integers(0, 10_000))
def test_a_count_is_told_as_one_of_the_two_multiples_beside_it(cell, value):
    """It lies within what a reader knows of it, and asking again gives the same."""
    told = OURS.told(cell, value)
    low, high = OURS.bounds(told)
    assert told % 5 == 0
    assert low <= value <= high
    assert told == Rounder(OURS.secret).told(cell, value)


@given(st.text(max_size=20), st.integers(0, 1_000))
def test_more_people_are_never_told_as_fewer(cell, value):
    """A cell that grows does not shrink on paper."""
    assert OURS.told(cell, value) <= OURS.told(cell, value + 1)


def test_sums_stay_true_on_average_and_another_secret_rounds_otherwise():
    """Of two thousand cells with twelve people each, the mean told is twelve to a tenth or so."""
    ours = [OURS.told(f"cell {number}", 12) for number in range(2_000)]
    theirs = [Rounder(b"another").told(f"cell {number}", 12) for number in range(2_000)]
    assert abs(sum(ours) / len(ours) - 12) < 0.25
    assert ours != theirs
