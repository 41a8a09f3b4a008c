"""What locations, polygons and units say about a pair."""

from datetime import date

import numpy as np
import pytest
import shapely

from geodata.places import Places
from matchers.candidates import sigma_of
from matchers.compare import compare
from matchers.features.distance import density_km2
from matchers.parameters import DEFAULTS, Parameters

TODAY = date(2026, 1, 1)
HERE = {"id": "r", "names": ["Nasewa"], "lat": 0.51234, "lon": 34.51234, "r95_m": 300}


def evidence(record, official, feature):
    """Return the best candidate's evidence of one feature."""
    found = compare(Places.from_rows([record]), official, today=TODAY).candidates.to_pylist()[0]
    return next(each for each in found["evidence"] if each["feature"] == feature)


def test_the_error_of_a_location_is_a_density():
    """Over the whole plane the heavy-tailed error adds up to one."""
    metres = np.arange(0.5, 20_000, 1.0)
    ring_km2 = 2 * np.pi * metres / 1000 * 0.001
    total = (density_km2(metres, np.full(len(metres), 400.0), DEFAULTS.geography) * ring_km2).sum()
    assert total == pytest.approx(1.0, abs=1e-3)


def test_errors_beyond_what_was_stated_are_possible():
    """Four standard deviations off is thousands of times likelier than a pure normal error says."""
    far = density_km2(np.array([1600.0]), np.array([400.0]), DEFAULTS.geography)[0]
    normal = np.exp(-8) / (2 * np.pi * 0.16)
    assert far > 15 * normal


def test_where_nobody_says_the_radius_is_usual():
    """Radius, then polygon, then the usual radius; few decimals add to each."""
    square = shapely.to_wkb(shapely.box(34.49, 0.49, 34.51, 0.51))
    rows = [
        {"id": "a", "names": [], "lat": 0.512345, "lon": 34.512345, "r95_m": 245.0},
        {"id": "b", "names": [], "lat": 0.500001, "lon": 34.500001, "area": square},
        {"id": "c", "names": [], "lat": 0.512345, "lon": 34.512345},
        {"id": "d", "names": [], "lat": 0.5, "lon": 34.5},
    ]
    sigma = sigma_of(Places.from_rows(rows), 1000.0)
    assert sigma[0] == pytest.approx(100.1, rel=0.01)
    assert sigma[1] == pytest.approx(1572 / 2.4477, rel=0.01)
    assert sigma[2] == pytest.approx(1000 / 2.4477, rel=0.01)
    assert sigma[3] > 3_000


def test_lying_in_an_official_polygon(listed):
    """A record inside a place's polygon is told so, and the polygon replaces the distance to its middle."""
    unit = {"id": "u", "names": ["Nasewa"], "lat": 0.6, "lon": 34.6}
    unit["area"] = shapely.to_wkb(shapely.box(34.4, 0.4, 34.7, 0.7))
    said = evidence(HERE, listed([unit]), "place")
    assert (said["level"], said["sentence"]) == (
        "inside",
        "The location lies inside its official boundary (as of 2022)",
    )


@pytest.mark.parametrize(("lon", "level"), [(34.55, "inside"), (34.698, "edge"), (34.702, "edge"), (34.8, "outside")])
def test_near_a_border_neither_side_is_forced(listed, lon, level):
    """A point nearer to the border than its uncertainty of 300 m may lie on either side; farther it does not."""
    unit = {"id": "u", "names": ["Nasewa"], "lat": 0.55, "lon": 34.55}
    unit["area"] = shapely.to_wkb(shapely.box(34.4, 0.4, 34.7, 0.7))
    said = evidence({**HERE, "lon": lon}, listed([unit]), "place")
    assert (said["level"], said["sentence"].endswith("(as of 2022)")) == (level, True)


def test_evidence_goes_over_from_one_side_of_a_border_to_the_other(listed):
    """The deeper inside, the more the polygon says: no step at the distance of the uncertainty."""
    unit = {"id": "u", "names": ["Nasewa"], "lat": 0.55, "lon": 34.55}
    unit["area"] = shapely.to_wkb(shapely.box(34.4, 0.4, 34.7, 0.7))
    other = {"id": "o", "names": ["Elsewhere"], "lat": 5.0, "lon": 34.55}
    other["area"] = shapely.to_wkb(shapely.box(33.0, 4.0, 36.0, 6.0))
    official = listed([unit, other])
    bits = [evidence({**HERE, "lon": 34.7 - depth}, official, "place")["bits"] for depth in (0.01, 0.0025, 0.001, 1e-6)]
    assert bits == sorted(bits, reverse=True)
    assert bits[0] - bits[1] < 0.1
    assert bits[-1] < bits[0]


def test_absent_inside_an_official_polygon(listed):
    """A place not named inside a unit that is listed was perhaps counted there: the area is enumerated."""
    unit = {"id": "u", "names": ["Wholly Other"], "kind": "ward", "lat": 0.6, "lon": 34.6}
    unit["area"] = shapely.to_wkb(shapely.box(34.0, 0.0, 35.0, 1.0))
    record = Places.from_rows([{**HERE, "names": ["Zzyzx Flats"]}])
    sure = Parameters.from_json('{"version": "sure", "absence": {"q_places": 0.9}}')
    found = compare(record, listed([unit]), sure, today=TODAY).findings.to_pylist()[0]
    assert (found["verdict"], found["subtype"]) == ("hidden_place", "not_listed_area_enumerated")
    assert found["attributes"] == ["absorbed_in_parent"]


@pytest.mark.parametrize(
    ("units", "level", "sentence"),
    [
        (("Busia County", "Busia"), "same", "Both lie in county Busia County"),
        (("Busia", "Siaya"), "different", "The record says county Busia, the list county Siaya"),
        (("Busia", None), "not_available", "No administrative unit can be compared"),
    ],
)
def test_units_under_one_header(listed, units, level, sentence):
    """Units agree by name whatever their kind is called; one that is missing is no mismatch."""
    mine, theirs = units
    others = [{"id": unit, "names": [f"Seat of {unit}"], "admin": {"county": unit}} for unit in ("Siaya", "Busia")]
    place = {"id": "n", "names": ["Nasewa"], "admin": {"county": theirs} if theirs else None}
    said = evidence({"id": "r", "names": ["Nasewa"], "admin": {"county": mine}}, listed([place, *others]), "admin")
    assert (said["level"], said["sentence"]) == (level, sentence)
    assert (said["bits"] == 0) == (level == "not_available")


def test_a_coarser_unit_that_agrees(listed):
    """Where the finer unit differs and the coarser agrees, the two are siblings."""
    others = [
        {"id": f"x{i}", "names": [f"X{i}"], "admin": {"county": c, "ward": w}}
        for i, (c, w) in enumerate(("ab", "ac", "de", "df"))
    ]
    place = {"id": "n", "names": ["Nasewa"], "admin": {"county": "Busia", "ward": "Matayos"}}
    record = {"id": "r", "names": ["Nasewa"], "admin": {"county": "Busia", "ward": "Nambale"}}
    assert evidence(record, listed([place, *others]), "admin")["level"] == "sibling"


def test_the_side_without_coordinates_is_named(listed):
    """A missing location says which side it is missing on, and counts for nothing."""
    place = {"id": "n", "names": ["Nasewa"]}
    without = {key: value for key, value in HERE.items() if key not in {"lat", "lon", "r95_m"}}
    assert evidence(HERE, listed([place]), "place")["sentence"] == "The list gives no coordinates"
    assert evidence(without, listed([place]), "place")["sentence"] == "The record gives no coordinates"
    assert evidence(HERE, listed([place]), "place")["bits"] == 0


def test_a_kind_the_list_says_of_others(listed):
    """A list that marks its camps does not mean a camp by an entry without the word."""
    camps = [{"id": f"k{i}", "names": [f"Kakuma{'abcdef'[i]} Camp"]} for i in range(6)]
    record = {"id": "r", "names": ["Nasewa Camp"]}
    said = evidence(record, listed([{"id": "n", "names": ["Nasewa"]}, *camps]), "kind")
    assert (said["level"], said["bits"] < 0) == ("unsaid", True)
    assert evidence(record, listed([{"id": "n", "names": ["Nasewa"]}]), "kind")["bits"] == 0
