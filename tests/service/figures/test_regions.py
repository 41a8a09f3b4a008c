"""Regions: where gaps lie, by the level of administrative units that tells most."""

from __future__ import annotations

import pytest

from service.figures.regions import Community, regions, sort_of, units_in


def community(sort="hidden", number=1, **units):
    """Return communities that name these units."""
    return Community(units, sort, number)


def test_gaps_are_counted_by_region_the_worst_first():
    """Regions are ordered by their gaps, however many are consistent; those that name no unit come last."""
    found = regions(
        [
            community(county="Nandi"),
            community(county="Nandi", sort="undercount"),
            community(county="nandi", sort="consistent", number=7),
            community(county="Turkana", sort="consistent", number=90),
            community(sort="in_review"),
        ]
    )
    assert found.level == "county"
    assert [(region.area, dict(region.numbers)) for region in found.items] == [
        ("Nandi", {"hidden": 1, "undercount": 1, "consistent": 7}),
        ("Turkana", {"consistent": 90}),
        (None, {"in_review": 1}),
    ]


@pytest.mark.parametrize(
    ("within", "level"), [(None, "county"), ("Nandi", "ward"), ("county=Nandi", "ward"), ("Kenya", "county")]
)
def test_the_level_tells_regions_apart(within, level):
    """The coarsest level that most communities name, but the one the report is about, and no codes."""
    found = regions([community(pcode=f"KE{at}", county="Nandi", ward=f"W{at % 2}") for at in range(4)], within)
    assert found.level == level


def test_without_units_there_is_one_region_without_a_name():
    """Where nobody names a unit there is no level; of codes alone, the codes."""
    found = regions([community(), community()])
    assert (found.level, [(region.area, region.total) for region in found.items]) == (None, [(None, 2)])
    assert regions([community(pcode="KE1")]).level == "pcode"
    assert regions([]).items == ()


def test_units_are_read_as_rows_keep_them():
    """A record's row keeps its units folded, one a line."""
    assert units_in("\ncounty=nandi\nward=mois bridge\n") == {"county": "Nandi", "ward": "Mois Bridge"}
    assert units_in("") == {}


def test_each_verdict_counts_as_one_sort():
    """A verdict that says neither gap nor agreement counts as none."""
    assert [sort_of(verdict) for verdict in ("hidden_group", "stale_official", "undercount", "consistent")] == [
        "hidden",
        "in_review",
        "undercount",
        "consistent",
    ]
    assert sort_of("not_assessable") is None
