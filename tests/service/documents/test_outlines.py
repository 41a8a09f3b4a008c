"""Outlines: borders of units come from the lists in force, of the finest level that can still be told apart."""

from __future__ import annotations

import shapely

from service.documents import outlines


def test_borders_are_those_of_units(sqlite_context, scene):
    """A settlement's own outline is none, nor is another country's; the finest level of a list is taken."""
    boxes = {"Nairobi": ("region", 36.0, 1.0), "Kibra": ("district", 36.1, 0.2), "Langata": ("district", 36.3, 0.2)}
    areas = {
        name: (kind, shapely.to_wkb(shapely.box(west, -1.5, west + side, -1.5 + side)))
        for name, (kind, west, side) in boxes.items()
    }
    areas["Lindi"] = ("village", shapely.to_wkb(shapely.box(36, -1, 36.1, -0.9)))
    places = [(name, -1.3, 36.1) for name in areas]
    sha256 = scene.publish(sqlite_context, scene.official(places, source="ke-units", areas=areas))
    (found,) = outlines(sqlite_context, ["KEN", "UGA"])
    assert (found.title, found.vintage, found.snapshot) == ("List ke-units", "2019", sha256)
    assert (found.level, len(found.borders)) == ("district", 2)


def test_lists_of_points_have_none(sqlite_context, scene):
    """Where no list comes with borders, none are made up."""
    scene.publish(sqlite_context, scene.official(scene.villages))
    assert outlines(sqlite_context, ["KEN"]) == ()
