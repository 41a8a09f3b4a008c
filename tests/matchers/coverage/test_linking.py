"""Lists become capture histories: rows that speak of one community are brought together, those of one list never."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geodata.files.columns import read_places
from geodata.files.tables import read_table
from geodata.places import Places
from geodata.samples import maine
from matchers.coverage.division import divided, strata_of
from matchers.coverage.histories import Impossible
from matchers.coverage.linking import Linked, linked

TODAY = date(2026, 1, 1)


def places(names: str, county: str = "Turkana", *, kind: str = "village") -> Places:
    """Return places by their names, a few kilometres apart."""
    rows = [
        {
            "id": str(at),
            "names": [name],
            "country": "KEN",
            "lat": 3.0 + 0.1 * (ord(name[0]) % 26),
            "lon": 35.0,
            "r95_m": 500.0,
        }
        | {"kind": kind, "admin": [("county", county)]}
        for at, name in enumerate(names.split())
    ]
    return Places.from_rows(rows)


@pytest.fixture(scope="module")
def three() -> Linked:
    """Link three small lists."""
    lists = {
        "health": places("Lodwar Kakuma Nadapal Eliye"),
        "schools": places("Lodwar Kakumma Turkwel"),
        "ngo": places("Kakuma Oropoi Lodwar", county="TURKANA"),
    }
    return linked(lists, today=TODAY)


def test_communities_on_several_lists_have_one_history(three: Linked) -> None:
    """Lodwar and Kakuma are on all three lists, another spelling included; the rest on one."""
    histories = three.histories()
    assert histories.distinct == 6
    assert histories.sizes.tolist() == [4, 3, 3]
    assert set(histories.overlaps.values()) == {2}


def test_rows_of_one_list_stay_apart() -> None:
    """A list that names a place twice told the two apart itself."""
    found = linked({"a": places("Lodwar Lodwar"), "b": places("Lodwar")}, today=TODAY)
    assert found.histories().sizes.tolist() == [2, 1]
    assert found.histories().distinct == 2


def test_the_order_of_lists_changes_no_community(three: Linked) -> None:
    """The same rows are together whichever list comes first."""
    turned = linked(
        {
            "ngo": places("Kakuma Oropoi Lodwar", county="TURKANA"),
            "schools": places("Lodwar Kakumma Turkwel"),
            "health": places("Lodwar Kakuma Nadapal Eliye"),
        },
        today=TODAY,
    )

    def together(found: Linked) -> set[frozenset[str]]:
        ids = np.array(found.places.ids)
        return {frozenset(ids[found.community == one].tolist()) for one in np.unique(found.community)}

    assert together(turned) == together(three)


def test_judged_pairs_tell_how_good_links_are(three: Linked) -> None:
    """Three of four linked pairs are right, and three of five that are one were linked."""
    row = {own: at for at, own in enumerate(three.places.ids)}
    judged = [
        ("health:0", "schools:0", True),
        ("health:1", "schools:1", True),
        ("health:1", "ngo:0", True),
        ("health:0", "ngo:2", False),
        ("health:2", "ngo:1", True),
        ("health:3", "schools:2", True),
    ]
    a, b = (np.array([row[pair[side]] for pair in judged]) for side in (0, 1))
    quality = three.quality(a, b, np.array([pair[2] for pair in judged]))
    assert quality is not None
    assert (quality.precision, quality.recall) == (3 / 4, 3 / 5)
    assert (quality.of_links, quality.of_pairs) == (4, 5)
    assert three.quality(a[4:], b[4:], np.array([True, True])) is None


def test_strata_take_one_spelling_and_the_coarsest_level(three: Linked) -> None:
    """A county in capitals is the same county; what is said of a community holds for all its rows."""
    assert set(strata_of(three, ["admin"])) == {"Turkana"}
    assert set(strata_of(three, ["county", "kind"])) == {"Turkana · village"}
    parts = divided(three.lists, three.on(), ["north", "north", "south", "north", "south", "north"])
    assert {name: part.distinct for name, part in parts.items()} == {"north": 4, "south": 2}


def test_a_level_that_no_list_has_is_refused(three: Linked) -> None:
    """The levels there are are named."""
    with pytest.raises(Impossible, match="no list has the administrative level ward") as refused:
        strata_of(three, ["ward"])
    assert "county" in refused.value.hint


def test_links_of_maine_are_nearly_all_right(tmp_path: Path) -> None:
    """Against the known truth of 922 mapped places and 528 census subdivisions: precision .98, recall .9 and more."""
    sample = maine.sample(tmp_path)
    files = {"mapped": sample.citizen, "census": sample.official[0][1]}
    found = linked({name: read_places(read_table(path)).places for name, path in files.items()}, today=TODAY)
    row = {own: at for at, own in enumerate(found.places.ids)}
    true = {(f"mapped:{one.record_id}", f"census:{one.official_id}") for one in sample.truth if one.official_id}
    ids = found.places.ids
    census = {int(one): ids[at] for at, one in enumerate(found.community.tolist()) if found.of_list[at] == 1}
    made = {
        (ids[at], census[one])
        for at, one in enumerate(found.community.tolist())
        if found.of_list[at] == 0 and one in census
    }
    right = len(made & true)
    assert len(row) == 922 + 528
    assert right / len(made) > 0.98
    assert right / len({entry for _, entry in true}) > 0.9
