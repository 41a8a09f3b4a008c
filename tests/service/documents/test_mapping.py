"""The map: what is drawn is what the redactor left, told by shape, and not more marks than a browser can take."""

from __future__ import annotations

import re

import shapely

from service.documents import Gathered, Outline
from service.documents.mapping import drawn_map


def drawn(flags, *outlines):
    """Return the picture of flags."""
    found = Gathered()
    found.take(flags)
    return drawn_map(found, outlines)


def test_verdicts_are_told_by_shape(flag):
    """Somebody who sees no colours, or a print in black and white, tells them apart."""
    shapes = set()
    for at, verdict in enumerate(("hidden_place", "undercount", "hidden_group", "needs_review")):
        svg = drawn([flag(at, verdict=verdict)]).svg
        symbol = next(re.finditer(r"<(circle|rect|polygon)[^>]*stroke-width=\"0.9\"/>", svg))[0]
        shapes.add((symbol.split()[0], symbol.count(",")))
    assert len(shapes) == 4


def test_flags_that_would_cover_one_another_are_a_number(flag):
    """A thousand flags of one city are some symbols, whose numbers add up."""
    near = {"uncertainty_m": 0.0, "lat": -1.3, "lon": 36.8}
    spread = [{**near, "lat": -1.3 + 0.0001 * at, "lon": 36.8} for at in range(1_000)]
    picture = drawn([flag(at, community={"location": place}) for at, place in enumerate(spread)])
    numbers = re.findall(r'text-anchor="middle">([\d,]+)</text>', picture.svg)
    assert sum(int(number.replace(",", "")) for number in numbers) == 1_000
    assert len(numbers) < 60
    assert "A map of 1,000 flags" in picture.told


def test_a_blurred_place_is_drawn_as_one(flag):
    """The circle that holds it is drawn where it is wide enough to be seen, and explained beside the map."""
    near, wide = {"lat": -1.0, "lon": 36.0, "uncertainty_m": 5.0}, {"lat": -0.9, "lon": 36.2, "uncertainty_m": 9_000.0}
    exact = drawn([flag(1, community={"location": near})])
    blurred = drawn([flag(1, community={"location": near}), flag(2, community={"location": wide})])
    assert "95 % probability" not in exact.svg
    assert "95 % probability" in blurred.svg


def test_borders_are_cut_to_what_is_shown(flag):
    """A country larger than the map takes no more of the file than its part on the map."""
    coast = shapely.Point(36.5, -0.8).buffer(20, quad_segs=5_000)
    outline = Outline("Boundaries", "2024", "ab" * 32, "country", (coast,))
    assert len(drawn([flag(1), flag(2)], outline).svg) < 10_000


def test_without_places_there_is_no_map(flag):
    """A report of which no place may be shown draws nothing."""
    assert drawn([flag(1, community={"location": None})]) is None
