"""The dump of GeoNames, from a folder or from its site, gives places with their names, and broken rows are told."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from connectors.archive import content_sha256
from connectors.bulk import buckets
from connectors.bulk.places_on_disk import PlacesOnDisk
from connectors.bulk.texts import _Repaired
from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, NothingThere, RequestRefused, SourceChanged, UnreadableFile
from connectors.geonames import GeoNamesConnector
from connectors.snapshot import Snapshot
from geodata.coverage import Completeness

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def fetch(**request: str) -> Snapshot:
    """Fetch from the disk."""
    with Client() as client:
        return GeoNamesConnector().fetch(client, request)


def zipped(**files: bytes) -> bytes:
    """Pack texts as GeoNames does, with the readme that lies in every archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "x" * 100_000)
        for name, content in files.items():
            archive.writestr(f"{name}.txt", content)
    return packed.getvalue()


@pytest.fixture
def listed(specimens: Path) -> Snapshot:
    """Give the specimen of Kenya with its alternate names."""
    return fetch(path=str(specimens / "geonames"))


def test_reads_places_with_their_names(listed: Snapshot):
    """Names come with their languages, codes that are no names are left out, and nothing is said twice."""
    assert listed.places is not None
    rows = {row["id"]: row for row in listed.places.table.to_pylist()}
    assert sorted(rows) == ["1001", "1002", "1003", "1006"]
    first = rows["1001"]
    assert [(name["text"], name["language"]) for name in first["names"]] == [
        ("Kijiji cha Ng\u2019ombe", None),
        ("Kijiji cha Ng'ombe", None),
        ("Cow Village", "en"),
        ("Ngombe", None),
    ]
    assert [name["language"] for name in rows["1002"]["names"]] == [None, "so", "ar"]
    assert [(name["text"], name["language"]) for name in rows["1003"]["names"]][1:] == [("遠島", "zh-Hant")]
    assert (first["country"], first["lat"], first["lon"]) == ("KEN", -1.31, 36.78)
    assert (first["kind"], first["level"]) == ("neighbourhood", "section of populated place")
    assert (rows["1002"]["kind"], rows["1002"]["level"]) == ("camp", "refugee camp")


def test_admin_codes_say_whose_they_are(listed: Snapshot):
    """GeoNames' codes are neither ISO nor P-codes; the names of the units stand beside them."""
    assert listed.places is not None
    admin = {row["id"]: dict(row["admin"]) for row in listed.places.table.to_pylist()}
    assert admin["1001"] == {"geonames_adm1": "KE.05", "adm1_name": "Nairobi Area", "geonames_adm2": "KE.05.110"}


def test_a_population_of_zero_is_not_known(listed: Snapshot):
    """0 says that GeoNames does not know; it is a reason, not a count."""
    assert listed.places is not None
    counts = {row["id"]: row["counts"][0] for row in listed.places.table.to_pylist()}
    assert (counts["1001"]["value"], counts["1001"]["status"]) == (1200, "observed")
    assert (counts["1003"]["value"], counts["1003"]["status"]) == (None, "not_available")


def test_what_is_wrong_with_rows_is_told(listed: Snapshot):
    """A cut row, an id that stands twice and a point that is none are named; everything else stays."""
    assert [(problem.row, problem.column, problem.fatal) for problem in listed.problems] == [
        (7, None, True),
        (None, "geonameid", True),
        (None, "latitude and longitude", False),
    ]
    assert "3 values where 19 were agreed" in listed.problems[0].message
    assert "1006" in listed.problems[2].hint


def test_says_as_of_when_and_on_which_terms(listed: Snapshot):
    """The vintage is the latest modification of a row that was kept, and a place that is no more is not listed."""
    assert (listed.provenance.vintage, listed.provenance.licence) == ("2025-11-02", "CC BY 4.0")
    assert listed.coverage.completeness is Completeness.PARTIAL
    assert listed.coverage.countries == {"KEN"}
    assert listed.coverage.kinds == {"settlement", "camp"}
    assert len(listed.exchanges) == 3


def test_without_the_file_of_names_the_rows_own_are_taken(specimens: Path, tmp_path: Path):
    """Other names then have no language, and a caveat says so."""
    shutil.copy(specimens / "geonames/KE.txt", tmp_path)
    snapshot = fetch(path=str(tmp_path / "KE.txt"), features="PPLX")
    assert snapshot.places is not None
    (row,) = snapshot.places.table.to_pylist()
    assert [name["text"] for name in row["names"]][2:] == ["Ngombe", "Cow Village"]
    assert "without their languages" in snapshot.provenance.caveats[-1]


def test_places_that_are_no_more_come_when_they_are_named(specimens: Path):
    """Who asks for abandoned places by their code gets them."""
    snapshot = fetch(path=str(specimens / "geonames"), features="PPLQ,T")
    assert snapshot.places is not None
    assert snapshot.places.ids == ["1004", "1005"]


def test_many_buckets_give_the_same_places(specimens: Path, monkeypatch: pytest.MonkeyPatch, listed: Snapshot):
    """However the join is divided, each place keeps its own names."""
    monkeypatch.setattr(buckets, "_ONE", 0)
    divided = fetch(path=str(specimens / "geonames"))
    assert divided.places is not None
    assert listed.places is not None
    rows = {row["id"]: row for row in listed.places.table.to_pylist()}
    assert {row["id"]: row for row in divided.places.table.to_pylist()} == rows


def test_the_same_rows_in_another_order_are_the_same_snapshot(specimens: Path, tmp_path: Path, listed: Snapshot):
    """The dump promises no order; the snapshot has one."""
    shutil.copytree(specimens / "geonames", tmp_path / "geonames")
    rows = (specimens / "geonames/KE.txt").read_bytes().splitlines(keepends=True)
    order = [2, 1, 0, 3, 5, 4, 6, 7]  # the cut row stays the seventh, where it is told to be
    (tmp_path / "geonames/KE.txt").write_bytes(b"".join(rows[i] for i in order))
    assert content_sha256(fetch(path=str(tmp_path / "geonames"))) == content_sha256(listed)


def test_tells_how_far_it_is(specimens: Path):
    """Whoever waits for a large dump hears of rows, names and parts."""
    heard: list[tuple[int, int | None, str]] = []
    with Client(progress=lambda done, total, what: heard.append((done, total, what))) as client:
        GeoNamesConnector().fetch(client, {"path": str(specimens / "geonames")})
    assert [what for _, _, what in heard] == [
        "administrative units read",
        "rows read",
        "names read",
        "parts joined with their names",
    ]
    assert heard[1] == (7, None, "rows read")


def test_fetches_a_country(answering: Answering, specimen: Specimen):
    """The country's own files are asked for, not the world's, and all promises of a connector hold."""
    asked: list[httpx.Request] = []
    transport = answering(
        ("alternatenames/KE.zip", 200, zipped(KE=specimen("geonames/alternateNamesV2.txt"))),
        ("KE.zip", 200, zipped(KE=specimen("geonames/KE.txt"))),
        ("admin1CodesASCII.txt", 200, specimen("geonames/admin1CodesASCII.txt")),
        ("admin2Codes.txt", 404, b""),
        asked=asked,
    )
    snapshot = check(GeoNamesConnector(), {"countries": "ke"}, transport)
    assert isinstance(snapshot.places, PlacesOnDisk)
    assert len(snapshot.places) == 4
    assert {request.url.host for request in asked} == {"download.geonames.org"}


def test_a_country_without_names_of_its_own_takes_the_worlds(answering: Answering, specimen: Specimen):
    """Where the small file is missing, the large one has the same names."""
    transport = answering(
        ("alternatenames/KE.zip", 404, b""),
        ("alternateNamesV2.zip", 200, zipped(alternateNamesV2=specimen("geonames/alternateNamesV2.txt"))),
        ("KE.zip", 200, zipped(KE=specimen("geonames/KE.txt"))),
        ("Codes", 404, b""),
    )
    with Client(transport=transport()) as client:
        snapshot = GeoNamesConnector().fetch(client, {"countries": "KE"})
    assert any("Cow Village" in str(row["names"]) for row in snapshot.places.table.to_pylist())  # type: ignore[union-attr]


KE = b"1\tA\tA\t\t1\t1\tP\tPPL\tKE\t\t\t\t\t\t0\t\t\t\t2020-01-01\n"


@pytest.mark.parametrize(
    ("content", "failure", "said"),
    [
        (b"<html><title>Quota</title></html>", SourceChanged, "something else"),
        (b"PK\x03\x04 cut short", SourceChanged, "a cut archive"),
        (b"", UnreadableFile, "damaged"),
        (b"1\tA\tB\n2\tC\tD\n", SourceChanged, "0 rows as agreed and 2 others"),
        (zipped(KE=KE)[:-40], SourceChanged, "a cut archive"),
        (zipped(KE=KE).replace(KE[:20], b"#" * 20), UnreadableFile, "damaged"),
        (KE.replace(b"\tP\t", b"\tT\t"), NothingThere, "no such places"),
    ],
)
def test_files_that_are_not_the_dump_are_refused(
    tmp_path: Path, content: bytes, failure: type[ConnectorError], said: str
):
    """A page, a cut or changed archive, another layout or no wanted row is told, with a hint."""
    (tmp_path / "KE.zip").write_bytes(content)
    with pytest.raises(failure, match=said) as caught:
        fetch(path=str(tmp_path / "KE.zip"))
    assert caught.value.hint


def test_a_row_of_another_encoding_loses_no_other(tmp_path: Path):
    """Bytes that are not UTF-8 cost their row and are shown."""
    rows = [KE, KE.replace(b"1\tA", b"2\tCaf\xe9", 1), b"3\tcut sh\xf6rt\n", KE.replace(b"1\tA", "4\tCafé".encode(), 1)]
    (tmp_path / "KE.txt").write_bytes(b"".join(rows))
    snapshot = fetch(path=str(tmp_path / "KE.txt"))
    assert snapshot.places is not None
    assert snapshot.places.ids == ["1", "4"]
    assert [(problem.column, problem.value) for problem in snapshot.problems] == [
        (None, "3\tcut sh\ufffdrt"),
        ("name", "Caf\ufffd"),
    ]


def test_a_large_file_of_nothing_but_broken_rows_is_left_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A text that unpacks to millions of short lines is refused long before its end."""
    monkeypatch.setattr("connectors.bulk.texts._ENOUGH", 1_000)
    (tmp_path / "KE.zip").write_bytes(zipped(KE=b"0\n" * 2_000_000))
    with pytest.raises(SourceChanged, match="0 rows as agreed and 1,001 others"):
        fetch(path=str(tmp_path / "KE.zip"))


def test_letters_cut_in_two_by_reading_stay_whole():
    """A file read byte by byte says the same: a letter of several bytes is no fault."""
    repaired = _Repaired(io.BytesIO("Ñandú遠".encode()))
    assert b"".join(iter(lambda: repaired.read(1), b"")) == "Ñandú遠".encode()
    assert not repaired.was_needed


def test_a_file_of_many_broken_rows_stays_small(tmp_path: Path):
    """The first thousand are told one by one, the rest as a number."""
    (tmp_path / "KE.txt").write_bytes(KE * 3_000)
    snapshot = fetch(path=str(tmp_path / "KE.txt"))
    assert len(snapshot.problems) == 1_001
    assert "1,999 more problems" in snapshot.problems[-1].message


@pytest.mark.parametrize(
    ("request_", "failure"),
    [
        ({}, RequestRefused),
        ({"countries": "KE", "features": " "}, RequestRefused),
        ({"path": "/nowhere/KE.zip"}, UnreadableFile),
    ],
)
def test_a_request_without_an_answer_is_refused(request_: dict[str, str], failure: type[ConnectorError]):
    """Nobody is made to fetch the whole world by a slip."""
    with pytest.raises(failure) as caught:
        fetch(**request_)
    assert caught.value.hint


@pytest.mark.parametrize(("status", "failure"), [(404, RequestRefused), (302, SourceChanged)])
def test_what_the_site_does_not_have_is_told(answering: Answering, status: int, failure: type[ConnectorError]):
    """An unknown country or a redirect gives no places."""
    with Client(transport=answering(("XX.zip", status, b""))()) as client, pytest.raises(failure):
        GeoNamesConnector().fetch(client, {"countries": "XX"})
