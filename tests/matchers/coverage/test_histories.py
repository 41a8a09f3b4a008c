"""Capture histories: what they hold, and numbers that no lists can have."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.coverage.histories import Histories, Impossible


def test_histories_of_communities_are_counted() -> None:
    """Sizes, overlaps and how often each was seen; a community on no list does not count."""
    on = np.array([[1, 0, 0], [1, 1, 0], [1, 1, 1], [0, 0, 0], [0, 1, 0]], np.bool_)
    histories = Histories.seen("ABC", on)
    assert histories.distinct == 4
    assert histories.sizes.tolist() == [3, 3, 1]
    assert histories.overlaps == {(0, 1): 2, (0, 2): 1, (1, 2): 1}
    assert histories.times.tolist() == [2, 1, 1]


def test_two_lists_by_their_sizes_are_the_same_as_by_their_cells() -> None:
    """Ten, fifteen and five on both."""
    cells = {(1, 0): 5, (0, 1): 10, (1, 1): 5}
    one, other = Histories.two(("A", "B"), (10, 15), 5), Histories.of("AB", cells)
    assert one.counts.tolist() == other.counts.tolist()


@pytest.mark.parametrize(
    ("lists", "cells", "said"),
    [
        ("A", {(1,): 3}, "cannot show what is on no list"),
        ("ABCDEF", {}, "6 lists are more than the 5"),
        ("AA", {(1, 1): 3}, "the list A is there twice"),
        ("AB", {(1, 1): -3}, "negative count"),
        ("AB", {(0, 0): 3}, "on none of the lists"),
        ("AB", {(2, 1): 3}, "21 is no history"),
        ("AB", {(1, 1, 1): 3}, "111 is no history"),
    ],
)
def test_what_cannot_be_is_refused(lists: str, cells: dict[tuple[int, ...], int], said: str) -> None:
    """The message says what cannot be, the hint what to do."""
    with pytest.raises(Impossible, match=said) as refused:
        Histories.of(lists, cells)
    assert refused.value.hint


def test_more_on_both_than_on_the_smaller_list_is_refused() -> None:
    """Nine of ten and eight cannot be."""
    with pytest.raises(Impossible, match="more than the 8 of the smaller one"):
        Histories.two(("A", "B"), (10, 8), 9)
