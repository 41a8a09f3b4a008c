"""Shortfall: which undercounts may be published together, and how many people they leave out."""

from __future__ import annotations

import pytest

from service.figures.shortfall import Short, missing, shortfall


def short(name, p_under=0.99, **parts):
    """Return an undercount of a hundred people."""
    given = {"entry": ("census", name), "unit": "persons", "shortfall": 100.0, "low": 60.0, "high": 140.0}
    return Short(**{"flag_id": name, "p_under": p_under} | given | parts)


def test_the_largest_list_with_few_false_ones_is_marked():
    """Nine sure ones carry two that are less so, and no more; the expected number of false ones is stated."""
    sure = [short(f"s{number}", 0.99) for number in range(9)]
    found = shortfall([short("weak", 0.81), short("weaker", 0.60), *sure])
    assert [one.flag_id for one in found.listed[-2:]] == ["weak", "weaker"]
    assert found.publishable == {"weak", *(one.flag_id for one in sure)}
    assert found.expected_false == pytest.approx(9 * 0.01 + 0.19)
    assert found.expected_false / len(found.publishable) <= found.rate
    assert found.missing.communities == 10


def test_one_doubtful_undercount_is_listed_and_not_publishable():
    """A list of one at 0.90 would be false one time in ten."""
    found = shortfall([short("a", 0.90)])
    assert (len(found.listed), found.publishable, found.expected_false) == (1, frozenset(), 0)
    assert (found.missing.estimate, found.missing.communities) == (None, 0)


def test_nothing_found_is_nobody_known():
    """Without undercounts there is an empty list and no number of people, not zero."""
    found = shortfall([])
    assert (found.listed, found.publishable, found.missing.estimate) == ((), frozenset(), None)


def test_one_official_count_is_short_once():
    """Two communities held against one official count leave out the larger shortfall, not the sum."""
    found = missing([short("a"), short("b", entry=("census", "a"), shortfall=70.0), short("c")])
    assert (found.estimate, found.low, found.high, found.communities, found.overlapping) == (200, 120, 280, 2, 1)


def test_households_are_not_added_to_people():
    """What is counted in households is left out, and said so."""
    found = missing([short("a"), short("b", unit="households", shortfall=30.0)])
    assert (found.estimate, found.other_units) == (100, 1)
