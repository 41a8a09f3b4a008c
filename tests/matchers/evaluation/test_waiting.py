"""The median wait counts what is still open, as the Kaplan-Meier curve does."""

from __future__ import annotations

import random

import pytest
from scipy.stats import CensoredData, ecdf

from matchers.evaluation.waiting import median_wait


def test_without_anything_open_it_is_the_time_of_the_middle_answer():
    """Half of five answers have come with the third."""
    assert median_wait([5, 1, 9, 2, 7], [True] * 5) == 5


def test_what_is_open_makes_it_longer():
    """To leave the open ones out would praise who answers only what is easy."""
    days, answered = [1, 2, 3, 40, 50, 60], [True, True, True, False, False, False]
    assert median_wait(days[:3], answered[:3]) == 2
    assert median_wait(days, answered) == 3


def test_it_is_not_told_while_more_than_half_is_open():
    """A curve that never comes down to a half has no median."""
    assert median_wait([1, 20, 30], [True, False, False]) is None
    assert median_wait([], []) is None


def test_an_open_matter_counts_as_long_as_it_waited():
    """Whoever was asked yesterday is not late yet: after it was last seen, a matter counts no more."""
    assert median_wait([1, 1, 1, 10, 10], [False, False, False, True, True]) == 10


def test_waits_that_cannot_be_are_refused():
    """A wait below 0, or one without its answer, is a mistake of the caller."""
    for days, answered in (([-1.0], [True]), ([1.0, 2.0], [True])):
        with pytest.raises(ValueError, match="every wait"):
            median_wait(days, answered)


def test_it_is_the_median_of_scipys_curve():
    """An independent estimate of the same curve falls to a half on the same day."""
    dice = random.Random(3)  # noqa: S311 - nothing is kept secret by it
    for _ in range(50):
        days = [dice.randint(0, 40) for _ in range(dice.randint(2, 60))]
        answered = [dice.random() < 0.7 for _ in days]
        done = [day for day, yes in zip(days, answered, strict=True) if yes]
        still = [day for day, yes in zip(days, answered, strict=True) if not yes]
        if not done:
            continue
        curve = ecdf(CensoredData(uncensored=done, right=still)).sf
        below = curve.quantiles[curve.probabilities <= 0.5 + 1e-12]
        assert median_wait(days, answered) == (below[0] if len(below) else None)
