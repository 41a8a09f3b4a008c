"""Likely causes of an absence, and what is never called absent without a person."""

from __future__ import annotations

from datetime import date

import pytest
import shapely

from geodata.coverage import Completeness, CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.judging.causes import CAUSES

AROUND = ("Bukiri", "Lugulu", "Butula", "Marachi", "Nangoma", "Sisenye", "Kisoko", "Matayos")
FOUND = {
    "below_threshold": {"counts": [{"value": 12, "unit": "persons"}]},
    "after_reference_date": {"founded": date(2021, 5, 1)},
    "informal_status": {"kind": "camp"},
    "mobile_population": {"attributes": {"livelihood": "pastoralist"}},
}


def listed(*extra, **coverage):
    """Return a register of eight villages and more."""
    rows = [
        {"id": f"V{at}", "names": [name], "lat": 0.31234 + at / 50, "lon": 34.30567, "admin": {"district": "Busia"}}
        for at, name in enumerate(AROUND)
    ]
    manifest = CoverageManifest(
        completeness=Completeness.REGISTER, reference_date=date(2019, 8, 24), location_r95_m=100.0, **coverage
    )
    index = PlaceIndex.build(Places.from_rows([*rows, *extra]))
    return OfficialList("l", "Register", "0" * 64, "2019", None, manifest, index)


def finding(record, official):
    """Return the finding about one village that no name of the register resembles."""
    row = {"id": "r", "names": ["Zorokomu"], "lat": 0.36234, "lon": 34.30567, "r95_m": 100.0}
    (found,) = compare(Places.from_rows([row | record]), official, today=date(2026, 1, 1)).findings.to_pylist()
    return found


@pytest.mark.parametrize("cause", FOUND)
def test_what_the_record_says_points_to_a_cause(cause):
    """The finding names the cause, and its reason says it in words."""
    found = finding(FOUND[cause], listed(minimum_persons=50))
    assert cause in found["causes"]
    assert CAUSES[cause] in found["reason"]


def test_an_official_boundary_that_holds_the_record_is_a_cause():
    """People in a part of a larger official unit may have been counted there."""
    area = shapely.box(34.2, 0.2, 34.4, 0.6)
    unit = {"id": "U", "names": ["Samia"], "lat": 0.4, "lon": 34.3, "area": shapely.to_wkb(area), "kind": "ward"}
    assert "absorbed_in_parent" in finding({}, listed(unit))["causes"]


def test_an_entry_of_the_name_elsewhere_may_be_a_listing_error():
    """The same name far away, and nothing like it here: perhaps the list's location is wrong."""
    twin = {"id": "T", "names": ["Zorokomu"], "lat": 0.91234, "lon": 34.30567, "admin": {"district": "Busia"}}
    assert "listing_error" in finding({}, listed(twin))["causes"]


def test_another_name_at_the_very_spot_may_be_the_old_one():
    """An entry at the record's own location under a name unlike it may be the same place renamed."""
    here = {"id": "H", "names": ["Hakati"], "lat": 0.36234, "lon": 34.30567, "admin": {"district": "Busia"}}
    assert "renamed_or_transliterated" in finding({}, listed(here))["causes"]


def test_a_matched_record_has_no_causes():
    """Where nothing is missing nothing is explained."""
    assert finding({"names": ["Butula"], "lat": 0.35234, "lon": 34.30567, "kind": "camp"}, listed())["causes"] == []


def test_people_who_move_are_never_called_absent_without_a_person():
    """However improbable every entry is, a nomadic community goes to a person, and the reason says why."""
    settled, moving = (
        finding({"lon": 34.35567, "attributes": {"mobile": word}}, listed()) for word in ("0712 345 678", "yes")
    )
    assert settled["verdict"] == "hidden_place"
    assert moving["verdict"] == "needs_review"
    assert "its people move" in moving["reason"]


def test_a_name_that_is_only_a_kind_is_no_match_by_itself():
    """“Camp” and “Camp”, with neither number nor place nor unit in common, go to a person."""
    named = {"id": "C", "names": ["Camp"], "lat": 0.5, "lon": 34.9}
    found = finding({"names": ["Camp"], "lat": None, "lon": None, "r95_m": None}, listed(named))
    assert found["verdict"] == "needs_review"
    assert "only what kind of place" in found["reason"]
