"""What a list would hold, and what must be true before its silence is a finding."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from geodata.coverage import Completeness, CoverageManifest
from geodata.places import Places
from matchers.compare import compare
from matchers.judging.scope import Subject, outside

VILLAGE = Subject(
    kind="village",
    country="KEN",
    admin={"county": "Busia"},
    groups=("nubian",),
    lat=0.5,
    lon=34.5,
    persons=120.0,
    founded=None,
)


@pytest.mark.parametrize(
    ("coverage", "because"),
    [
        (CoverageManifest(), None),
        (CoverageManifest(countries=frozenset({"KEN", "UGA"})), None),
        (CoverageManifest(countries=frozenset({"UGA"})), "it covers UGA, not KEN"),
        (CoverageManifest(admin=(("County", frozenset({"busia"})),)), None),
        (CoverageManifest(admin=(("County", frozenset({"Siaya"})),)), "it covers County Siaya, not Busia"),
        (CoverageManifest(bbox=(34.0, 0.0, 35.0, 1.0)), None),
        (CoverageManifest(bbox=(36.0, 0.0, 37.0, 1.0)), "the location lies outside the area it covers"),
        (CoverageManifest(bbox=(170.0, 0.0, 35.0, 1.0)), None),
        (CoverageManifest(lowest_level="village"), None),
        (
            CoverageManifest(lowest_level="sub-location"),
            "its lowest level is sub-location, and a village is below that",
        ),
        (CoverageManifest(lowest_level="unheard of"), None),
        (CoverageManifest(kinds=frozenset({"settlement"})), None),
        (CoverageManifest(kinds=frozenset({"school"})), "it lists school, not a village"),
        (CoverageManifest(kinds=frozenset({"city"})), "it lists city, not a village"),
        (CoverageManifest(excludes=frozenset({"village"})), "it leaves out village by rule"),
        (CoverageManifest(excludes=frozenset({"nubian"})), "it leaves out nubian by rule"),
        (CoverageManifest(minimum_persons=200), "it names no place of fewer than 200 persons"),
        (CoverageManifest(minimum_persons=100), None),
    ],
)
def test_what_a_list_would_not_hold(coverage, because):
    """A manifest that leaves a place out says so in a clause; one that does not say leaves nothing out."""
    assert outside(VILLAGE, coverage) == ((because,) if because else ())


def test_a_record_without_a_kind_is_taken_for_a_settlement():
    """A list of sub-locations cannot tell about a community that does not say what it is."""
    found = outside(replace(VILLAGE, kind=None), CoverageManifest(lowest_level="sub-location"))
    assert found == ("its lowest level is sub-location, and a settlement is below that",)


def test_missing_is_not_outside():
    """What the record does not say is never held against it."""
    unknown = replace(VILLAGE, country=None, admin={}, lat=np.nan, lon=np.nan, persons=None)
    coverage = CoverageManifest(
        countries=frozenset({"UGA"}), admin=(("county", frozenset({"X"})),), bbox=(0, 0, 1, 1), minimum_persons=500
    )
    assert outside(unknown, coverage) == ()


ABSENT = {"id": "r", "names": ["Zzyzx Flats"], "lat": 0.51234, "lon": 34.51234, "r95_m": 300}


def finding(listed, coverage=None, **changes):
    """Compare one record that the ordinary list does not name."""
    record = Places.from_rows([{**ABSENT, **changes}])
    return compare(record, listed((), coverage), today=date(2026, 1, 1)).findings.to_pylist()[0]


def test_absent_from_a_list_that_would_name_it(listed):
    """A place unlike any listed one, amid listed places, is not found in the list (acceptance case 3)."""
    found = finding(listed, CoverageManifest(completeness=Completeness.EXHAUSTIVE), founded=date(1995, 1, 1))
    assert (found["verdict"], found["subtype"]) == ("hidden_place", "not_listed_area_unenumerated")
    assert found["reason"].startswith("Not found in Register of Busia (2022).")
    assert "hidden" not in found["reason"]


def test_founded_after_the_list(listed):
    """A place founded two years after the list makes the list stale (acceptance case 4)."""
    assert finding(listed, founded=date(2024, 1, 1))["verdict"] == "stale_official"


def test_too_uncertain_a_location(listed):
    """A radius of fifteen kilometres among places six apart goes to a person (acceptance case 5)."""
    found = finding(listed, r95_m=15_000)
    assert found["verdict"] == "needs_review"
    assert any("uncertain by 15.0 km" in failed for failed in found["failed_preconditions"]) or found["p_absent"] < 0.95


def test_a_partial_list_shows_no_absence(listed):
    """A list that calls itself partial is never evidence of absence."""
    found = finding(listed, CoverageManifest(completeness=Completeness.PARTIAL))
    assert found["verdict"] == "needs_review"
    assert "the list says itself that it is partial" in found["failed_preconditions"]


def test_far_from_everything_listed(listed):
    """Where the list names nothing nearby it may not cover the ground."""
    found = finding(listed, lat=8.01234, lon=40.01234)
    assert found["verdict"] == "needs_review"
    assert found["failed_preconditions"] == ["the list names no place nearby, so it may not cover this area"]


def test_nothing_to_look_for(listed):
    """Without a name and a location, or without a list, there is nothing to compare."""
    assert finding(listed, names=[], lat=None, lon=None)["verdict"] == "insufficient_evidence"
    empty = listed((), alone=True)
    found = compare(Places.from_rows([ABSENT]), empty, today=date(2026, 1, 1)).findings.to_pylist()[0]
    assert (found["verdict"], found["p_absent"], found["official_id"]) == ("insufficient_evidence", None, None)
