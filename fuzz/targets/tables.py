"""Tables of text: delimited, JSON, KML, in any encoding, read as an import reads them: to places, and to statements."""

from __future__ import annotations

import json

from connectors.growth import UnreadableGrowth, read_rates
from fuzz.target import Target, refusing, require
from geodata.files.columns import read_places
from geodata.files.delimited import read_delimited
from geodata.files.encodings import to_utf8
from geodata.files.features import read_features
from geodata.files.headers import Side
from geodata.files.layers.kml import read_kml
from geodata.files.sheet import UnreadableTable
from geodata.files.tables import is_delimited, read_table
from geodata.personal.door import at_the_door
from service.consultations.reading import Defaults, read_statements
from tests.specimens import villages

COMMUNITIES = (
    b"record_id,name,lat,lon,country,count,date,ward,wkt,accuracy,consent\n"
    b"1,Lindi,-1.3,36.8,KEN,12,2017,x,POINT (36 -1),5,internal\n"
    b'2,"Makina",1,2,KE;TZ,5-6,03/04/2019,y,,,\n'
)
STATEMENTS = (
    b"id,country,province,groups,drivers,sdg,age,gender,date,participants\n"
    b"1,KEN,Nairobi,women; Nubian,eviction,11.1,20-40,woman,2025-03-01,12\n"
)
FEATURES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": 1,
                "properties": {"name": "A", "lat": "1", "tags": ["x", 1]},
                "geometry": {"type": "Polygon", "coordinates": [[[36, -2], [37, -2], [37, -1], [36, -2]]]},
            }
        ],
    }
).encode()
KML = (
    b'<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>Kibera</name><Placemark id="p1">'
    b"<name>Lindi</name><ExtendedData><Data name='persons'><value>1250</value></Data></ExtendedData>"
    b"<Point><coordinates>36.78,-1.31,0</coordinates></Point></Placemark><Placemark><Polygon><outerBoundaryIs>"
    b"<LinearRing><coordinates>36,-1 37,-1 37,0 36,-1</coordinates></LinearRing></outerBoundaryIs></Polygon>"
    b"</Placemark></Folder></Document></kml>"
)


def as_places(content: bytes, name: str) -> None:
    """Read a file as an import does. Raises `UnreadableTable`."""
    table = read_table(content, name)
    table = at_the_door(table).table
    reading = read_places(table, Side.CITIZEN)
    require(len(set(reading.places.ids)) == len(reading.places), "every place has an id of its own")
    require(len(reading.places) == len(reading.rows), "every place knows its row")


def _delimited(content: bytes) -> None:
    table = read_delimited(content)
    require(len(table.rows) == len(table), "every row has its number")


def _communities(content: bytes) -> None:
    if is_delimited(content[:64], "x.csv"):
        as_places(content, "x.csv")


def _statements(content: bytes) -> None:
    if is_delimited(content[:64], "x.csv"):
        read_statements(read_table(content, "x.csv"), Defaults(country="KEN"))


def _encoded(content: bytes) -> None:
    text, _ = to_utf8(content)
    text.decode("utf-8")
    require(b"\0" not in text, "no NUL is left in a text")


def _growth(content: bytes) -> None:
    if is_delimited(content[:64], "x.csv"):
        read_rates(content, "x.csv")


def _lists() -> list[bytes]:
    return [COMMUNITIES, COMMUNITIES.replace(b",", b"\t"), villages.kobo_csv(), villages.kobo_csv_labels()]


TARGETS = (
    Target(
        "delimited", "CSV and TSV, to cells", refusing(_delimited, UnreadableTable), _lists, runs=40_000, longest=1_024,
    ),
    Target("communities", "CSV, to places", refusing(_communities, UnreadableTable), _lists, runs=4_000, longest=2_048),
    Target("statements", "CSV of consultations, to statements", refusing(_statements, UnreadableTable),
           lambda: [STATEMENTS], runs=4_000, longest=1_024),
    Target(
        "encodings", "text in any encoding", refusing(_encoded, UnreadableTable),
        lambda: [COMMUNITIES.decode().encode(name) for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7")]
        + ["nom\nÉté, Niš\n".encode(name) for name in ("cp1250", "utf-8")] + ["ИМЯ\nЖДИ\n".encode("cp1251")],
        runs=60_000, longest=1_024,
    ),
    Target("geojson", "GeoJSON, to places", refusing(lambda data: as_places(data, "x.geojson"), UnreadableTable),
           lambda: [FEATURES], runs=30_000, longest=2_048),
    Target(
        "submissions", "JSON of KoboToolbox and ODK", refusing(read_features, UnreadableTable),
        lambda: [villages.kobo_json(), villages.kobo_list(), villages.kobo_hook(), villages.odk_odata()],
        runs=30_000, longest=8_192,
    ),
    Target("kml", "KML", refusing(read_kml, UnreadableTable), lambda: [KML], runs=60_000, longest=2_048),
    Target(
        "growth", "CSV of growth rates", refusing(_growth, UnreadableGrowth),
        lambda: [b"country,year,rate\nKEN,2019,2.2\n",
                 b"country,from,to,persons_from,persons_to\nKEN,2009-08-24,2019-08-24,100,120\n"],
        runs=20_000, longest=512,
    ),
)  # fmt: skip
