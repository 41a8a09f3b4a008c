"""The plot of people: two estimates beside one another, never one sum, and none where there is no number."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from service.plots import people

NONE = {"estimate": None, "low": None, "high": None}


def told(one, other):
    """Return the description of the picture."""
    svg = people.plot({"people": one, "undercounts": {"people": other}})
    return [child.text for child in ET.fromstring(svg)][1]  # noqa: S314 - our own


def test_both_estimates_are_told_with_their_ranges():
    """Each has its number, its range and how sure it is."""
    said = told({"estimate": 1_200, "low": 950, "high": 1_500}, {"estimate": 420, "low": 300, "high": 560})
    assert "1,200 people in communities not found on a list, 95 % range 950 to 1,500" in said
    assert "420 people left out of official counts of listed ones, 90 % range 300 to 560" in said
    assert "1,620" not in said


def test_without_a_number_nothing_is_drawn():
    """An estimate that is withheld is no zero."""
    assert people.plot({"people": NONE, "undercounts": {"people": NONE}}) is None
    assert "90 %" not in told({"estimate": 12, "low": 10, "high": 15}, NONE)
