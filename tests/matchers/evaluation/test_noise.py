"""Accounts made of listed places differ from the list as people's accounts do, at the rates stated."""

from __future__ import annotations

import re

import numpy as np
import pytest

from geodata.distance import haversine_m
from geodata.names.scripts import script_of
from geodata.places import Places
from matchers.evaluation.accounts import Noise, UnitNoise, accounts
from matchers.evaluation.location_noise import LocationNoise, locate
from matchers.evaluation.spelling_noise import WEIGHTS, SpellingNoise, called, respelled

COUNT = 4_000
NEVER = SpellingNoise(alternate=0.0, romanised=0.0, exact=1.0)


def drawn(name, noise, kind=None, count=600):
    """Return a name as many volunteers write it."""
    random = np.random.default_rng(5)
    return [called([name], kind, noise, random) for _ in range(count)]


def test_the_stated_share_of_names_is_written_as_listed():
    """With 45 % exact, some 45 % of volunteers write the name to the letter."""
    written = drawn("Gatwekera", SpellingNoise(), count=COUNT)
    assert np.mean([name == "Gatwekera" for name in written]) == pytest.approx(0.45, abs=0.03)


@pytest.mark.parametrize(
    ("change", "name", "pattern"),
    [
        ("vowel", "Gatwekera", r"G[aeo]tw[eia]k[eia]r[aeo]"),
        ("sound", "Quezon", r"[QqKk].*"),
        ("typing", "Lindi", r"[A-Za-z]{4,6}"),
        ("doubling", "Silanga", r"Sil+an+g?g?a+|Si.*"),
        ("spacing", "Red Rose", r"Redrose|Red-Rose"),
        ("shortening", "Santa Cruz", r"Sta\. Cruz"),
        ("number", "Zone II", r"Zone (2|No\. 2)"),
        ("order", "Santa Cruz", r"Cruz Santa"),
        ("marks", "São Félix", r"Sao Felix"),
        ("generic", "Kisumu Ndogo Village", r"Kisumu Ndogo"),
    ],
)
def test_each_change_writes_a_name_as_described(change, name, pattern):
    """Each change by itself does what its description says, and always something."""
    noise = SpellingNoise(exact=0.0, twice=0.0, weights={change: 1.0})
    written = set(drawn(name, noise, count=200))
    assert name not in written
    assert all(re.fullmatch(pattern, one) for one in written), written
    assert set(WEIGHTS) >= {change}


def test_another_number_is_never_written():
    """Camp 4 may become Camp No. 4 or Kamp IV, never Camp 5: that would be another place."""
    for name in (*drawn("Camp 4", SpellingNoise(exact=0.0)), *drawn("Camp IV", SpellingNoise(exact=0.0))):
        assert re.search(r"(^|\D)4(\D|$)|IV$", name), name


def test_a_name_without_letters_to_change_stays_as_it_is():
    """No change applies to a bare number, and nothing is made up instead."""
    assert respelled("7", None, SpellingNoise(), np.random.default_rng(1)) == "7"


def test_a_name_in_another_script_is_romanised_as_the_list_does_where_it_does():
    """Half of the volunteers write Latin letters: the list's own romanisation, else a transliteration."""
    noise = SpellingNoise(alternate=0.0, exact=1.0)
    random = np.random.default_rng(1)
    both = [called(["អូរធំ", "Ou Thum"], None, noise, random) for _ in range(COUNT)]
    assert set(both) == {"អូរធំ", "Ou Thum"}
    assert np.mean([name == "Ou Thum" for name in both]) == pytest.approx(0.5, abs=0.03)
    alone = {called(["अकबरपुर"], None, noise, random) for _ in range(50)}
    assert {script_of(name) for name in alone} == {"Deva", "Latn"}


def test_locations_err_as_much_as_stated_except_for_a_stated_tail():
    """95 % of points lie within the stated radius where nothing else errs; a tail and gross errors lie far beyond."""
    lat, lon = np.full(COUNT, -1.3), np.full(COUNT, 36.8)
    plain = LocationNoise(official_r95_m=0.0, tail=0.0, gross=0.0, unlocated=0.0, unstated=0.0)
    at = locate(lat, lon, plain, np.random.default_rng(1))
    away = haversine_m(lat, lon, at.lat, at.lon)
    assert np.mean(away <= at.r95_m) == pytest.approx(0.95, abs=0.012)
    heavy = locate(lat, lon, LocationNoise(unlocated=0.0, unstated=0.0, gross=0.0), np.random.default_rng(1))
    beyond = np.mean(haversine_m(lat, lon, heavy.lat, heavy.lon) > 2 * np.hypot(heavy.r95_m, 1_000.0))
    assert 0.01 < beyond < 0.08


def test_some_accounts_have_no_point_and_some_no_radius():
    """The stated shares, and nobody states a radius without a point."""
    noise = LocationNoise(unlocated=0.15, unstated=0.2)
    at = locate(np.zeros(COUNT), np.zeros(COUNT), noise, np.random.default_rng(2))
    assert np.mean(np.isnan(at.lat)) == pytest.approx(0.15, abs=0.02)
    assert np.mean(np.isnan(at.r95_m[~np.isnan(at.lat)])) == pytest.approx(0.2, abs=0.02)
    assert np.isnan(at.r95_m[np.isnan(at.lat)]).all()


def test_a_point_near_the_antimeridian_stays_on_the_globe():
    """Longitudes wrap round instead of leaving the range."""
    at = locate(np.full(500, -17.0), np.full(500, 179.999), LocationNoise(), np.random.default_rng(3))
    known = ~np.isnan(at.lon)
    assert (np.abs(at.lon[known]) <= 180).all()
    assert (at.lon[known] < 0).any()


def places():
    """Return villages with points and units, some known by another name."""
    return Places.from_rows(
        {
            "id": f"V{i}",
            "names": ["Lindi", "Silanga"],
            "country": "KEN",
            "admin": [("county", f"C{i % 5}"), ("ward", f"W{i % 50}")],
            "lat": -1.3,
            "lon": 36.8,
            "kind": "village",
        }
        for i in range(COUNT)
    )


def test_an_account_says_its_unit_mostly_right_sometimes_not_and_seldom_wrong():
    """The finest unit is left out, misspelt or a neighbour's at the stated rates; the county above it stands."""
    made = accounts(places(), Noise(spelling=NEVER, units=UnitNoise(0.1, 0.05, 0.05)), np.random.default_rng(4))
    said = [dict(row) for row in made.column("admin").to_pylist()]
    assert [row["county"] for row in said] == [f"C{i % 5}" for i in range(COUNT)]
    wards = [row.get("ward") for row in said]
    assert np.mean([ward is None for ward in wards]) == pytest.approx(0.1, abs=0.02)
    other = [(i, ward) for i, ward in enumerate(wards) if ward not in {None, f"W{i % 50}"}]
    known = [(i, ward) for i, ward in other if re.fullmatch(r"W\d+", ward)]
    assert len(known) / COUNT == pytest.approx(0.05 * 9 / 10, abs=0.015)  # one of the ten siblings is the ward itself
    assert all(int(ward[1:]) % 5 == i % 5 for i, ward in known)


def test_accounts_are_called_by_other_names_as_often_as_stated():
    """Where the list knows another name, three volunteers in ten use it."""
    noise = Noise(spelling=SpellingNoise(exact=1.0))
    names = accounts(places(), noise, np.random.default_rng(6)).primary_names
    assert np.mean([name == "Silanga" for name in names]) == pytest.approx(0.3, abs=0.03)


def test_the_same_seed_makes_the_same_accounts():
    """A trial can be run again to the last letter and metre."""
    one, again = (accounts(places().take(range(300)), Noise(), np.random.default_rng(7)).table for _ in range(2))
    assert one.equals(again)
