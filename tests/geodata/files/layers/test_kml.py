"""KML: placemarks of every folder with their data; bombs and broken coordinates are told."""

from __future__ import annotations

import io
import zipfile

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.files.columns import read_places
from geodata.files.tables import UnreadableTable, read_table

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>All</name><Style id="s"/>
<Folder><name>Kibera</name><Placemark id="p1"><name>Lindi</name><description><![CDATA[<b>!DOCTYPE</b>]]></description>
<TimeStamp><when>2019-10-31</when></TimeStamp>
<ExtendedData><Data name="population"><displayName>people</displayName><value>1200</value></Data>
<SchemaData schemaUrl="#x"><SimpleData name="ward">Sarang'ombe</SimpleData></SchemaData></ExtendedData>
<Point><coordinates>36.78,-1.31,1700</coordinates></Point></Placemark></Folder>
<Placemark><name>Makina</name><MultiGeometry>
<Polygon><outerBoundaryIs><LinearRing>
<coordinates>36,-1 37,-1 37,0 36,0 36,-1</coordinates></LinearRing></outerBoundaryIs>
<innerBoundaryIs><LinearRing>
<coordinates>36.4,-.6 36.6,-.6 36.6,-.4 36.4,-.6</coordinates></LinearRing></innerBoundaryIs>
</Polygon><Point><coordinates>36.1,-0.1</coordinates></Point></MultiGeometry></Placemark>
<Placemark><name>Nowhere</name><Point><coordinates>east,north</coordinates></Point></Placemark>
<Placemark><name>Unplaced</name></Placemark>
</Document></kml>"""


def test_placemarks_become_rows():
    """Names, texts, folders and ExtendedData are columns; an area with its label is an area, holes stay holes."""
    table = read_table(KML.encode(), "places.kml")
    assert table.columns.to_pylist()[0] == {
        "id": "p1",
        "name": "Lindi",
        "description": "<b>!DOCTYPE</b>",
        "when": "2019-10-31",
        "population": "1200",
        "ward": "Sarang'ombe",
        "folder": "Kibera",
    }
    assert table.shapes is not None
    shapes = shapely.from_wkb(table.shapes.to_pylist())
    assert shapes[0] == shapely.Point(36.78, -1.31)
    assert (shapes[1].geom_type, len(shapes[1].interiors)) == ("Polygon", 1)
    assert list(shapes[2:]) == [None, None]
    (problem,) = table.problems
    assert (problem.row, problem.value, problem.message) == (3, "east,north", "the coordinates cannot be read")


def test_a_community_record_needs_no_mapping():
    """What people draw on a map and describe comes in as places with names, points and counts."""
    places = read_places(read_table(KML.encode(), "x.kml")).places
    assert places.primary_names == ["Lindi", "Makina", "Nowhere", "Unplaced"]
    assert places.lat[0] == -1.31
    assert places.table.column("counts")[0].as_py()[0]["value"] == 1200


@pytest.mark.parametrize("names", [["doc.kml"], ["files/pic.png", "doc.kml", "more/other.kml"]])
def test_kmz_is_kml_in_an_archive(names: list[str]):
    """The document is read, and not the pictures and parts that it refers to."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, KML if name == "doc.kml" else "x")
    assert len(read_table(packed.getvalue(), "places.kmz")) == 4


BOMB = '<!DOCTYPE kml [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    "before",
    [
        BOMB + "]>",
        '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE kml SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
def test_entities_are_refused_where_they_are_declared(before: str):
    """A billion laughs, a file of ours and a document on another server are never looked at."""
    text = f'<?xml version="1.0"?>{before}{KML.partition("?>")[2].replace("Lindi", "&j;&x;")}'
    with pytest.raises(UnreadableTable, match="declares a document type or entities"):
        read_table(text.encode(), "x.kml")


def test_a_link_alone_is_told():
    """A file that only points at a server holds no places, and nothing is fetched."""
    link = "<kml><NetworkLink><Link><href>http://127.0.0.1:9/x.kml</href></Link></NetworkLink></kml>"
    with pytest.raises(UnreadableTable, match="no placemarks") as caught:
        read_table(link.encode(), "x.kml")
    assert "save its places" in caught.value.hint


def test_what_nests_without_end_is_refused():
    """Folders in folders in folders are no list."""
    with pytest.raises(UnreadableTable, match="deep"):
        read_table(b"<kml>" + b"<Folder>" * 100_000, "x.kml")


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(KML) - 1), st.integers(0, 255)), max_size=6), st.integers(0, len(KML)))
def test_broken_bytes_are_refused_in_words(changes: list[tuple[int, int]], cut: int):
    """Whatever is changed or cut away, KML is read or refused, and never anything else."""
    content = bytearray(KML.encode())
    for where, value in changes:
        content[where] = value
    for broken in (bytes(content), bytes(content[:cut])):
        try:
            read_places(read_table(broken, "x.kml"))
        except UnreadableTable as error:
            assert error.hint  # noqa: PT017 - either outcome is right; nothing else may come
