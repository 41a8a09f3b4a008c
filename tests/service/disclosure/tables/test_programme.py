"""Bounds by linear programming where sums cross."""

from __future__ import annotations

import math

from service.disclosure.consultations.small_counts import Rounding, Table
from service.disclosure.tables import Sum
from service.disclosure.tables.programme import crossing, possible_width

SQUARE = [Sum(4, (0, 1)), Sum(5, (2, 3)), Sum(6, (0, 2)), Sum(7, (1, 3))]


def test_sums_cross_where_two_ways_lead_from_one_to_another():
    """Districts of provinces of a country do not; rows and columns do, two sums over the same two cells too."""
    assert not crossing([Sum(0, (1, 2)), Sum(1, (3, 4)), Sum(2, (5, 6))])
    assert not crossing([])
    assert crossing(SQUARE)
    assert crossing([Sum(0, (1, 2)), Sum(3, (1, 2))])


def test_a_cell_has_the_width_that_rows_and_columns_leave_it():
    """Of two rows and two columns that hold ten each, every cell may be from none to ten; without sums anything."""
    low, high = [0.0] * 4 + [10.0] * 4, [math.inf] * 4 + [10.0] * 4
    assert possible_width(SQUARE, (low, high), 0) == 10
    assert possible_width(SQUARE, (low, [*high[:1], 3.0, *high[2:]]), 0) == 3
    assert possible_width([], (low, high), 0) == math.inf


def test_ranges_that_contradict_one_another_leave_nothing_open():
    """No answer of the solver counts as everything known."""
    low, high = [0.0] * 4 + [10.0, 10.0, 10.0, 20.0], [math.inf] * 4 + [10.0, 10.0, 10.0, 20.0]
    assert possible_width(SQUARE, (low, high), 0) == 0


def test_a_cell_that_only_all_sums_together_give_away_is_hidden_by_another():
    """Carrying intervals along a circle of sums stops too early; the programme does not."""
    # Rows a+b=54, c+d=56 and columns a+c=44, b+d=66 are known. Beside them a+d=40 tells that a is 14.
    sums = [*SQUARE, Sum(8, (0, 3))]
    known = frozenset({4, 5, 6, 7})
    table = Table([14, 40, 30, 26, 54, 56, 44, 66, 40], sums, frozenset({0}), known, rounding=Rounding(step=1))
    low, high = table.bounds({8})
    assert high[0] - low[0] > 10
    assert possible_width(sums, (low, high), 0) == 0
    assert 8 not in table.published()
