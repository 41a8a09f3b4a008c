"""Small counts: what a reader with a computer can work out of published tables, and that it is never one number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.disclosure.consultations.protected import PLAIN, Asked, protected_margin, told_answer, told_areas
from service.disclosure.consultations.small_counts import Rounding, Table
from service.disclosure.consultations.tally import COUNTRY, Area, Count
from service.disclosure.tables import Sum

LEAST = 10


def counted(numbers):
    """Return one organisation's counts."""
    return {key: Count({"civil": number}) for key, number in numbers.items()}


def summed(leaves):
    """Return the counts of every area from those of the smallest ones."""
    found = {}
    for area, number in leaves.items():
        for one in {COUNTRY, Area(area.province), area}:
            found[one] = found.get(one, 0) + number
    return found


class Reader:
    """Somebody who knows every area and every sum, and reads what is published: one linear programme per question."""

    def __init__(self, leaves):
        """Know the smallest areas: of each, how many named a thing (first half) and how many did not."""
        self.leaves = list(leaves)
        self.rows, self.limits = [], []

    def row(self, area, *, everybody):
        """Return the sum that a count of an area is."""
        inside = np.array([area in {COUNTRY, one, Area(one.province)} for one in self.leaves], float)
        return np.concatenate([inside, inside if everybody else np.zeros_like(inside)])

    def reads(self, row, bounds):
        """Take in that a sum lies between two numbers."""
        low, high = bounds
        self.rows += [row, -row]
        self.limits += [high, -low]

    def width(self, row):
        """Return how far apart the lowest and the highest value are that a sum may have."""
        ends = []
        for sign in (1, -1):
            found = linprog(sign * row, A_ub=np.array(self.rows), b_ub=self.limits, bounds=(0, None))
            assert found.status in {0, 3}, found.message
            if found.status == 3:
                return float("inf")
            ends.append(sign * found.fun)
        return ends[1] - ends[0]


LEAVES = st.dictionaries(
    st.builds(Area, st.sampled_from("abcd"), st.sampled_from("xyz")),
    st.tuples(st.integers(0, 40), st.integers(0, 40)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, derandomize=True)
@given(LEAVES)
def test_no_withheld_number_of_an_area_can_be_worked_out(leaves):
    """Provinces against the country, municipalities against provinces: no linear programme finds a hidden number.

    Areas, groups in them and the exact total of the country are read together. The bounds of hidden respondents stay as
    wide as the threshold, those of hidden groups at least half as wide, unless the total alone says more.
    """
    named = summed({area: first for area, (first, _) in leaves.items()})
    people = summed({area: sum(pair) for area, pair in leaves.items()})
    if people[COUNTRY] < LEAST:
        return
    areas = told_areas(counted(people))
    answer = told_answer(counted(named), Asked(counted(people), areas), [one for one in areas.shown if one != COUNTRY])
    reader = Reader(leaves)
    reader.reads(reader.row(COUNTRY, everybody=True), (people[COUNTRY],) * 2)
    before = {area: reader.width(reader.row(area, everybody=True)) for area in people}
    for area in areas.shown:
        exact = (people[area],) * 2
        reader.reads(reader.row(area, everybody=True), exact if area == COUNTRY else PLAIN.bounds(people[area]))
    for area in set(people) - set(areas.shown):
        assert reader.width(reader.row(area, everybody=True)) >= min(LEAST, before[area]) - 1e-6, area
    for area in answer:
        reader.reads(reader.row(area, everybody=False), PLAIN.bounds(named[area]))
    for area in set(people) - set(answer) if answer else ():
        width = reader.width(reader.row(area, everybody=False))
        assert width >= min(LEAST / 2, before[area]) - 1e-6, area


@settings(max_examples=200, derandomize=True)
@given(st.dictionaries(st.sampled_from("uvwxyz"), st.integers(1, 60), min_size=1), st.integers(0, 30))
def test_no_withheld_age_can_be_worked_out_of_the_others(numbers, unsaid):
    """With the total and those who did not say known, a withheld band keeps bounds as wide as the threshold."""
    whole = sum(numbers.values()) + unsaid
    told = {margin.term: margin.people for margin in protected_margin(counted(numbers), whole)}
    assert all(numbers[term] >= LEAST for term in told)
    hidden = [term for term in numbers if term not in told]
    if hidden:
        low = whole - unsaid - sum(PLAIN.bounds(numbers[term])[1] for term in told)
        high = whole - unsaid - sum(PLAIN.bounds(numbers[term])[0] for term in told)
        width = high - max(0, low) if len(hidden) == 1 else high
        assert width >= LEAST or not told


def test_two_small_cells_of_a_table_are_hidden_only_by_others():
    """With rows and columns known, two cells withheld alone are worked out at once; with others withheld none is."""
    values = [[4, 20, 30], [12, 25, 15], [40, 8, 22]]
    flat = [number for row in values for number in row]
    rows = [sum(row) for row in values]
    columns = [sum(column) for column in zip(*values, strict=True)]
    sums = [Sum(9 + at, tuple(range(3 * at, 3 * at + 3))) for at in range(3)]
    sums += [Sum(12 + at, (at, at + 3, at + 6)) for at in range(3)]
    known = frozenset(range(9, 15))
    table = Table([*flat, *rows, *columns], sums, frozenset({0, 7}), known, rounding=Rounding(least=10, step=1))
    low, high = table.bounds(set(range(15)) - {0, 7})
    assert (low[0], high[0], low[7], high[7]) == (4, 4, 8, 8)
    shown = table.published()
    assert len(shown) < 15 - 2
    low, high = table.bounds(shown)
    assert all(high[at] - low[at] >= 10 for at in set(range(9)) - shown)


@pytest.mark.parametrize(("number", "told"), [(10, 10), (12, 10), (13, 15), (17, 15), (18, 20)])
def test_a_count_is_rounded_to_the_nearest_five_and_bounded_so(number, told):
    """What a reader knows of a rounded count holds the count itself."""
    low, high = PLAIN.bounds(number)
    assert (PLAIN.told(number), low, high) == (told, told - 2, told + 2)
    assert low <= number <= high


def test_restricted_groups_are_told_in_steps_of_fifty():
    """A step tells no more than that there are as many."""
    rounding = Rounding(least=50, step=50, down=True)
    assert [rounding.told(number) for number in (50, 99, 100, 149)] == [50, 50, 100, 100]
    assert rounding.bounds(99) == (50, 99)


def test_an_organisation_cannot_take_off_its_own_and_be_left_with_few():
    """A number is safe only where what is left of it for each who asked is none or enough."""
    assert Count({"a": 12}).safe()
    assert not Count({"a": 12, "b": 3}).safe()
    assert Count({"a": 12, "b": 10}).safe()
    assert not Count({"a": 9}).safe()
