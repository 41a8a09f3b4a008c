"""Parts of a village that the list names whole share its entry."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare


@pytest.fixture
def compared():
    """Return the findings of two quarters named after the village whose boundary holds them, of so many people each."""
    area = shapely.to_wkb(shapely.box(36.77, -1.32, 36.79, -1.30))
    whole = {
        "id": "G",
        "names": ["Gatwekera"],
        "lat": -1.31,
        "lon": 36.78,
        "area": area,
        "kind": "village",
        "counts": [{"value": 1000, "unit": "persons"}],
    }
    others = [
        {"id": f"o{at}", "names": [name], "lat": -1.31 + at / 20, "lon": 36.9, "kind": "village"}
        for at, name in enumerate(("Lindi", "Silanga", "Makina", "Mashimoni", "Soweto", "Kianda"))
    ]
    official = OfficialList(
        "l", "List", "0" * 64, "2019", None, CoverageManifest(), PlaceIndex.build(Places.from_rows([whole, *others]))
    )

    def of(persons):
        rows = [
            {
                "id": name,
                "names": [name],
                "lat": -1.31 + shift,
                "lon": 36.78,
                "r95_m": 50.0,
                "counts": [{"value": persons, "unit": "persons"}],
            }
            for name, shift in (("Gatwekera A", 0.006), ("Gatwekera B", -0.006))
        ]
        return compare(Places.from_rows(rows), official, today=date(2026, 1, 1)).findings.to_pylist()

    return of


def test_parts_that_one_boundary_holds_are_both_listed_under_it(compared):
    """Neither takes the entry from the other, and both say that they are a part."""
    found = compared(400)
    assert [one["official_id"] for one in found] == ["G", "G"]
    assert all(one["p_absent"] == one["p_absent_alone"] and one["competitor"] is None for one in found)
    assert all({"matched", "part_of"} <= set(one["attributes"]) for one in found)


def test_parts_that_count_far_more_people_than_the_whole_compete(compared):
    """Four times the people of the entry cannot be parts of it: one of the two is another village."""
    assert all(one["p_absent"] > one["p_absent_alone"] for one in compared(2000))
