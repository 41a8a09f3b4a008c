"""The plot of gaps by region: what it says in words is what it shows, and small numbers stay withheld."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from service.plots import gaps


def region(area, *numbers, withheld=None):
    """Return a region with its communities hidden, undercounted, in review and consistent."""
    sorts = dict(zip(("hidden", "undercount", "in_review", "consistent"), numbers, strict=True))
    return {"area": area, **sorts, "withheld": withheld}


def report(*items, level="county"):
    """Return what of a report is drawn."""
    return {
        "regions": {"level": level, "items": list(items)},
        "snapshots": [{"title": "Census", "vintage": "2019"}],
        "generated_at": datetime(2026, 3, 1, tzinfo=UTC),
    }


def words(svg):
    """Return title and description of a picture."""
    return [child.text for child in ET.fromstring(svg)][:2]  # noqa: S314 - our own


def test_the_picture_says_its_numbers_in_words():
    """Title, numbers of each region and the source stand in the file as text."""
    svg = gaps.plot(report(region("Nairobi", 12, 4, 0, 31), region(None, 1, 0, 0, 0)))
    title, told = words(svg)
    assert title == "Communities by county"
    assert told == "Nairobi: 12 not on the list, 4 counted too low, 31 consistent; without a unit: 1 not on the list"
    assert "Held against Census, vintage 2019, on 2026-03-01" in svg.decode()
    assert ">12 / 4 / 0 / 31<" in svg.decode()


def test_a_withheld_number_is_drawn_as_one():
    """It is named under ten, hatched, explained in the legend, and never a length that could be measured."""
    small = gaps.plot(report(region("Nandi", None, 0, 0, 20, withheld="under 10")))
    assert "under 10 not on the list" in words(small)[1]
    assert "&lt;10 / 0 / 0 / 20" in small.decode()
    assert "under 10, withheld" in small.decode()
    assert "withheld" not in gaps.plot(report(region("Nandi", 3, 0, 0, 20))).decode()


def test_many_regions_are_drawn_as_twenty():
    """The first nineteen stand by themselves, the others together; where one of theirs is withheld, so is the sum."""
    many = [region(f"R{at}", 40 - at, 0, 0, 1) for at in range(30)]
    told = words(gaps.plot(report(*many)))[1]
    assert told.count(";") == 19
    assert f"11 others: {sum(40 - at for at in range(19, 30))} not on the list, 11 consistent" in told
    many[25] = region("R25", None, 0, 0, 1, withheld="under 10")
    assert "11 others: under 10 not on the list" in words(gaps.plot(report(*many)))[1]


@pytest.mark.parametrize("items", [(), (region(None, 0, 0, 0, 0),)])
def test_a_report_of_nothing_is_drawn_too(items):
    """No communities are no mistake."""
    assert gaps.plot(report(*items, level=None)).startswith(b"<?xml")


def test_the_same_report_is_the_same_picture():
    """Nothing of the moment is in the file."""
    one = report(region("Nairobi", 1, 2, 3, 4))
    assert gaps.plot(one) == gaps.plot(one)
    assert gaps.plot(one, "png").startswith(b"\x89PNG")
