"""Entries that a list holds twice are one."""

from __future__ import annotations

from datetime import date

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.parameters import DEFAULTS
from matchers.profile import profile_of

ENTRY = {"names": ["Nambale"], "admin": {"district": "Busia"}, "lat": 0.3, "lon": 34.3}
OTHERS = [
    {"id": f"o{at}", "names": [name], "admin": {"district": "Busia"}, "lat": 0.3 + at / 20, "lon": 34.4}
    for at, name in enumerate(["Bukiri", "Lugulu", "Butula", "Marachi", "Nangoma", "Sisenye"])
]


def listed(*entries):
    """Return a list of these entries among others."""
    index = PlaceIndex.build(Places.from_rows([*entries, *OTHERS]))
    return OfficialList("l", "List", "0" * 64, "2020", None, CoverageManifest(), index)


def test_a_record_is_matched_to_an_entry_that_the_list_holds_twice():
    """Two rows for one place are no rivals, so nobody is asked which of them is meant."""
    twice = listed(ENTRY | {"id": "a"}, ENTRY | {"id": "b"})
    record = Places.from_rows([ENTRY | {"id": "r", "r95_m": 200.0}])
    (found,) = compare(record, twice, today=date(2026, 1, 1)).findings.to_pylist()
    assert found["verdict"] == "consistent"
    assert found["official_id"] == "a"
    assert found["p_match"] > 0.9


def test_namesakes_in_two_units_or_at_two_spots_are_no_twins():
    """Another district, or a kilometre between them, makes two places of one name two."""
    elsewhere = ENTRY | {"id": "b", "admin": {"district": "Siaya"}}
    apart = ENTRY | {"id": "c", "lat": 0.31}
    assert profile_of(listed(ENTRY | {"id": "a"}, elsewhere, apart), DEFAULTS).twin[:3].tolist() == [0, 1, 2]


def test_entries_of_a_code_table_are_never_twins():
    """Where names are all there is, two equal names are two entries."""
    index = PlaceIndex.build(Places.from_rows([{"id": "a", "names": ["Bari"]}, {"id": "b", "names": ["Bari"]}]))
    table = OfficialList("l", "List", "0" * 64, "2020", None, CoverageManifest(), index)
    assert profile_of(table, DEFAULTS).twin.tolist() == [0, 1]
