"""The prior probability of absence follows what a list claims and what it lists."""

from __future__ import annotations

import pytest

from geodata.coverage import Completeness, CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.parameters import DEFAULTS
from matchers.priors import ListType, prior_of
from matchers.profile import profile_of


def test_a_list_that_claims_to_be_complete_is_taken_at_its_word():
    """The claim makes absence less likely beforehand than no claim does, whatever is listed."""
    for listed in (ListType.PLACES, ListType.FACILITIES):
        claimed = prior_of(Completeness.EXHAUSTIVE, listed, DEFAULTS.absence)
        assert claimed < prior_of(Completeness.UNKNOWN, listed, DEFAULTS.absence)


def test_a_partial_list_is_never_taken_for_a_fuller_one_than_it_says():
    """Even a code table that calls itself partial is more likely to lack a community than other code tables."""
    partial = prior_of(Completeness.PARTIAL, ListType.NOMENCLATURE, DEFAULTS.absence)
    assert partial > prior_of(Completeness.UNKNOWN, ListType.NOMENCLATURE, DEFAULTS.absence)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"names": ["Kibera"], "lat": -1.3, "lon": 36.8}], ListType.PLACES),
        ([{"names": ["Kibera"], "admin": {"county": "Nairobi"}}], ListType.PLACES),
        ([{"names": ["Olympic Primary School"], "lat": -1.3, "lon": 36.8}], ListType.FACILITIES),
        ([{"names": ["Silanga Health Centre"], "admin": {"county": "Nairobi"}}], ListType.FACILITIES),
        ([{"names": ["Nubi"]}, {"names": ["Ogiek"]}], ListType.NOMENCLATURE),
    ],
)
def test_what_a_list_lists_is_read_off_its_rows(unlisted, rows, expected):
    """Points and units make a list of places, most rows' kinds one of facilities, names alone a code table."""
    places = Places.from_rows([{"id": str(at)} | row for at, row in enumerate(rows)])
    assert profile_of(unlisted(places), DEFAULTS).list_type == expected


@pytest.fixture
def unlisted():
    """Return a list of places that says nothing of itself."""
    return lambda places: OfficialList("l", "L", "0" * 64, "2020", None, CoverageManifest(), PlaceIndex.build(places))
