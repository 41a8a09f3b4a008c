"""The crawl can fail: an application that leaks is caught, whatever way the leak takes."""

from __future__ import annotations

import base64
import gzip
import io
import logging
import math
import zipfile
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from fastapi import FastAPI, Response
from starlette.testclient import TestClient

from geodata.geopackage import Layer, append
from geodata.tiles.encoding import Column, Features, layer
from geodata.tiles.mercator import Tile
from geodata.tiles.pyramid import Pyramid
from service.writing.workbooks import workbook
from tests.crawl.canaries import Maker
from tests.crawl.filling import Filler, Unfillable, operations
from tests.crawl.oracle import Audience, Secret, may_read, may_see
from tests.crawl.scanning import NEAR, Hidden
from tests.crawl.walking import Crawl

CANARY = Maker().canary("closed", "internal", "published")
NAME, CYRILLIC = CANARY.words["name"], CANARY.words["name_cyrillic"]
CANARY.ids["record_id"] = "0" * 31 + "7"

log = logging.getLogger("leaky")


def pdf(text):
    """Return as much of a PDF as holds a compressed stream."""
    return b"%PDF-1.7\nstream\n" + zlib.compress(text.encode()) + b"endstream"


def archive(name, content):
    """Return a zip of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, content)
    return out.getvalue()


def parquet(**columns):
    """Return a table of one row."""
    out = io.BytesIO()
    pq.write_table(pa.table({name: [value] for name, value in columns.items()}), out)
    return out.getvalue()


@pytest.fixture
def geopackage(tmp_path):
    """Return what makes a layer of one place, with how many live there."""

    def made(lat, lon, people):
        path = tmp_path / "layer.gpkg"
        append(path, Layer("places", {"people": "whole"}), [{"lat": lat, "lon": lon, "people": people}])
        return path.read_bytes()

    return made


PICTURE = base64.b64encode(f"<svg><text>{NAME}</text></svg>".encode()).decode()

LEAKS = {
    "a name": (Response(f'{{"name": "{NAME}"}}'), "name"),
    "a name in capitals": (Response(NAME.upper()), "name"),
    "a name in another script": (Response(CYRILLIC), "name_cyrillic"),
    "a name escaped": (Response(CYRILLIC.encode("ascii", "backslashreplace")), "name_cyrillic"),
    "an identifier": (Response(CANARY.ids["record_id"]), "record_id"),
    "a header": (Response(headers={"Link": f"</v1/records?q={NAME}&cursor=x>; rel=next"}), "name"),
    "a redirect": (Response(status_code=303, headers={"Location": f"/v1/{CANARY.words['own_id']}"}), "own_id"),
    "an error": (Response(f'{{"detail": "{NAME} was there before."}}', 409), "name"),
    "a cursor": (Response(f'{{"next": "{base64.urlsafe_b64encode(f"after:{NAME}".encode()).decode()}"}}'), "name"),
    "a table": (Response(f"name,lat,lon\n?,{CANARY.lat},{CANARY.lon}\n", media_type="text/csv"), "point"),
    "a layer": (Response(f'{{"coordinates":[{CANARY.lon + 0.0004},{CANARY.lat - 0.0004}]}}'), "point"),
    "a picture": (Response(f"<svg><!-- {NAME} --></svg>", media_type="image/svg+xml"), "name"),
    "a page": (Response(f"<p>{''.join(f'&#{ord(sign)};' for sign in CYRILLIC)}</p>"), "name_cyrillic"),
    "a picture in a page": (Response(f'<img src="data:image/svg+xml;base64,{PICTURE}">'), "name"),
    "a workbook": (Response(workbook("gaps", ("name",), [{"name": NAME}])), "name"),
    "a document": (Response(pdf(NAME)), "name"),
    "something packed": (Response(gzip.compress(NAME.encode())), "name"),
    "a table in Parquet": (Response(parquet(lat=CANARY.lat, lon=CANARY.lon)), "point"),
    "a count in Parquet": (Response(parquet(people=CANARY.count)), "count"),
    "a count in an archive": (Response(archive("frame_updates.csv", f"people\n{CANARY.count}\n")), "count"),
    "an archive of tables": (Response(archive("a.parquet", parquet(people=CANARY.count))), "count"),
    "a count": (Response(f'{{"people": {CANARY.count}}}'), "count"),
    "a count in print": (Response(f"{CANARY.count:,} people"), "count"),
}


def tile():
    """Return the address and the content of a tile that draws the canary where it is."""
    z, side = 14, 2**14
    y = (1 - math.asinh(math.tan(math.radians(CANARY.lat))) / math.pi) / 2
    where = Tile(z, int((CANARY.lon + 180) / 360 * side), int(y * side))
    cut = Pyramid.of(np.array([CANARY.lat]), np.array([CANARY.lon])).cut(where)
    return f"/v1/{z}/{where.x}/{where.y}.mvt", layer(
        "flags", [Features(cut.x, cut.y, {"kind": Column.of(["village"])})]
    )


def crawl(answer, audience=Audience.ANONYMOUS, path="/v1/leaky"):
    """Ask an application that gives this answer, and return what the crawl came to."""
    app = FastAPI()

    @app.get(path)
    def leaky():
        log.error("asked")
        return answer

    hidden = {audience: Hidden.of(audience, [CANARY]), Audience.LOG: Hidden.of(Audience.LOG, [CANARY])}
    document = {"paths": {path: {"get": {"operationId": "leaky", "responses": {"200": {}}}}}}
    with TestClient(app) as client:
        return Crawl(client, Filler({}, {}), hidden, {audience: {}}).walk(document)


@pytest.mark.parametrize("way", LEAKS)
def test_a_leak_is_caught_whatever_way_it_takes(way):
    """Body, header, error, cursor, table, layer, picture, page, workbook, document, packed: each is searched."""
    answer, field = LEAKS[way]
    told = crawl(answer)
    assert f"{field} of {CANARY.label}" in {leak.what for leak in told.leaks}


@pytest.mark.parametrize("packed", [False, True])
def test_a_leak_in_a_geopackage_is_caught(geopackage, packed):
    """Places are held as bytes there, and counts too; also where the layer is a file of an archive."""
    layer = geopackage(CANARY.lat, CANARY.lon, CANARY.count)
    told = crawl(Response(archive("layer.gpkg", layer) if packed else layer))
    assert {f"{field} of {CANARY.label}" for field in ("point", "count")} <= {leak.what for leak in told.leaks}


def test_other_places_in_tables_of_bytes_are_no_leak(geopackage):
    """A coarser point, another count, and moments to the microsecond are none."""
    when = datetime(2026, 11, 23, 9, 5, 1, CANARY.count, UTC)
    assert crawl(Response(parquet(lat=CANARY.lat + 0.01, lon=CANARY.lon, people=7, at=when))).leaks == []
    assert crawl(Response(geopackage(CANARY.lat + 0.01, CANARY.lon + 0.01, 7))).leaks == []


def test_the_owner_is_told_without_alarm():
    """What its own organisation reads is no leak."""
    assert crawl(LEAKS["a name"][0], Audience.OWN).leaks == []


def test_the_log_is_searched():
    """A line of any logger that names a place is a leak, whoever had asked."""
    app = FastAPI()

    @app.get("/v1/leaky")
    def leaky():
        log.error("cannot compare %s", NAME)

    document = {"paths": {"/v1/leaky": {"get": {"operationId": "leaky", "responses": {"200": {}}}}}}
    with TestClient(app) as client:
        crawling = Crawl(client, Filler({}, {}), {Audience.LOG: Hidden.of(Audience.LOG, [CANARY])}, {Audience.OWN: {}})
        leaks = crawling.walk(document).leaks
    assert [(leak.audience, leak.what) for leak in leaks] == [(Audience.LOG, f"name of {CANARY.label}")]


def test_a_total_of_hidden_counts_is_caught():
    """The sum of what may not be told is searched for as well."""
    other = Maker().canary("closed", "internal", "flagged")
    hidden = Hidden.of(Audience.ANONYMOUS, [CANARY, other])
    assert list(hidden.in_text(f"total {CANARY.count + other.count}"))


def test_what_was_asked_is_not_taken_for_told():
    """Repeating the words of the question is no leak; saying more about the same record is."""
    hidden = Hidden.of(Audience.ANONYMOUS, [CANARY])
    assert hidden.search(({}, f"nothing is called {NAME}".encode()), f"/v1/records?q={NAME}") == []
    told = hidden.search(({}, f"{NAME} is {CANARY.ids['record_id']}".encode()), f"/v1/records?q={NAME}")
    assert [one.what for one in told] == [f"record_id of {CANARY.label}"]


def test_a_place_as_coarse_as_agreed_is_no_leak():
    """A point a kilometre away is not the place, and neither are a latitude and a longitude far from one another."""
    hidden = Hidden.of(Audience.ANONYMOUS, [CANARY])
    apart = f"{CANARY.lat} 1 2 3 4 5 {CANARY.lon}"
    assert list(hidden.in_text(f"[{CANARY.lon + 0.009}, {CANARY.lat + 0.009}] {apart}")) == []


def test_numbers_that_say_no_place_are_no_leak():
    """A version or a share beside somebody's longitude is not a latitude, though it is near one."""
    canary = replace(CANARY, lat=2.000_371)
    hidden = Hidden.of(Audience.ANONYMOUS, [canary])
    assert list(hidden.in_text(f'{{"version": 2, "share": 2.0, "coordinates": [{canary.lon}, 3.026571]}}')) == []
    assert list(hidden.in_text(f"{canary.lon} {canary.lat:.4f}"))


def test_canaries_stand_apart_and_are_never_written_shorter():
    """Each has angles of its own, so that no two make the place of a third, and neither's third decimal is a 0."""
    maker = Maker()
    points = [maker.point() for _ in range(432)]
    assert all(f"{angle:.3f}"[-1] != "0" for point in points for angle in point)
    assert all(abs(one[0] - other[0]) > 3 * NEAR for one, other in combinations(points, 2))
    assert all(abs(one[1] - other[1]) > 3 * NEAR for one, other in combinations(points, 2))


def test_an_operation_that_nobody_can_ask_makes_the_crawl_fail():
    """A new path parameter has to be taught; an operation that always fails was never seen."""
    entry = {"operationId": "new", "parameters": [{"name": "tile", "in": "path"}], "responses": {}}
    (operation,) = operations({"paths": {"/v1/tiles/{tile}": {"get": entry}}})
    with pytest.raises(Unfillable, match="teach the filler what tile may be"):
        list(Filler({}, {}).asks(operation))
    assert crawl(Response(status_code=404)).unanswered == ["GET /v1/leaky"]


@pytest.mark.parametrize("audience", [Audience.ANONYMOUS, Audience.STRANGER, Audience.WRONG_KEY])
def test_the_oracle_shows_outsiders_published_records_that_agreed(audience):
    """Only open and cautious ones, by consent, and of the latter neither name nor count."""
    maker = Maker()
    for sensitivity, consent, state, field, seen in (
        ("open", "public_masked", "published", "name", True),
        ("open", "public_masked", "published", "point", False),
        ("open", "public_exact", "published", "point", True),
        ("open", "public_exact", "published", "note", False),
        ("open", "public_exact", "confirmed", "record_id", False),
        ("caution", "public_masked", "published", "name", False),
        ("caution", "public_masked", "published", "record_id", True),
        ("caution", "public_exact", "published", "count", False),
        ("restricted", "public_exact", "published", "record_id", False),
        ("open", "unheard of", "published", "record_id", False),
        ("unheard of", "public_exact", "published", "record_id", False),
    ):
        assert may_see(audience, maker.canary(sensitivity, consent, state), field) is seen
    assert not may_read(audience, Secret("alpha-group", "contact", "x"))


def test_a_place_in_a_tile_is_caught():
    """A point that a vector tile draws is held against the points that may not be seen."""
    path, content = tile()
    told = crawl(Response(content), path=path)
    assert {leak.what for leak in told.leaks} == {f"point of {CANARY.label}"}
