"""Which accounts speak of one community: alike names near one another, and nothing that makes them two."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.places import Places
from matchers.communities.accounts import Accounts, Origin
from matchers.communities.alike import LEAST, alike
from matchers.communities.clustering import communities
from matchers.parameters import DEFAULTS

SCHOOLS = Path(__file__).parents[4] / "shared" / "data" / "kibera-schools"
VILLAGE = {"country": "KEN", "lat": 0.51234, "lon": 35.01234, "r95_m": 100.0, "kind": "village"}


def accounts(*rows, organisations=None, rounds=None):
    """Return accounts by organisations of their own unless said otherwise."""
    places = Places.from_rows([{"id": f"A{at}", **VILLAGE, **row} for at, row in enumerate(rows)])
    who = list(organisations or [f"org{at}" for at in range(len(rows))])
    return Accounts.of(places, DEFAULTS, Origin(who, list(rounds or [None] * len(rows)), places.ids))


def probability(one, other, **parts):
    """Return the probability that two accounts are one community, the same either way round."""
    table = accounts({"names": ["Bondeni"], **one}, {"names": ["Bondeni"], **other}, **parts)
    there, back = (float(alike(table, np.array([a]), np.array([b]), DEFAULTS)[0]) for a, b in ((0, 1), (1, 0)))
    assert there == pytest.approx(back)
    return there


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"lat": 0.51284},
        {"names": ["Bondeny"]},
        {"names": ["Bondeni Village"]},
        {"names": ["Elsewhere", "BONDENI"]},
        {"kind": "settlement"},
        {"kind": None},
    ],
)
def test_the_same_name_nearby_is_one(other):
    """Two organisations that place one name within their errors speak of one community, spelled a little otherwise."""
    assert probability({}, other) >= LEAST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"names": ["Gatwekera"]}),
        ({"names": ["Camp 4"]}, {"names": ["Camp 14"]}),
        ({"names": ["Lower Kibera"]}, {"names": ["Upper Kibera"]}),
        ({"names": ["Lower Kibera", "Kibera"]}, {"names": ["Upper Kibera", "Kibera"]}),
        ({"names": ["Kibera"]}, {"names": ["Lower Kibera"]}),
        ({}, {"lat": 0.52234}),
        ({}, {"country": "UGA"}),
        ({}, {"kind": "ward"}),
        ({"names": ["St Mary Primary School"], "kind": None}, {"names": ["St Mary Secondary School"], "kind": None}),
        (
            {"names": ["Olympic Academy"], "kind": "school"},
            {"names": ["Olympic Secondary School"], "kind": "school"},
        ),
        ({"parent": "Bondeni"}, {"parent": "Soi"}),
        ({"groups": ["Nubian"]}, {"groups": ["Luo"]}),
    ],
)
def test_what_makes_two_of_them(one, other):
    """Another number, side, kind, people, country, a place beyond reach, or the unit around it: never one community."""
    assert probability(one, other) < 0.5


def test_an_organisation_tells_its_own_apart():
    """One organisation's two identifiers in one round are two communities; in another round they may be one."""
    assert probability({}, {}, organisations=("a", "a")) == 0
    assert probability({}, {}, organisations=("a", "a"), rounds=("2023", "2024")) >= LEAST


def test_a_table_that_tells_its_organisations_needs_no_other_word():
    """An attribute names the organisation: rows of one are told apart, rows of two may be one community."""
    rows = [
        {**VILLAGE, "id": at, "names": ["Bondeni"], "attributes": [("Organisation", who)]}
        for at, who in (("1", "a"), ("2", "a"), ("3", "b"))
    ]
    told = Accounts.of(Places.from_rows(rows), DEFAULTS)
    found = alike(told, np.array([0, 0, 1]), np.array([1, 2, 2]), DEFAULTS) >= LEAST
    assert found.tolist() == [False, True, True]


def test_without_points_a_name_and_a_county_are_not_enough():
    """Two villages of one name in one county are common; one ward more makes it one."""
    nowhere = {"lat": None, "lon": None, "r95_m": None}
    county, ward = ("county", "Nandi"), ("ward", "Kapsabet")
    assert probability({**nowhere, "admin": [county]}, {**nowhere, "admin": [county]}) < LEAST
    assert probability({**nowhere, "admin": [county, ward]}, {**nowhere, "admin": [county, ward]}) >= LEAST
    assert probability({**nowhere, "admin": [county, ward]}, {**nowhere, "admin": [county, ("ward", "Soi")]}) == 0


def test_a_common_name_says_less():
    """Where a table is full of places of one name, two of them half a reach apart are not one for their name."""
    near, far = {"names": ["Mtakuja"], "r95_m": 1000.0}, {"names": ["Mtakuja"], "lat": 0.52034, "r95_m": 1000.0}
    rare = accounts(near, far, *({"names": [f"Place {at}x"], "lat": 1.00001 + at / 50} for at in range(40)))
    common = accounts(near, far, *({"names": ["Mtakuja"], "lat": 1.00001 + at / 50} for at in range(40)))
    pair = np.array([0]), np.array([1])
    assert alike(common, *pair, DEFAULTS)[0] < alike(rare, *pair, DEFAULTS)[0]


def test_no_pairs_are_no_question():
    """Asked about nothing, it answers nothing."""
    nothing = np.zeros(0, np.int64)
    assert alike(Accounts.of(Places.from_rows([]), DEFAULTS), nothing, nothing, DEFAULTS).tolist() == []


def test_a_survey_s_own_schools_stay_apart():
    """No two of the schools that one survey of Kibera lists are taken for one, close and alike as they are."""
    if not SCHOOLS.exists():
        pytest.skip(f"the schools of Kibera are missing: {SCHOOLS}")
    for name in ("citizen.csv", "official.csv"):
        places = read_places(read_table(SCHOOLS / name)).places
        assert communities(Accounts.of(places, DEFAULTS), DEFAULTS).tolist() == list(range(len(places)))
