"""What the records of a collection show by themselves."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import orjson
import pytest

from geodata.places import Places
from matchers.quality.computed import facts_from, facts_of


def test_whole_records_lack_nothing(collection):
    """Good rows show no gap and no defect."""
    facts = facts_of(collection.places())
    assert (facts.records, facts.duplicates, facts.coarse, facts.identical, facts.sigma_floor) == (25, 0, 0, 0, None)
    assert {share for _, share in facts.gaps} == {0.0}
    assert (facts.rounds, facts.newest) == (1, date(2025, 10, 20))


@pytest.mark.parametrize(
    ("parts", "gap"),
    [
        ({"names": ["Kijiji"]}, "language of the name"),
        ({"lat": None, "lon": None}, "location"),
        ({"r95_m": None}, "uncertainty of the location"),
        ({"admin": None}, "administrative unit"),
        ({"kind": None}, "kind of place"),
        ({"counts": None}, "count"),
        ({"counts": []}, "method of the count"),
    ],
)
def test_each_gap_is_seen(collection, parts, gap):
    """The share of records that lack a part that every record should have."""
    assert facts_of(collection.places(**parts)).lacking(gap) == 1.0


def test_repetitions_and_shared_points_are_seen(collection):
    """One name in one place twice is a repetition; another name on the same point shares it."""
    rows = [collection.village(0), collection.village(0), collection.village(1, lat=-1.25731), collection.village(2)]
    facts = facts_of(Places.from_rows(rows))
    assert (facts.duplicates, facts.identical) == (0.25, 0.5)


def test_places_without_points_repeat_only_within_one_unit(collection):
    """Two villages of one name in two counties are two villages."""
    apart = [collection.village(0, lat=None, lon=None, admin=[("county", name)]) for name in ("Nairobi", "Kiambu")]
    assert facts_of(Places.from_rows(apart)).duplicates == 0.0
    assert facts_of(Places.from_rows([apart[0], apart[0]])).duplicates == 0.5


def test_coordinates_of_few_decimals_are_coarse(collection):
    """Two decimals of a degree are a kilometre, whatever the record says of its uncertainty."""
    assert facts_of(collection.places(lat=-1.25, lon=36.8)).coarse == 1.0
    assert facts_of(collection.places(r95_m=5_000.0)).coarse == 1.0


def test_few_numbers_show_no_heaping(collection):
    """Of nineteen counts nothing can be said, of twenty it can; numbers under ten have no last digit of their own."""
    rows = [collection.village(number) for number in range(20)]
    for row in rows:
        row["counts"][0]["value"] = 150.0
    assert facts_of(Places.from_rows(rows[:19])).heaped is None
    assert facts_of(Places.from_rows(rows)).heaped == 1.0
    for row in rows:
        row["counts"][0]["value"] = 5.0
    assert facts_of(Places.from_rows(rows)).heaped is None


def test_facts_read_back_from_what_was_kept(collection):
    """Kept as JSON they are the same facts."""
    facts = facts_of(collection.places())
    assert facts_from(orjson.loads(orjson.dumps(asdict(facts)))) == facts


def test_no_records_show_nothing():
    """A collection may be declared before anything is collected."""
    assert facts_of(Places.from_rows([])) is None
