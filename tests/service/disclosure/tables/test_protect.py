"""Tables that leave: an attacker with a linear programme of its own finds no small number in them."""

from __future__ import annotations

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.disclosure.tables import Attacker, Dimension, Sum, Table, cube, intervals, protect
from service.disclosure.tables.table import Unsolvable

K = 10


def crossed(rows, *, fixed=True):
    """Return a table of rows and columns with its totals, which everybody knows or which are ours."""
    cells = np.array(rows)
    height, width = cells.shape
    inner = cells.size
    values = np.array([*cells.ravel(), *cells.sum(axis=1), *cells.sum(axis=0), cells.sum()])
    sums = [Sum(inner + at, tuple(range(at * width, (at + 1) * width))) for at in range(height)]
    sums += [Sum(inner + height + at, tuple(range(at, inner, width))) for at in range(width)]
    sums += [Sum(len(values) - 1, tuple(range(inner, inner + height)))]
    sums += [Sum(len(values) - 1, tuple(range(inner + height, inner + height + width)))]
    known = frozenset(range(inner, len(values))) if fixed else frozenset()
    return Table(values, np.full(len(values), K), sums, fixed=known)


def bounds(table, told, place):
    """Return between which numbers a cell lies for a reader of the told ones, by a programme of the test's own."""
    known = np.flatnonzero(told | table.closed)
    rows = np.zeros((len(table.sums) + len(known), len(table.values)))
    for at, one in enumerate(table.sums):
        rows[at, list(one.parts)], rows[at, one.whole] = 1, -1
    rows[np.arange(len(known)) + len(table.sums), known] = 1
    right = np.concatenate([np.zeros(len(table.sums)), table.values[known]])
    ends = []
    for sign in (1, -1):
        goal = np.zeros(len(table.values))
        goal[place] = sign
        found = linprog(goal, A_eq=rows, b_eq=right, bounds=(0, None))
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends


def test_the_vector_of_the_methods_is_disclosed_by_two_holes_and_safe_with_four():
    """Two small cells withheld alone are worked out exactly; with two others the bounds are those of methods 6.3."""
    table = crossed([[4, 20, 30], [12, 25, 15], [40, 8, 22]])
    told = np.ones(16, bool)
    told[[0, 7]] = False
    low, high = intervals(Attacker.outside(table, told), np.array([0, 7]))
    assert (low.tolist(), high.tolist()) == ([4, 8], [4, 8])
    told[[1, 6]] = False
    low, high = intervals(Attacker.outside(table, told), np.array([0, 7, 1, 6]))
    assert (low.tolist(), high.tolist()) == ([0, 4, 0, 20], [24, 28, 24, 44])
    found = protect(table)
    assert np.flatnonzero(found.primary).tolist() == [0, 7]
    assert np.flatnonzero(found.secondary).tolist() == [1, 6]
    assert found.failed is None


TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 40), min_size=width, max_size=width), min_size=2, max_size=4)
)


@settings(max_examples=60, derandomize=True)
@given(TABLES, st.booleans())
def test_no_sensitive_cell_is_bounded_more_tightly_than_by_the_threshold(rows, fixed):
    """Whoever knows every told cell exactly leaves K between the bounds, unless what everybody knows says more."""
    table = crossed(rows, fixed=fixed)
    found = protect(table)
    assert found.failed is None
    assert not (found.told & found.primary & ~table.closed).any()
    nothing = np.zeros(len(table.values), bool)
    for place in np.flatnonzero(found.primary):
        low, high = bounds(table, found.told, place)
        least, most = bounds(table, nothing, place)
        assert high - low >= min(K, most - least) - 1e-5
        assert high >= min(K, most) - 1e-5


@settings(max_examples=25, derandomize=True)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=3))
def test_the_pattern_withholds_as_little_as_any_that_holds(rows):
    """Of all sets of further cells, tried one after another, none that holds has a smaller total."""
    table = crossed(rows)
    found = protect(table)
    free = [at for at in range(len(table.values)) if not table.closed[at] and not found.primary[at]]
    sets = sorted(chain.from_iterable(combinations(free, size) for size in range(len(free) + 1)), key=weight(table))
    nothing = np.zeros(len(table.values), bool)
    asked = {int(at): bounds(table, nothing, at) for at in np.flatnonzero(found.primary)}
    best = next(one for one in sets if holds(table, found, one, asked))
    assert weight(table)(np.flatnonzero(found.secondary)) <= weight(table)(best) + 1e-9


def weight(table):
    """Return the function that says what a set of cells costs: its people, and one for each cell."""
    return lambda cells: sum(int(table.values[at]) + 1 for at in cells)


def holds(table, found, further, asked):
    """Return whether these further cells protect every sensitive one."""
    told = ~found.primary
    told[list(further)] = False
    for place, (least, most) in asked.items():
        low, high = bounds(table, told, place)
        if high - low < min(K, most - least) - 1e-5 or high < min(K, most) - 1e-5:
            return False
    return True


def test_a_hierarchy_in_two_dimensions_is_protected_at_every_level():
    """A district of three people is not found from its province, its country, nor from the other verdicts."""
    places = Dimension({"d1": "p1", "d2": "p1", "d3": "p2", "d4": "p2", "p1": "KEN", "p2": "KEN", "d5": "UGA"})
    counted = {
        (district, verdict): {"civil": number}
        for district, numbers in {"d1": (3, 40), "d2": (25, 30), "d3": (60, 12), "d4": (30, 44), "d5": (21, 0)}.items()
        for verdict, number in zip(("hidden", "undercount"), numbers, strict=True)
    }
    made = cube(counted, (places, Dimension()))
    table = Table(made.values, np.full(len(made.values), K), made.sums)
    found = protect(table)
    place = made.at(("d1", "hidden"))
    assert made.values[made.at(("", ""))] == 265
    assert made.values[made.at(("p1", "hidden"))] == 28
    assert found.primary[place]
    low, high = bounds(table, found.told, place)
    assert high - low >= K
    assert found.told.sum() > len(made.cells) / 2


def test_an_organisation_that_takes_off_its_own_is_left_with_a_crowd_or_nobody():
    """Twelve, of whom nine are its own, are withheld from all; and its own cell hides no other from it."""
    values = np.array([12, 30, 42])
    table = Table(values, np.full(3, K), [Sum(2, (0, 1))], held={"civil": np.array([9, 0, 9])})
    assert protect(table).primary.tolist() == [True, False, False]
    cells = [[4, 20, 30], [12, 25, 15], [40, 8, 22]]
    alone = crossed(cells)
    own = np.zeros(len(alone.values), np.int64)
    own[1] = 20  # the cell that hides the small one from anybody else is wholly its own
    table = Table(alone.values, alone.least, alone.sums, fixed=alone.fixed, held={"civil": own})
    found = protect(table)
    low, high = intervals(Attacker.inside(table, found.told, "civil"), np.array([0]))
    assert high[0] - low[0] >= K
    assert found.failed is None


def test_zeros_about_groups_are_as_sensitive_as_small_numbers():
    """“None of them live here” is not told where it could be held against somebody."""
    values = np.array([0, 30, 40, 70])
    table = Table(values, np.full(4, K), [Sum(3, (0, 1, 2))], fixed=frozenset({3}), zeros=frozenset({0}))
    found = protect(table)
    assert found.primary.tolist() == [True, False, False, False]
    low, high = bounds(table, found.told, 0)
    assert (low, high >= K) == (0, True)
    assert protect(Table(values, np.full(4, K), [Sum(3, (0, 1, 2))])).primary.sum() == 0


@pytest.mark.parametrize(("official", "citizens", "told"), [(200, 197, False), (200, 150, True), (200, 200, True)])
def test_the_gap_beside_an_official_count_is_a_small_number_too(official, citizens, told):
    """An official 200 that everybody knows, less our 197, would be three people."""
    values = np.array([official, citizens, official - citizens])
    table = Table(values, np.full(3, K), [Sum(0, (1, 2))], fixed=frozenset({0}), unlisted=frozenset({2}))
    assert bool(protect(table).told[1]) is told


def test_a_cell_that_moved_by_few_is_withheld_and_cannot_be_worked_out_again():
    """Whatever makes a large cell sensitive, the sums around it do not give it back."""
    table = crossed([[40, 20, 30], [12, 25, 15], [40, 18, 22]])
    moved = Table(table.values, table.least, table.sums, fixed=table.fixed, sensitive=frozenset({4}))
    found = protect(moved)
    low, high = bounds(moved, found.told, 4)
    assert high - low >= K


def test_without_an_answer_of_the_solver_nothing_is_told(monkeypatch):
    """A table that nobody could check is withheld but for what everybody knows."""

    def silent(*_):
        message = "time limit"
        raise Unsolvable(message)

    monkeypatch.setattr(Attacker, "lean", silent)
    table = crossed([[4, 20, 30], [12, 25, 15], [40, 8, 22]])
    found = protect(table)
    assert not found.told[:9].any()
    assert "time limit" in found.failed


def test_a_table_that_does_not_add_up_is_refused():
    """What is worked out of wrong sums proves nothing."""
    with pytest.raises(ValueError, match="add up"):
        Table(np.array([1, 2, 4]), np.full(3, K), [Sum(2, (0, 1))])
    with pytest.raises(ValueError, match="negative"):
        Table(np.array([-1]), np.full(1, K))
    with pytest.raises(ValueError, match="one length"):
        Table(np.array([1]), np.full(2, K))
