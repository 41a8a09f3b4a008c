"""Goals, targets and indicators are those of the global indicator framework."""

from __future__ import annotations

import pytest

from geodata.tags import goals


def test_the_framework_has_its_169_targets_and_248_indicators():
    """The digits of the table add up to what the Statistical Commission counts."""
    assert len(goals.targets()) == 169
    assert sum(len(goals.indicators(target)) for target in goals.targets()) == 248


@pytest.mark.parametrize(
    ("code", "known", "current"),
    [
        ("11", True, True),
        ("11.1", True, True),
        ("16.b", True, True),
        ("16.b.1", True, True),
        ("17.18.3", True, True),
        ("10.7.4", True, True),
        ("1.1.9", True, False),  # could be an indicator of another year's list
        ("17.6.2", True, False),  # was one until 2020
        ("11.c.1", True, False),
        ("18", False, False),
        ("0.1", False, False),
        ("01.1", False, False),
        ("16.11", False, False),
        ("17.a", False, False),
        ("1.1.0", False, False),
        ("1.1.1.1", False, False),
        ("", False, False),
    ],
)
def test_codes_are_told_from_what_only_looks_like_one(code, known, current):
    """A goal, target or indicator is known; only those of the list of the year are current."""
    assert (goals.is_sdg(code), goals.is_current(code)) == (known, current)


def test_a_code_is_within_its_target_and_goal_and_not_within_its_neighbours():
    """11.1.1 is within 11.1 and 11; 11.10 is not within 11.1."""
    assert all(goals.within("11.1.1", wider) for wider in ("11.1.1", "11.1", "11"))
    assert not any(goals.within("11.1.1", other) for other in ("1", "11.1.2", "11.2", "1.1"))
    assert not goals.within("11.10", "11.1")


def test_a_retired_number_leads_to_the_present_one():
    """What was renumbered is found under its new number, and every new number is on the list."""
    assert goals.current("17.6.2") == "17.6.1"
    assert goals.current("13.1.2") == "13.1.2"  # in use again, for another indicator
    assert all(goals.is_current(new) and not goals.is_current(old) for old, new in goals.RETIRED.items())
    assert all(goals.is_current(code) for code in goals.FORMERLY)


def test_codes_are_put_in_the_order_of_the_agenda():
    """Numbers by value, letters after them."""
    shuffled = ["10.1", "2.1", "16.b.1", "16.9.1", "16.10.1", "16"]
    assert sorted(shuffled, key=goals.order) == ["2.1", "10.1", "16", "16.9.1", "16.10.1", "16.b.1"]
