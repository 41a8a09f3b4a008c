"""Searching places by point, by name in any spelling, and by administrative unit."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.distance import haversine_m
from geodata.index import PlaceIndex
from geodata.index.admin import AdminKey
from geodata.index.groups import Groups
from geodata.index.points import Points
from geodata.names import forms, skeleton
from geodata.places import Places

KIBERA = Places.from_rows(
    [
        {"id": "a", "names": ["Siranga"], "lat": -1.315, "lon": 36.796, "admin": {"county": "Nairobi County"}},
        {"id": "b", "names": ["Gatwikira", "Gatuikira"], "lat": -1.312, "lon": 36.782, "country": "KEN"},
        {"id": "c", "names": ["Kianda"]},
        {"id": "d", "names": [], "lat": -1.31, "lon": 36.79},
    ]
)
EDGES = st.one_of(st.floats(-90, 90), st.sampled_from([-90.0, 90.0, 89.9999, -89.9999, 0.0]))
ROUND = st.one_of(st.floats(-180, 180), st.sampled_from([-180.0, 180.0, 179.9999, -179.9999]))
POINTS = st.lists(st.tuples(EDGES, ROUND), min_size=1, max_size=30)


@given(POINTS, st.tuples(EDGES, ROUND), st.floats(0, 3_000_000))
def test_within_misses_nobody(points, centre, radius):
    """The search finds exactly what brute force finds, also across the antimeridian and at the poles."""
    lat, lon = np.array(points).T
    found = Points.build(lat, lon).within(np.array([centre[0]]), np.array([centre[1]]), np.array([radius]))
    assert found.row.tolist() == np.flatnonzero(haversine_m(*centre, lat, lon) <= radius).tolist()


@given(POINTS)
def test_spacing_is_the_nearest_other(points):
    """The spacing of a place is its distance to the nearest other place."""
    lat, lon = np.array(points).T
    spacing = Points.build(lat, lon).spacing_m
    for i in range(len(lat)):
        others = np.delete(haversine_m(lat[i], lon[i], lat, lon), i)
        expected = others.min() if len(others) else np.nan
        assert spacing[i] == pytest.approx(expected, abs=1.0, nan_ok=True)


@given(POINTS, st.tuples(EDGES, ROUND), st.integers(1, 5))
def test_surroundings_are_those_of_the_nearest(points, centre, among):
    """The nearest, the usual spacing and the crowd around a point are what brute force says."""
    lat, lon = np.array(points).T
    around = Points.build(lat, lon).around(np.array([centre[0]]), np.array([centre[1]]), among)
    distance = np.sort(haversine_m(*centre, lat, lon))
    assert around.nearest_m[0] == pytest.approx(distance[0], abs=1.0)
    spacing = Points.build(lat, lon).spacing_m
    assert np.isnan(around.spacing_m[0]) == (len(points) == 1)
    assert len(points) == 1 or spacing.min() <= around.spacing_m[0] <= spacing.max()
    cap_km2 = 4 * np.pi * 6371.0088**2 * np.sin(distance[: min(among, len(points))][-1] / 6_371_008.8 / 2) ** 2
    assert around.density_km2[0] == pytest.approx(min(among, len(points)) / max(cap_km2, 0.01), rel=1e-3)


def test_places_without_a_point_are_not_found_by_point():
    """Missing coordinates are neither near nor far."""
    points = Points.build(np.array([np.nan, 1.0]), np.array([1.0, 1.0]))
    assert points.within(np.array([1.0, np.nan]), np.array([1.0, 1.0]), np.array([1e7, 1e7])).row.tolist() == [1]


def test_nothing_is_found_in_an_empty_table():
    """An index of no places answers every question with nothing."""
    index = PlaceIndex.build(Places.from_rows([]))
    assert index.search("Kibera", (0.0, 0.0), 1e6, 5) == []
    assert np.isnan(index.points.around(np.array([0.0]), np.array([0.0]), 16)).all()


@pytest.mark.parametrize(
    ("asked", "found"), [("Silanga", "a"), ("GATWEKERA", "b"), ("gatuikira", "b"), ("Kiandaa", "c")]
)
def test_names_are_found_in_other_spellings(asked, found):
    """A name written otherwise finds its place, by any of its aliases."""
    index = PlaceIndex.build(KIBERA)
    assert index.places.ids[index.search(asked, None, None, 5)[0].row] == found


def test_a_search_by_name_says_how_alike():
    """A hit by name carries its similarity, and a distance only where a point was asked for."""
    hit = PlaceIndex.build(KIBERA).search("Siranga", None, None, 1)[0]
    assert (hit.similarity, hit.distance_m) == (1.0, None)


def test_a_search_by_point_is_ordered_by_distance():
    """Near a point, the nearest come first and nothing lies beyond the radius."""
    hits = PlaceIndex.build(KIBERA).search(None, (-1.315, 36.796), 900.0, 10)
    assert [hit.row for hit in hits] == [0, 3]
    assert hits[0].similarity is None
    assert hits[0].distance_m == pytest.approx(0.0, abs=1e-6)


def test_a_search_by_name_and_point_wants_both():
    """A name elsewhere and a stranger nearby are both left out."""
    index = PlaceIndex.build(KIBERA)
    assert [hit.row for hit in index.search("Gatwikira", (-1.312, 36.782), 500.0, 10)] == [1]
    assert index.search("Gatwikira", (10.0, 10.0), 500.0, 10) == []


def test_administrative_units_are_keys():
    """Rows are found by unit, however the unit's kind is written; the country is a unit too."""
    index = PlaceIndex.build(KIBERA)
    key = forms(["NAIROBI"])[0].key
    assert index.admin.rows_of(index.admin.numbers([AdminKey("county", key)]))[1].tolist() == [0]
    assert index.admin.rows_of(index.admin.numbers([AdminKey("country", "ken")]))[1].tolist() == [1]


@pytest.mark.parametrize("written", ["5", "05", "Ward 5", "ward no. 5", "वडा नं. ५", "Ward V"])
def test_a_numbered_unit_is_its_number(written):
    """Below one header a unit's number says all, with or without its kind, in any digits."""
    index = PlaceIndex.build(Places.from_rows([{"id": "a", "names": ["Tokha"], "admin": {"ward": written}}]))
    other = PlaceIndex.build(Places.from_rows([{"id": "b", "names": ["Tokha"], "admin": {"ward": "6"}}]))
    assert index.admin.keys == [AdminKey("ward", "||5")]
    assert not set(index.admin.keys) & set(other.admin.keys)


SYLLABLES = ["ba", "ke", "di", "mo", "lu", "ra", "ne", "si", "tu", "ga", "kwe", "ndi"]
VILLAGES = st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4).map("".join), min_size=1, max_size=8)


def likeness(one, other, listed):
    """Return the cosine of two names over their pairs and triples of letters, the rare ones weighing more."""

    def grams(name):
        return {f" {name} "[at : at + size] for size in (2, 3) for at in range(len(name) + 3 - size)}

    def squared(found):
        held = {gram: sum(gram in grams(name) for name in set(listed)) for gram in found}
        return sum(np.log1p(len(set(listed)) / max(number, 1)) ** 2 for number in held.values())

    return squared(grams(one) & grams(other)) / np.sqrt(squared(grams(one)) * squared(grams(other)))


@settings(max_examples=40)
@given(VILLAGES, VILLAGES)
def test_a_search_by_name_misses_nobody(listed, asked):
    """Rows are proposed where a scan of all of them would: alike in spelling, or the same consonants."""
    index = PlaceIndex.build(Places.from_rows([{"id": str(i), "names": [name]} for i, name in enumerate(listed)]))
    found = set(zip(*map(np.ndarray.tolist, index.called(forms(asked), 100)), strict=True))
    for at, wanted in enumerate(asked):
        for row, name in enumerate(listed):
            sounds_so = skeleton(name) == skeleton(wanted) and len(skeleton(name)) >= 3
            alike = likeness(wanted, name, listed)
            if abs(alike - 0.25) > 1e-9:
                assert ((at, row) in found) == (sounds_so or alike >= 0.25)


def test_a_search_by_name_alone_looks_at_all_names():
    """A name so misspelt that no letter group is left is found by the letters it shares, in their order."""
    index = PlaceIndex.build(Places.from_rows([{"id": name, "names": [name]} for name in ("Silanga", "Mombasa")]))
    asked = "sxixlxaxnxgxa"
    assert not len(index.called(forms([asked]), 100)[1])
    assert [hit.row for hit in index.search(asked, None, None, 5)] == [0]


#: Pairs of a name in letters that leave vowels out, and as it is romanised.
ACROSS = {
    "النصيرات": "Nuseirat",
    "الموصل": "Mosul",
    "دير البلح": "Deir al-Balah",
    "خان يونس": "Khan Younis",
    "الشجاعية": "Shuja'iyya",
    "مخيم جباليا": "Jabalia Camp",
    "ירושלים": "Yerushalayim",
}


@pytest.mark.parametrize("listed_in_latin", [True, False])
def test_names_are_found_across_scripts_that_leave_vowels_out(listed_in_latin):
    """A romanised name finds the place on a list in Arabic or Hebrew letters, and the other way round."""
    pairs = ACROSS if listed_in_latin else {latin: written for written, latin in ACROSS.items()}
    rows = [{"id": name, "names": [name]} for name in (*pairs.values(), "Sikoma", "Bukiri")]
    index = PlaceIndex.build(Places.from_rows(rows))
    found = {asked: index.search(asked, None, None, 3)[:1] for asked in pairs}
    assert {asked: index.places.ids[hits[0].row] for asked, hits in found.items() if hits} == pairs
    assert all(hits[0].similarity is not None and 0.88 <= hits[0].similarity < 0.95 for hits in found.values())


def test_every_alias_alike_is_proposed_once():
    """A place is proposed once for a name even if several of its aliases are alike."""
    index = PlaceIndex.build(KIBERA)
    name, row = index.called(forms(["Gatwikira"]), 10)
    assert sorted(zip(name.tolist(), row.tolist(), strict=True)) == [(0, 1)]


def test_the_order_of_rows_changes_nothing():
    """Two indexes of the same rows in another order propose the same places."""
    rows = [{"id": f"p{i}", "names": [f"{a}{b}{c}a"]} for i, (a, b, c) in enumerate(np.ndindex(9, 9, 3))]
    texts = [row | {"names": [_word(row["names"][0])]} for row in rows]
    forward, backward = (PlaceIndex.build(Places.from_rows(order)) for order in (texts, texts[::-1]))
    wanted = forms([_word("441a"), _word("120a")])
    found = [
        {(n, i.places.ids[r]) for n, r in zip(*map(np.ndarray.tolist, i.called(wanted, 7)), strict=True)}
        for i in (forward, backward)
    ]
    assert found[0] == found[1]
    assert found[0]


def _word(digits: str) -> str:
    return "".join("bakedimoluranesitu"[2 * int(d) : 2 * int(d) + 2] if d.isdigit() else "n" for d in digits)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), max_size=30))
def test_groups_hold_each_row_once(pairs):
    """Rows grouped by key come back complete, ascending and without repeats."""
    keys, rows = [key for key, _ in pairs], np.array([row for _, row in pairs], np.int64)
    groups = Groups.build(keys, rows)
    for key in "abc":
        expected = sorted({row for k, row in pairs if k == key})
        assert groups.rows_of(groups.numbers([key]))[1].tolist() == expected


def test_a_group_too_large_is_passed_over():
    """With a limit, a key that half the table shares proposes nobody."""
    groups = Groups.build(["x", "x", "y"], np.array([0, 1, 2]))
    position, row = groups.rows_of(groups.numbers(["x", "y", "z"]), 1)
    assert (position.tolist(), row.tolist()) == ([1], [2])


def test_polygons_hold_points():
    """A point inside a polygon is held; one just outside only within its margin."""
    square = shapely.to_wkb(shapely.box(36.0, -2.0, 37.0, -1.0))
    index = PlaceIndex.build(
        Places.from_rows([{"id": "w", "names": ["W"], "area": square}, {"id": "x", "names": ["X"]}])
    )
    lat, lon = np.array([-1.5, -1.5, -1.5]), np.array([36.5, 37.001, 37.1])
    held = index.areas.holding(lat, lon, np.full(3, 500.0))
    assert held.query.tolist() == [0, 1]
    assert held.outside_m[0] == 0.0
    assert held.outside_m[1] == pytest.approx(111.2, rel=0.01)
    assert index.areas.km2[0] == pytest.approx(12_360, rel=0.01)


@pytest.mark.parametrize("times", [1, 20])
def test_the_first_name_is_told(times):
    """A place of several names is called by the first, one without a name by none; few rows and many alike."""
    rows = np.array([2, 3, 1] * times)
    assert PlaceIndex.build(KIBERA).first_names(rows) == ["Kianda", "", "Gatwikira"] * times
