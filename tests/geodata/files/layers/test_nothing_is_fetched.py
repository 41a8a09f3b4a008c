"""Files that name a server or another file: a witness on this machine is never asked, and the other file never read."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely

from geodata.files.tables import UnreadableTable, layer_names, read_table
from tests.specimens.layers import packed, write_layer
from tests.specimens.saving import open_document, workbook

SECRET = "planted-in-another-file"  # noqa: S105 - nobody's


class Witness:
    """A server that only remembers who came."""

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        asked: list[str] = []

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"id,name\n1,fetched\n")

            do_HEAD = do_POST = do_GET  # noqa: N815 - names that the server asks for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.asked = asked
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()


@pytest.fixture
def witness() -> Iterator[Witness]:
    """Give a server that nobody should ask."""
    made = Witness()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """Give a table that no other file may show."""
    path = tmp_path / "secret.csv"
    path.write_text(f"id,name\n1,{SECRET}\n", encoding="utf-8")
    return path


def vrt(source: str) -> bytes:
    """Return GDAL's description of a layer that lies somewhere else."""
    layer = f'<OGRVRTLayer name="secret"><SrcDataSource>{source}</SrcDataSource></OGRVRTLayer>'
    return f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>".encode()


def zipped(**files: bytes) -> bytes:
    """Return an archive; "_" in a name stands for its point."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, body in files.items():
            archive.writestr(name.replace("_", "."), body)
    return content.getvalue()


def added(content: bytes, name: str, body: str) -> bytes:
    """Return a workbook with one more part."""
    whole = io.BytesIO(content)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr(name, body)
    return whole.getvalue()


def kml(url: str) -> bytes:
    """Return placemarks beside a link to more of them, a style, a picture and a schema elsewhere."""
    link = f"<NetworkLink><Link><href>{url}/more.kml</href></Link></NetworkLink>"
    style = f"<styleUrl>{url}/style.kml#x</styleUrl><Style><IconStyle><Icon><href>{url}/i.png</href></Icon></IconStyle>"
    mark = f"<Placemark><name>A</name>{style}</Style><Point><coordinates>36,-1</coordinates></Point></Placemark>"
    begins = (
        f'<kml xmlns="http://www.opengis.net/kml/2.2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="http://www.opengis.net/kml/2.2 {url}/kml.xsd">'
    )
    return f'<?xml-stylesheet href="{url}/s.xsl"?>{begins}<Document>{link}{mark}</Document></kml>'.encode()


def geojson(url: str) -> bytes:
    """Return a feature whose reference system is said to stand on a server."""
    point = {"type": "Point", "coordinates": [36, -1]}
    feature = {"type": "Feature", "properties": {"name": "A", "photo": f"{url}/p.jpg"}, "geometry": point}
    system = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    return json.dumps({"type": "FeatureCollection", "crs": system, "features": [feature]}).encode()


def shapefile(folder: Path, url: str) -> bytes:
    """Return a shapefile whose reference system asks for a grid of shifts from a server."""
    (folder / "shp").mkdir()
    write_layer(folder / "shp" / "layer.shp", {"name": ["A", "B"]})
    grid = f'EXTENSION["PROJ4","+proj=longlat +ellps=clrk80 +nadgrids={url}/shift.tif +no_defs"]'
    system = 'GEOGCS["x",DATUM["x",SPHEROID["Clarke 1880",6378249.145,293.465]'
    system += f',{grid}],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],{grid}]'
    (folder / "shp" / "layer.prj").write_text(system, encoding="ascii")
    return packed(folder / "shp")


def geoparquet(url: str) -> bytes:
    """Return a GeoParquet file whose reference system is an address."""
    table = pa.table({"name": ["A"], "geometry": [shapely.to_wkb(shapely.Point(36, -1))]})
    column = {"encoding": "WKB", "geometry_types": ["Point"], "crs": f"{url}/crs"}
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}}
    sink = io.BytesIO()
    pq.write_table(table.replace_schema_metadata({"geo": json.dumps(geo)}), sink)
    return sink.getvalue()


def xlsx(url: str) -> bytes:
    """Return a workbook with a link to another one and a picture of a server."""
    kind = "http://schemas.openxmlformats.org"
    link = f'<Relationship Id="r1" Type="{kind}/x" Target="{url}/other.xlsx" TargetMode="External"/>'
    formula = f'=WEBSERVICE("{url}/x")'
    content = workbook({"Data": [["name"], [formula]]})
    return added(content, "xl/externalLinks/_rels/externalLink1.xml.rels", f"<Relationships>{link}</Relationships>")


def ods(url: str) -> bytes:
    """Return a document that takes its sheet from a server."""
    content = open_document([["name"], ["A"]])
    settings = f'<x xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}/other.ods" xlink:actuate="onLoad"/>'
    return added(content, "settings.xml", settings)


FILES: dict[str, Callable[[Path, str], tuple[str, bytes]]] = {
    "links, styles and pictures of KML": lambda _, url: ("x.kml", kml(url)),
    "the same in KMZ": lambda _, url: ("x.kmz", zipped(doc_kml=kml(url))),
    "a reference system of GeoJSON": lambda _, url: ("x.geojson", geojson(url)),
    "a grid of a shapefile": lambda folder, url: ("x.zip", shapefile(folder, url)),
    "a reference system of GeoParquet": lambda _, url: ("x.parquet", geoparquet(url)),
    "links of a workbook": lambda _, url: ("x.xlsx", xlsx(url)),
    "links of a document": lambda _, url: ("x.ods", ods(url)),
    "an address as the name": lambda _, url: (f"/vsicurl/{url}/x.csv", b"id,name\n1,A\n"),
    "a description of a layer": lambda _, url: ("x.vrt", vrt(f"/vsicurl/{url}/x.csv")),
    "one that calls itself a GeoPackage": lambda _, url: ("x.gpkg", vrt(f"/vsicurl/{url}/x.csv")),
    "one that calls itself KML": lambda _, url: ("x.kml", vrt(f"/vsicurl/{url}/x.csv")),
    "one in an archive": lambda _, url: ("x.zip", zipped(layer_vrt=vrt(f"/vsicurl/{url}/x.csv"))),
    "one beside a table": lambda _, url: ("x.zip", zipped(a_vrt=vrt(f"{url}/x.csv"), b_csv=b"id,name\n1,A\n")),
    "one that calls itself a shapefile": lambda _, url: (
        "x.zip", zipped(a_shp=vrt(f"/vsicurl/{url}/x"), a_dbf=b"\3" * 40, a_shx=b""),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_nobody_is_asked_and_nothing_else_is_read(name: str, witness: Witness, secret: Path, tmp_path: Path) -> None:
    """Read or refused, a file reaches neither a server nor a file beside itself."""
    for place in (witness.url, str(secret), f"file://{secret}"):
        folder = tmp_path / f"f{len(place)}{place[0] == '/'}"
        folder.mkdir()
        called, content = FILES[name](folder, place)
        with suppress(UnreadableTable):
            layer_names(content)
        with suppress(UnreadableTable):
            table = read_table(content, called)
            assert SECRET not in str(table.columns.to_pylist())
            assert "fetched" not in str(table.columns.to_pylist())
    assert witness.asked == []


def test_the_witness_would_notice(witness: Witness) -> None:
    """Whoever asks is remembered, so that an empty list means that nobody did."""
    import urllib.request  # noqa: PLC0415 - what this test does, nothing of ours does

    with urllib.request.urlopen(f"{witness.url}/x", timeout=10) as answer:  # noqa: S310 - the witness
        assert answer.status == 200
    assert witness.asked == ["/x"]
