"""Chao's lower bounds."""

from __future__ import annotations

import pytest

from matchers.coverage.chao import lower_bound, lower_bound_of_lists
from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.two_lists import chapman


def test_undocumented_migrants_in_the_netherlands() -> None:
    """E5: f = 1645, 183, 37, 13, 1, 1."""
    bound = lower_bound(1645, 183, 1880)
    assert (bound.total.value, bound.total.se) == pytest.approx((9273.51, 662.59), abs=0.01)
    assert bound.bias_corrected == pytest.approx(9228.86, abs=0.01)
    assert (bound.total.low, bound.total.high) == pytest.approx((8084.7, 10690.1), abs=0.05)


@pytest.mark.parametrize("given", [(5, 0, 5), (5, 3, 7), (-1, 3, 7)])
def test_numbers_that_cannot_be_are_refused(given: tuple[int, int, int]) -> None:
    """Nobody seen twice, and more seen once and twice than at all."""
    with pytest.raises(Impossible, match="tell no lower bound"):
        lower_bound(*given)


def test_the_bound_of_two_lists_is_chapman() -> None:
    """Corrected for bias, the bound of two lists is Chapman's estimate, whatever their sizes."""
    bound = lower_bound_of_lists(Histories.two(("A", "B"), (200, 150), 120))
    assert bound is not None
    assert bound.bias_corrected == pytest.approx(chapman(200, 150, 120).value)


def test_the_bound_of_kosovo_lies_below_every_good_model(kosovo: Histories) -> None:
    """The sum of products of those on one list alone, over those on two: 8,590.8."""
    bound = lower_bound_of_lists(kosovo)
    assert bound is not None
    assert bound.total.value == pytest.approx(4400 + (3218**2 - 2962918) / 2 / 882, abs=1e-6)
    assert bound.total.high < 9824


def test_without_pairs_there_is_no_bound() -> None:
    """Nothing on exactly two lists tells nothing."""
    assert lower_bound_of_lists(Histories.of("ABC", {(1, 0, 0): 4, (0, 1, 0): 5, (0, 0, 1): 6, (1, 1, 1): 2})) is None
