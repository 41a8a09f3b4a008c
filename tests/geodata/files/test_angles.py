"""Coordinates in every spelling: decimal degrees are read, any other notation is proposed, metres are told."""

from __future__ import annotations

import pytest

from geodata.files.angles import is_utm, propose_point, read_angle, read_point
from geodata.files.columns import Reading, read_places
from geodata.files.tables import read_table


@pytest.mark.parametrize(
    ("text", "degrees", "latitude"),
    [
        ("1°17'32\"S", -1.2922222, True),
        ("1\u00ba 17\u00b4 32\u201d Sur", -1.2922222, True),
        ("S 1\u00b0 17\u2032 32\u2033", -1.2922222, True),
        ("1 17 32 S", -1.2922222, True),
        ("1:17:32 s", -1.2922222, True),
        ("1d17m32s S", -1.2922222, True),
        ("36°49'19\"E", 36.8219444, False),
        ("36° 49.3167' E", 36.8219450, False),
        ("74 O", -74.0, False),
        ("12,5° Norte", 12.5, True),
        ("S1.2921", -1.2921, True),
        ("-1°17'32\"", -1.2922222, None),
    ],
)
def test_degrees_minutes_and_seconds(text: str, degrees: float, latitude: bool | None):  # noqa: FBT001 - a value of the table
    """Usual spellings in English, Spanish, French and Portuguese, with the side of the globe where it is said."""
    angle = read_angle(text)
    assert angle is not None
    assert (round(angle.degrees, 7), angle.latitude) == (pytest.approx(degrees), latitude)


@pytest.mark.parametrize("text", ["", "Kibera", "1°77'S", "1 2 3 4", "2026-03-01", "1°17'32\"X"])
def test_what_is_no_angle(text: str):
    """Words, impossible minutes and dates are none."""
    assert read_angle(text) is None


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("-1.29, 36.82", (-1.29, 36.82)),
        ("(-1.29; 36.82)", (-1.29, 36.82)),
        ("-1.29 36.82 1700 4.5", (-1.29, 36.82)),
        ("-1,29; 36,82", (-1.29, 36.82)),
        ("-1,29 36,82", (-1.29, 36.82)),
        ("-1,29, 36,82", (-1.29, 36.82)),
        ("\u22121.29/36.82", (-1.29, 36.82)),
        ("-1,29,36,82", None),
        ("-1.29", None),
        ("Lindi, 36", None),
    ],
)
def test_pairs_of_numbers(text: str, point: tuple[float, float] | None):
    """Two numbers in one cell, with points or commas for decimals; what may be read two ways is not read."""
    assert read_point(text) == point


def test_pairs_with_sides_are_proposed():
    """The sides tell which is which, in any order."""
    south_east = (pytest.approx(-1.2922222), pytest.approx(36.8219444))
    assert propose_point("1°17'32\"S 36°49'19\"E") == south_east
    assert propose_point("E 36 49 19, S 1 17 32") == south_east
    assert propose_point("1°17'32\" 36°49'19\"") is None


@pytest.mark.parametrize(
    ("text", "metres"), [("37M 257000 9855000", True), ("257000, 9855000", True), ("-1.29, 36.82", False)]
)
def test_projected_metres(text: str, metres: bool):  # noqa: FBT001 - a value of the table
    """Eastings and northings are known by their size."""
    assert is_utm(text) is metres


def read(text: str) -> Reading:
    """Read delimited text."""
    return read_places(read_table(text.encode(), "list.csv"))


def test_doubtful_points_come_with_a_proposal():
    """Swapped, sign-flipped and sexagesimal coordinates are set aside; what they may mean can be read by a program."""
    reading = read(
        'id,country,lat,lon\n1,KEN,36.8,-1.3\n2,BRA,23.5,-46.6\n3,KEN,0,0\n4,KEN,"1°18\'S",36.8\n'
        "5,KEN,257000,9855000\n6,KEN,36.8 E,-1.3\n7,KEN,-1.3,36.8\n"
    )
    assert [row["lat"] for row in reading.places.table.to_pylist()] == [None] * 6 + [-1.3]
    proposals = {(problem.row, problem.column): problem.proposal for problem in reading.problems}
    assert proposals[2, "lat and lon"] == {"lat": -1.3, "lon": 36.8}
    assert proposals[3, "lat and lon"] == {"lat": -23.5, "lon": -46.6}
    assert proposals[4, "lat and lon"] is None
    assert proposals[5, "lat"] == {"lat": -1.3}
    assert proposals[6, "lat and lon"] is None
    assert proposals[7, "lat"] is None
    said = {problem.row: problem.message for problem in reading.problems if problem.column != "lon"}
    assert "projected grid (UTM)" in said[6]
    assert said[7] == "is a longitude"


@pytest.mark.parametrize(
    "header", ["Lat/Lon", "lat, long", "GPS coordinates", "Coordonnées GPS", "coordenadas", "wapi"]
)
def test_one_column_for_both(header: str):
    """Found by its header in several languages, or by its values alone."""
    reading = read(f"name;{header};note\nA;-1.29, 36.82;x\nB;\"1°18'S 36°48'E\";y\nC;;z\nD;-1.3 36.8;x\nE;-1.3,36.8;\n")
    assert reading.mapping[header] == "geometry"
    assert [row["lat"] for row in reading.places.table.to_pylist()] == [-1.29, None, None, -1.3, -1.3]
    assert [problem.proposal for problem in reading.problems] == [{"lat": -1.3, "lon": 36.8}]


def test_longitude_first_where_the_header_says_so():
    """The header of one column for both may name the longitude first."""
    assert read("name;lon lat\nA;36.82 -1.29\n").places.lat.tolist() == [-1.29]


def test_a_location_of_kenya_is_no_point():
    """A column called location holds the names of an administrative unit, unless its values are points."""
    assert read("name,location\nA,Kibera\n").mapping["location"] == "admin.location"
    assert read('name,location\nA,"-1.29, 36.82"\n').mapping["location"] == "geometry"
