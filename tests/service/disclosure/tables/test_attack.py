"""The quick reader with a computer finds what the plain one does, who asks the solver for each cell by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from service.disclosure.tables import Attacker, Sum, Table, intervals, protect
from service.disclosure.tables.asking import Asked, exposed, possible
from service.disclosure.tables.attack import carried

K = 10
ORGANISATIONS = tuple("abcdef")


@st.composite
def tables(draw):
    """Return a table of rows and columns with its totals, some known to everybody, parts sent by six organisations."""
    height, width = draw(st.integers(2, 4)), draw(st.integers(2, 4))
    parts = draw(st.lists(st.integers(0, 9), min_size=6 * height * width, max_size=6 * height * width))
    held = dict(zip(ORGANISATIONS, np.array(parts).reshape(6, height, width), strict=True))
    inner = height * width
    known = draw(st.sets(st.integers(inner, inner + height + width)))
    sums = [Sum(inner + at, tuple(range(at * width, (at + 1) * width))) for at in range(height)]
    sums += [Sum(inner + height + at, tuple(range(at, inner, width))) for at in range(width)]
    sums += [Sum(inner + height + width, tuple(range(inner, inner + height)))]
    sums += [Sum(inner + height + width, tuple(range(inner + height, inner + height + width)))]
    whole = _with_totals(sum(held.values()))
    told = {name: _with_totals(own) for name, own in held.items()}
    return Table(whole, np.full(len(whole), K), sums, fixed=frozenset(known), held=told)


def _with_totals(cells):
    return np.array([*cells.ravel(), *cells.sum(axis=1), *cells.sum(axis=0), cells.sum()])


def plain(attacker, place):
    """Return between which numbers one cell lies, by a programme of the test's own."""
    table, known = attacker.table, np.flatnonzero(attacker.known)
    rows = np.vstack([table.matrix.toarray(), np.eye(len(table.values))[known]])
    right = np.concatenate([np.zeros(len(table.sums)), table.values[known]])
    bounds = [(own, None) for own in np.where(attacker.known, table.values, attacker.own)]
    ends = []
    for sign in (1, -1):
        found = linprog(sign * np.eye(len(table.values))[place], A_eq=rows, b_eq=right, bounds=bounds)
        ends.append(sign * found.fun if found.status == 0 else np.inf)
    return ends


@settings(max_examples=40, derandomize=True, deadline=None)
@given(tables(), st.sets(st.integers(0, 24)), st.sampled_from([None, *ORGANISATIONS]))
def test_what_is_exposed_is_what_the_plain_way_exposes(table, told, reader):
    """Whatever is told to whomever: all cells at once, what was found for other readers, and bounds carried along."""
    size = len(table.values)
    withheld = ~table.mask(frozenset(place for place in told if place < size))
    asked = Asked(np.full(size, float(K)), np.zeros(size))
    for who in (None, "a", reader):  # what these two leave behind must not mislead the third
        attacker = _attacker(table, ~withheld, who)
        quick = exposed(attacker, asked)
    for place in range(size):
        low, high = plain(attacker, place)
        assert quick[place] == (high - low < K - 1e-6), (place, low, high)
        least, most = (ends[place] for ends in attacker.ends)
        assert least <= low + 1e-6
        assert most >= min(high, table.values[place] + K) - 1e-6


def _attacker(table, told, reader):
    return Attacker.outside(table, told) if reader is None else Attacker.inside(table, told, reader)


@settings(max_examples=25, derandomize=True, deadline=None)
@given(tables())
def test_no_organisation_at_all_bounds_a_sensitive_cell_too_tightly(table):
    """Each of six takes off its own: K stays between the bounds of every cell, or what it knew before."""
    found = protect(table)
    assert found.failed is None
    for name in ORGANISATIONS:
        for place in np.flatnonzero(found.primary):
            low, high = plain(Attacker.inside(table, found.told, name), place)
            least, most = plain(Attacker.inside(table, np.zeros(len(table.values), bool), name), place)
            assert high - low >= min(K, most - least) - 1e-5


def test_an_organisation_that_sent_less_than_three_others_is_held_against_the_table_too():
    """It sent the twenty that hide a small cell from anybody else: more is withheld for its sake."""
    cells = np.array([[4, 20, 30], [12, 25, 15], [40, 8, 22]])

    def alone(row, column):
        own = np.zeros_like(cells)
        own[row, column] = cells[row, column]
        return _with_totals(own)

    sums = [Sum(9 + at, tuple(range(at * 3, at * 3 + 3))) for at in range(3)]
    sums += [Sum(12 + at, tuple(range(at, 9, 3))) for at in range(3)]
    held = {"first": alone(0, 2), "second": alone(1, 1), "third": alone(2, 2), "least": alone(0, 1)}
    table = Table(_with_totals(cells), np.full(16, K), sums, fixed=frozenset(range(9, 16)), held=held)
    found = protect(table)
    low, high = intervals(Attacker.inside(table, found.told, "least"), np.array([0, 7]))
    assert (high - low >= K).all()
    assert found.failed is None


def test_bounds_are_carried_through_sums_and_never_past_the_truth():
    """Of a known twelve with a known eight the rest is four; of what nobody knows nothing is carried."""
    table = Table(np.array([8, 4, 12]), np.full(3, K), [Sum(2, (0, 1))])
    low, high = carried(table, np.array([8.0, 0.0, 12.0]), np.array([8.0, 99.0, 12.0]))
    assert (low.tolist(), high.tolist()) == ([8, 4, 12], [8, 4, 12])
    low, high = carried(table, np.zeros(3), np.full(3, 99.0))
    assert (low.tolist(), high.tolist()) == ([0, 0, 0], [99, 99, 99])


def test_what_was_found_for_one_reader_is_not_taken_for_possible_by_one_who_knows_better():
    """A change of a cell that the other knows is none to it."""
    table = Table(np.array([20, 30, 50]), np.full(3, K), [Sum(2, (0, 1))])
    anybody = Attacker.outside(table, np.array([False, False, True]))
    low, high = possible(anybody, Asked(np.full(3, 10.0), np.zeros(3)))
    assert (high - low).tolist() == [20, 20, 0]
    other = Attacker.outside(table, np.array([True, False, True]))
    low, high = other.remembered()
    assert (low.tolist(), high.tolist()) == ([20, 30, 50], [20, 30, 50])
