"""Gazetteer files of both layouts, from a disk or from the Bureau, give the same places."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, UnreadableFile
from connectors.gazetteer import GazetteerConnector
from connectors.snapshot import Snapshot
from geodata.coverage import Completeness

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def fetch(**request: str) -> Snapshot:
    """Fetch from a file."""
    with Client() as client:
        return GazetteerConnector().fetch(client, request)


def zipped(name: str, content: bytes) -> bytes:
    """Pack one file as the Bureau does."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def test_both_layouts_give_the_same_record(specimens: Path):
    """Tabs with padding, and bars with GEOIDFQ, are two spellings of one list (GZ1)."""
    old = fetch(path=str(specimens / "gazetteer/2024_Gaz_place_national.txt"))
    new = fetch(path=str(specimens / "gazetteer/2025_Gaz_place_national.txt"))
    assert old.places is not None
    assert new.places is not None
    assert old.places.table.equals(new.places.table)
    assert (old.provenance.vintage, new.provenance.vintage) == ("2024", "2025")
    assert old.problems == new.problems == ()


def test_reads_places(specimens: Path):
    """Codes stay text, the Bureau's addition to a name is also left off, what is fictitious is left out."""
    places = fetch(path=str(specimens / "gazetteer/2025_Gaz_place_national.txt")).places
    assert places is not None
    assert places.ids == ["0100001", "0100002", "0100003"]
    first, second, third = places.table.to_pylist()
    assert [name["text"] for name in first["names"]] == ["Sample city", "Sample"]
    assert [name["text"] for name in third["names"]] == ["Peña town", "Peña"]
    assert (first["kind"], second["kind"], third["kind"]) == ("city", "settlement", "town")
    assert second["level"] == "census designated place"
    assert (first["country"], dict(first["admin"])) == ("USA", {"state": "AL"})
    assert (first["lat"], first["lon"]) == (31.564724, -85.259123)
    assert first["r95_m"] == pytest.approx(4381, abs=1)  # 2.4477 / 2 * sqrt(40.255362 km² / pi)
    assert ("ANSICODE", "90000001") in first["attributes"]


def test_says_what_the_list_would_hold(specimens: Path):
    """The coverage names the country, the kinds, the day, and what is not listed."""
    coverage = fetch(path=str(specimens / "gazetteer/2025_Gaz_place_national.txt")).coverage
    assert coverage.completeness is Completeness.REGISTER
    assert coverage.reference_date == date(2025, 1, 1)
    assert coverage.countries == {"USA"}
    assert "other communities are not listed" in coverage.notes[0]


def test_reads_native_areas(specimens: Path):
    """AIANNH files lack the state and the area description, and hold reservations."""
    places = fetch(path=str(specimens / "gazetteer/2025_Gaz_aiannh_national.txt")).places
    assert places is not None
    (area,) = places.table.to_pylist()
    assert area["kind"] == "reservation"
    assert [name["text"] for name in area["names"]] == ["Sample Reservation and Off-Reservation Trust Land", "Sample"]


def test_fetches_and_unpacks_the_national_file(answering: Answering, specimen: Specimen):
    """Without a path the Bureau's own address is asked, and the promises of a connector hold."""
    asked: list[httpx.Request] = []
    packed = zipped("2025_Gaz_place_national.txt", specimen("gazetteer/2025_Gaz_place_national.txt"))
    transport = answering(("2025_Gazetteer/2025_Gaz_place_national.zip", 200, packed), asked=asked)
    snapshot = check(GazetteerConnector(), {}, transport)
    assert snapshot.places is not None
    assert len(snapshot.places) == 3
    assert asked[0].url.host == "www2.census.gov"


def test_a_file_keeps_the_contract(specimens: Path):
    """All promises of a connector hold for a file on the disk too."""
    check(GazetteerConnector(), {"path": str(specimens / "gazetteer/2024_Gaz_place_national.txt")})


@pytest.mark.parametrize(
    ("request_", "failure", "said"),
    [
        ({"path": "/nowhere/2025_Gaz_place_national.txt"}, UnreadableFile, "cannot be opened"),
        ({"path": "gazetteer/2025_Gaz_zcta_national.txt"}, RequestRefused, "no areas of the Gazetteer"),
        ({"path": "gazetteer/2025_Gaz_zcta_national.txt", "areas": "place"}, SourceChanged, "NAME missing"),
        ({"path": "worldbank/country.json", "year": "2025"}, SourceChanged, "not a Gazetteer list"),
        ({"path": "worldbank/country.json"}, RequestRefused, "year"),
    ],
)
def test_other_files_are_refused(specimens: Path, request_: dict[str, str], failure: type[ConnectorError], said: str):
    """A missing file, a list without names, another format or an unknown year is told, with a hint."""
    with pytest.raises(failure, match=said) as caught:
        fetch(**{**request_, "path": str(specimens / request_["path"])})
    assert caught.value.hint


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (404, b"", RequestRefused),
        (302, b"", SourceChanged),
        (200, b"PK\x03\x04 cut short", UnreadableFile),
        (200, zipped("readme.pdf", b"%PDF"), SourceChanged),
    ],
)
def test_what_the_bureau_does_not_have_is_told(
    answering: Answering, status: int, body: bytes, failure: type[ConnectorError]
):
    """A year that is not there, a redirect, a cut or a strange archive gives no places."""
    transport = answering(("_Gaz_place_national.zip", status, body))()
    with Client(transport=transport) as client, pytest.raises(failure):
        GazetteerConnector().fetch(client, {"year": "2031"})
