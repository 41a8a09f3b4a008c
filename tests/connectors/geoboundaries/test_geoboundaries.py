"""Outlines come with the build they are of and the licence of their country; simplified ones say so."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest
import shapely

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, UnreadableFile
from connectors.geoboundaries import GeoBoundariesConnector
from connectors.geoboundaries.answers import read_boundaries
from connectors.snapshot import Snapshot

Specimen = Callable[[str], bytes]
Service = Callable[..., Callable[[], httpx.MockTransport]]
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "geoboundaries"


@pytest.fixture
def service(specimen: Specimen) -> Service:
    """Answer as the API does, and as GitHub does, which sends on to where large files lie."""

    def make(asked: list[str] | None = None, **other: httpx.Response) -> Callable[[], httpx.MockTransport]:
        def answer(request: httpx.Request) -> httpx.Response:
            if asked is not None:
                asked.append(str(request.url))
            country = "UGA" if "UGA" in request.url.path else "KEN"
            if request.url.host == "www.geoboundaries.org":
                return other.get("api") or httpx.Response(200, content=specimen(f"geoboundaries/{country}.json"))
            if request.url.host == "github.com":
                where = f"https://media.githubusercontent.com{request.url.path}"
                return other.get("github") or httpx.Response(302, headers={"Location": where})
            return other.get("file") or httpx.Response(200, content=specimen(f"geoboundaries/{country}.geojson"))

        return lambda: httpx.MockTransport(answer)

    return make


def fetch(transport: httpx.BaseTransport, **request: str) -> Snapshot:
    """Fetch Kenya unless another country is named."""
    with Client(transport=transport) as client:
        return GeoBoundariesConnector().fetch(client, {"countries": "Kenya"} | request)


def test_units_have_outlines(service: Service):
    """Each unit has its outline, a point within it, and the publisher's word for its level."""
    places = fetch(service()()).places
    assert places is not None
    row = places.table.to_pylist()[0]
    assert (row["id"], row["names"][0]["text"], row["country"]) == ("KEN1B1", "Mfano", "KEN")
    assert (row["kind"], row["level"]) == ("district", "County")
    outline = shapely.from_wkb(row["area"])
    assert outline.bounds == (36.0, 0.1, 37.0, 1.1)
    assert outline.contains(shapely.Point(row["lon"], row["lat"]))


def test_the_vintage_is_build_and_commit(service: Service):
    """The day of the build and the commit in the address together name the state; the year they stand for is apart."""
    snapshot = check(GeoBoundariesConnector(), {"countries": "KEN"}, service())
    assert snapshot.provenance.vintage == "2023-12-12 abc1234"
    assert snapshot.coverage.reference_date == date(2019, 1, 1)
    assert snapshot.provenance.licence == "Creative Commons Attribution 4.0"


def test_licence_and_source_stand_by_country(service: Service):
    """Two countries have two licences; a source that is no office, and a miscount, are told."""
    snapshot = fetch(service()(), countries="KEN,UGA")
    said = snapshot.provenance
    assert said.licence.startswith("KEN: Creative Commons Attribution 4.0; UGA: Open Data Commons")
    assert said.vintage == "2023-12-12 abc1234"
    assert "UGA: the source is not an official publisher" in said.caveats
    assert "UGA: share alike" in said.caveats
    assert not any("nan" in caveat for caveat in said.caveats)
    assert snapshot.coverage.reference_date is None
    assert "announces 3 units and holds 2" in snapshot.problems[0].message
    assert snapshot.places is not None
    assert set(snapshot.places.texts("country")) == {"KEN", "UGA"}


def test_simplified_outlines_are_named(service: Service):
    """Who asks for the small file reads in title and caveats that it is no exact border."""
    asked: list[str] = []
    said = fetch(service(asked)(), geometry="simplified").provenance
    assert "simplified" in said.title
    assert any("near a border" in caveat for caveat in said.caveats)
    assert asked[-1].endswith("_simplified.geojson")
    assert not any("near a border" in caveat for caveat in fetch(service()()).provenance.caveats)


def test_from_the_disk(specimens: Path):
    """Without internet the saved outlines and their description give the same."""
    folder = specimens / "geoboundaries"
    request = {"path": str(folder / "KEN.geojson"), "metadata": str(folder / "KEN.json")}
    snapshot = check(GeoBoundariesConnector(), request)
    assert snapshot.provenance.vintage == "2023-12-12 abc1234"


@pytest.mark.parametrize(
    ("other", "failure", "said"),
    [
        ({"api": httpx.Response(404, text="<html>")}, RequestRefused, "no such outlines"),
        ({"api": httpx.Response(200, text='{"boundaryID": "KEN"}')}, SourceChanged, "gjDownloadURL"),
        ({"github": httpx.Response(302, headers={"Location": "https://example.org/x"})}, SourceChanged, "example.org"),
        (
            {"file": httpx.Response(200, text="version https://git-lfs.github.com/spec/v1\n")},
            SourceChanged,
            "a pointer",
        ),
        ({"file": httpx.Response(404)}, SourceChanged, "HTTP 404"),
        ({"file": httpx.Response(200, text='{"type": "FeatureCollection", "features": [')}, SourceChanged, "broken"),
        ({"file": httpx.Response(200, text='{"type": "FeatureCollection", "features": []}')}, SourceChanged, "shapeID"),
        (
            {
                "file": httpx.Response(
                    200,
                    json={
                        "type": "FeatureCollection",
                        "features": [
                            {"type": "Feature", "properties": {"shapeID": "1", "shapeName": "A"}, "geometry": None}
                        ],
                    },
                )
            },
            SourceChanged,
            "no outlines",
        ),
    ],
)
def test_what_is_no_outline_is_refused(
    service: Service, other: dict[str, httpx.Response], failure: type[ConnectorError], said: str
):
    """A missing level, another shape, another host, a pointer, a cut file and an empty one are told apart."""
    with pytest.raises(failure, match=said) as caught:
        fetch(service(**other)())
    assert caught.value.hint


def test_another_country_than_asked_is_refused(service: Service, specimen: Specimen):
    """An answer about somewhere else is no answer."""
    with pytest.raises(SourceChanged, match="UGA ADM2 came"):
        fetch(service(api=httpx.Response(200, content=specimen("geoboundaries/UGA.json")))())


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        ({"countries": ""}, RequestRefused),
        ({"countries": "Atlantis"}, RequestRefused),
        ({"level": "county"}, RequestRefused),
        ({"release": "gbClosed"}, RequestRefused),
        ({"geometry": "rough"}, RequestRefused),
        ({"path": "/nowhere/x.geojson"}, UnreadableFile),
        ({"path": "/nowhere/x.geojson", "metadata": "/nowhere/x.json"}, UnreadableFile),
    ],
)
def test_requests_without_an_answer_are_refused(request_: dict[str, str], failure: type[ConnectorError]):
    """Nobody is asked for what is not there."""
    with pytest.raises(failure) as caught:
        fetch(httpx.MockTransport(lambda _: httpx.Response(599)), **request_)
    assert caught.value.hint


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded description is missing: geoboundaries")
def test_the_recorded_description_is_read():
    """Numbers are texts, "nan" is nothing, and Brazil's outlines of 2006 are not from an office (GB1)."""
    text = (RECORDED / "gbOpen_BRA_ADM1_index.json").read_text()
    (brazil,) = read_boundaries(text)
    assert (brazil.country, brazil.level, brazil.word, brazil.units) == ("BRA", "ADM1", "State", 27)
    assert (brazil.year, brazil.built, brazil.commit) == (2006, date(2023, 7, 5), "41af8f1")
    assert brazil.licence == "Creative Commons Attribution 2.5 Generic"
    assert brazil.licence_detail is None
    assert "Wikimedia" in brazil.source
    assert read_boundaries(json.dumps([json.loads(text)] * 2)) == (brazil, brazil)
