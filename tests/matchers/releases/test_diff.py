"""What changed between two states of a list, and which entries only got another code."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from geodata.places import Places
from matchers.memory.decisions import codes_of
from matchers.releases.diff import Change, diff

BASE = {"country": "PHL", "kind": "ward"}


def place(row_id, name, **parts):
    """Return an entry of a list."""
    return {**BASE, "id": row_id, "names": [name], **parts}


def changes(before, after):
    """Return what became of each entry that changed, by its identifier."""
    found = diff(Places.from_rows(before), Places.from_rows(after))
    sides = [(found.after, entry.after, entry) for entry in found.entries if entry.after is not None]
    sides += [(found.before, entry.before, entry) for entry in found.entries if entry.after is None]
    return {places.ids[row]: tuple(entry.changes) for places, row, entry in sides}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, None),
        ({"names": ["Bagong Silang"]}, Change.RENAMED),
        ({"lat": 14.6}, Change.MOVED),
        ({"counts": [{"value": 120.0, "unit": "persons", "status": "observed"}]}, Change.COUNTS_CHANGED),
        ({"kind": "village"}, Change.REDESCRIBED),
    ],
)
def test_each_change_has_its_name(after, expected):
    """An entry under the same identifier is renamed, moved, counted anew or redescribed; what is the same is silent."""
    before = place("1", "Silang", lat=14.5, lon=121.0)
    other = place("2", "Pasong Tamo", lat=14.7, lon=121.1)
    assert changes([before, other], [other, before | after]) == ({"1": (expected,)} if expected else {})


def test_what_came_and_what_went():
    """Another name at another place under another identifier is a loss and an addition."""
    assert changes([place("1", "Silang", lat=14.5, lon=121.0)], [place("2", "Payatas", lat=14.7, lon=121.1)]) == {
        "2": (Change.ADDED,),
        "1": (Change.REMOVED,),
    }


def test_how_far_an_entry_moved_is_told():
    """A hundredth of a degree of latitude is 1,112 metres."""
    (entry,) = diff(
        Places.from_rows([place("1", "Silang", lat=14.5, lon=121.0)]),
        Places.from_rows([place("1", "Silang", lat=14.51, lon=121.0)]),
    ).entries
    assert entry.moved_m == pytest.approx(1112, abs=1)


@pytest.mark.parametrize(
    ("parts", "later", "recoded"),
    [
        ({"lat": 6.05, "lon": 121.0}, {"lat": 6.051, "lon": 121.0}, True),
        ({"lat": 6.05, "lon": 121.0}, {"lat": 6.25, "lon": 121.0}, False),
        ({"admin": {"province": "Sulu"}}, {"admin": {"province": "Sulu"}}, True),
        ({"admin": {"province": "Sulu"}}, {"admin": {"province": "Basilan"}}, False),
        ({}, {}, False),
        ({}, {"attributes": {"Correspondence code": "1906601001"}}, True),
    ],
)
def test_the_same_place_under_a_new_code(parts, later, recoded):
    """The same name at the same point or in the same unit, or the publisher's word; a name alone is not enough."""
    found = changes([place("1906601001", "Adjid", **parts)], [place("0906601001", "Adjid", **later)])
    assert (found.get("0906601001", ())[:1] == (Change.RECODED,)) == recoded
    assert ("1906601001" in found) != recoded


def test_of_namesakes_the_one_with_the_same_units_is_recognised():
    """Two wards of one name in two towns follow their towns; where nothing tells them apart, neither is guessed."""
    towns = ("Indanan", "Jolo")
    before = [place(f"19{n}", "Poblacion", admin={"town": town, "region": "BARMM"}) for n, town in enumerate(towns)]
    after = [place(f"09{n}", "Poblacion", admin={"town": town, "region": "IX"}) for n, town in enumerate(towns)]
    found = diff(Places.from_rows(before), Places.from_rows(after))
    assert found.recodings == {"190": "090", "191": "091"}
    alike = [row | {"admin": {"town": "Jolo"}} for row in after]
    assert (
        diff(Places.from_rows([row | {"admin": {"town": "Jolo"}} for row in before]), Places.from_rows(alike)).recodings
        == {}
    )


def test_codes_follow_one_another():
    """An entry that was recoded twice is found under its last code, and a circle ends."""
    assert codes_of("a", {"a": "b", "b": "c"}) == ["a", "b", "c"]
    assert codes_of("a", {"a": "b", "b": "a"}) == ["a", "b"]


def register(version):
    """Return the Philippine code of places at a version of the `barangay` package, or skip."""
    found = find_spec("barangay")
    path = Path(found.origin).parent / "data" / version / "barangay_flat.json" if found and found.origin else None
    if path is None or not path.exists():
        pytest.skip(f"the barangay package with its version of {version or 'today'} is missing")
    return Places.from_rows(
        {
            **BASE,
            "id": entry["psgc_id"],
            "names": [entry["name"]],
            "kind": entry["type"],
            "parent": entry["parent_psgc_id"],
        }
        for entry in json.loads(path.read_text(encoding="utf-8"))
    )


def test_sulu_was_recoded_and_not_lost():
    """Of 43,769 Philippine units 430 got another code when Sulu left the Bangsamoro; none went, and none came."""
    found = diff(register("2025-07-08"), register("2025-10-13"))
    assert (found.counted[Change.RECODED], found.counted[Change.REMOVED], found.counted[Change.ADDED]) == (430, 0, 0)
    assert found.recodings["1906600000"] == "0906600000"
    assert all(later == f"09{earlier[2:]}" for earlier, later in found.recodings.items())
