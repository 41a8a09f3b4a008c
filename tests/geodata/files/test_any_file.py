"""Files as they come: real ones are read whole, damaged ones are read or refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.columns import read_places
from geodata.files.headers import Side
from geodata.files.tables import UnreadableTable, read_table
from tests.specimens.saving import workbook

DATA = Path(__file__).parents[4] / "shared" / "data"

SEEDS = (
    (
        b"record_id,name,lat,lon,country,count,date,ward,wkt,accuracy\n"
        b"1,Lindi,-1.3,36.8,KEN,12,2017,x,POINT (36 -1),5\n"
        b'2,"Makina",1,2,KE;TZ,5-6,03/04/2019,y,,\n'
    ),
    (
        b'{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{"name":"A","lat":"1"},'
        b'"geometry":{"type":"Polygon","coordinates":[[[36,-2],[37,-2],[37,-1],[36,-2]]]}}]}'
    ),
    workbook({"A": [["id", "name"], ["1", "x"], [2, 3.5]]}),
)
slips = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 12), st.binary(max_size=4)), max_size=5)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), slips, st.sampled_from(["x.csv", "x.geojson", "x.xlsx"]), st.sampled_from(Side))
def test_damaged_files_are_read_or_refused(content: bytes, slips: list[tuple[int, int, bytes]], name: str, side: Side):
    """Whatever bytes were lost or added, there is a table with distinct ids or one clear failure, never a crash."""
    for at, lost, added in slips:
        place = at % (len(content) + 1)
        content = content[:place] + added + content[place + lost :]
    try:
        reading = read_places(read_table(content, name), side)
    except UnreadableTable:
        return
    assert len(set(reading.places.ids)) == len(reading.places) == len(reading.rows)


FILES = {
    "kibera-villages/citizen.csv": (19, 0),
    "kibera-villages/official.csv": (9, 0),
    "kibera-schools/citizen.csv": (96, 0),
    "kibera-schools/citizen_out_of_scope.csv": (160, 0),
    "kibera-schools/official.csv": (157, 0),
    "kibera-schools/official_2016_nairobi.csv": (1041, 0),
    "language-communities/citizen.csv": (4006, 1),  # one point lies in another country
    "language-communities/official.csv": (7927, 0),
    "maine-places/citizen.csv": (922, 0),
    "maine-places/official.csv": (528, 0),
}


@pytest.mark.parametrize("name", FILES)
def test_real_lists_are_read_whole(name: str):
    """Lists as they were published lose no row, have a name in every row, and raise no doubt that is not one."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"the real list is missing: {name}")
    side = Side.OFFICIAL if "official" in name else Side.CITIZEN
    reading = read_places(read_table(path), side)
    assert (len(reading.places), len(reading.problems)) == FILES[name]
    assert all(reading.places.primary_names)
    assert len(set(reading.places.ids)) == len(reading.places)
