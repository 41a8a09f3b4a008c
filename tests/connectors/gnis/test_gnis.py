"""GNIS files of both layouts, from a disk or from the Board, give places; what is not known stays unknown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, NothingThere, RequestRefused, SourceChanged, UnreadableFile
from connectors.gnis import GnisConnector
from connectors.gnis.layout import UnknownLayout
from connectors.gnis.rows import REQUIRED, columns_of
from connectors.snapshot import Snapshot

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "gnis"


def fetch(**request: str) -> Snapshot:
    """Fetch from the disk."""
    with Client() as client:
        return GnisConnector().fetch(client, request)


def test_reads_populated_places(specimens: Path):
    """Places of one name differ by their feature_id; lakes and historical places are not among them."""
    places = fetch(path=str(specimens / "gnis/DomesticNames_ME.txt")).places
    assert places is not None
    assert places.ids == ["900001", "900002", "900005"]
    assert places.primary_names == ["Sample Corner", "Sample Corner", "Nowhere Known"]
    first = places.table.to_pylist()[0]
    assert (first["lat"], first["lon"], first["country"]) == (44.9, -68.8, "USA")
    assert dict(first["admin"]) == {"state": "Maine", "county": "Penobscot"}
    assert (first["kind"], first["level"]) == ("settlement", "Populated Place")
    assert dict(first["attributes"])["date_edited"] == "2021-02-24"


def test_a_point_of_zeros_is_not_known(specimens: Path):
    """The Board writes 0.0 for a point it does not know; the place stays, without one, and it is told."""
    snapshot = fetch(path=str(specimens / "gnis/DomesticNames_ME.txt"))
    assert snapshot.places is not None
    assert snapshot.places.texts("lat")[2] is None
    (problem,) = snapshot.problems
    assert "feature_id 900005" in problem.hint
    assert not problem.fatal


def test_the_vintage_is_the_latest_edit(specimens: Path):
    """The day comes out of the rows that are listed, in the way either layout writes it."""
    new = fetch(path=str(specimens / "gnis/DomesticNames_ME.txt"))
    old = fetch(path=str(specimens / "gnis/ME_Features_2018.txt"))
    assert (new.provenance.vintage, new.coverage.reference_date) == ("2022-06-08", date(2022, 6, 8))
    assert old.provenance.vintage == "2018-02-24"


def test_the_layout_of_before_2021_gives_the_same_place(specimens: Path):
    """Capitals in the header and letters for the state are read alike."""
    places = fetch(path=str(specimens / "gnis/ME_Features_2018.txt")).places
    assert places is not None
    (row,) = places.table.to_pylist()
    assert (row["id"], row["lat"], dict(row["admin"])["state"]) == ("900001", 44.9, "ME")


def test_other_classes_on_request(specimens: Path):
    """Classes are asked for as the Board writes them, and the coverage says what they are."""
    snapshot = fetch(path=str(specimens / "gnis/DomesticNames_ME.txt"), classes="Civil, Lake")
    assert snapshot.places is not None
    assert snapshot.places.texts("kind") == ["other", "administrative_unit"]
    assert snapshot.coverage.kinds == {"other", "administrative_unit"}


def test_fetches_a_state(answering: Answering, specimen: Specimen):
    """The Board's own address is asked, and all promises of a connector hold."""
    asked: list[httpx.Request] = []
    body = specimen("gnis/DomesticNames_ME.txt")
    check(GnisConnector(), {"state": "me"}, answering(("DomesticNames_ME_Text.zip", 200, body), asked=asked))
    assert asked[0].url.path.endswith("/DomesticNames/DomesticNames_ME_Text.zip")


ALL_NAMES = """feature_id|feature_name|feature_name_official|citation|date_created
900001|Sample Corner|Official|US Board|1980-09-30
900001|Old Corner|Variant|A history of the county|1981-01-01
900001|Oldest Corner|variant||1981-01-01
900002|Other Corner|Official||1980-09-30
1|Elsewhere|Variant||1980-09-30
none|Nobody|Variant||1980-09-30
"""


def test_former_names_are_joined_where_the_file_is_there(specimens: Path, tmp_path: Path):
    """Beside the file of a state it is found; variants are other names, and the caveat that they are missing goes."""
    body = (specimens / "gnis/DomesticNames_ME.txt").read_bytes()
    (tmp_path / "DomesticNames_ME.txt").write_bytes(body)
    before = fetch(path=str(tmp_path / "DomesticNames_ME.txt"))
    (tmp_path / "AllNames_National.txt").write_text(ALL_NAMES)
    snapshot = fetch(path=str(tmp_path / "DomesticNames_ME.txt"))
    assert before.places is not None
    assert snapshot.places is not None
    names = [[one["text"] for one in row["names"]] for row in snapshot.places.table.to_pylist()]
    assert names == [["Sample Corner", "Old Corner", "Oldest Corner"], ["Sample Corner"], ["Nowhere Known"]]
    assert snapshot.places.ids == before.places.ids
    assert [exchange.url for exchange in snapshot.exchanges] == [
        "file:DomesticNames_ME.txt",
        "file:AllNames_National.txt",
    ]
    assert "earlier names are not in these files" in before.provenance.caveats
    assert "earlier names are not in these files" not in snapshot.provenance.caveats


def test_former_names_are_fetched_on_request(answering: Answering, specimen: Specimen):
    """The file of the nation is asked for only then, in the layout of before 2021 too, and all promises hold."""
    old = ALL_NAMES.splitlines()
    old[0], old[1:] = old[0].upper(), [row.replace("Official", "Y").replace("Variant", "") for row in old[1:]]
    rules = (
        ("DomesticNames_ME_Text.zip", 200, specimen("gnis/DomesticNames_ME.txt")),
        ("Topical/AllNames_National_Text.zip", 200, "\n".join(old).encode()),
    )
    snapshot = check(GnisConnector(), {"state": "ME", "former": "yes"}, answering(*rules))
    assert snapshot.places is not None
    assert [one["text"] for one in snapshot.places.table.column("names").to_pylist()[0]][:2] == [
        "Sample Corner",
        "Old Corner",
    ]


def test_a_file_of_all_names_that_is_none_is_told(answering: Answering, specimen: Specimen):
    """The places do not come without the names that were asked for."""
    rules = (("Domestic", 200, specimen("gnis/DomesticNames_ME.txt")), ("AllNames", 200, b"a|b\n1|2\n"))
    with (
        Client(transport=answering(*rules)()) as client,
        pytest.raises(SourceChanged, match="not a file of all names: feature_id, feature_name, feature_name_official"),
    ):
        GnisConnector().fetch(client, {"state": "ME", "former": "yes"})


def test_a_header_that_repeats_itself_is_none():
    """Two columns of one name cannot both be meant."""
    with pytest.raises(UnknownLayout, match="stands twice"):
        columns_of([*REQUIRED, "FEATURE_ID"])


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded header is missing: gnis")
def test_the_recorded_header_is_known():
    """The header as it was in August 2026 has all that is read."""
    header = (RECORDED / "DomesticNames_header_2026.txt").read_text(encoding="utf-8-sig").strip().split("|")
    assert len(columns_of(header)) == 21


@pytest.mark.parametrize(
    ("request_", "failure", "said"),
    [
        ({}, RequestRefused, "no state"),
        ({"state": "Maine"}, RequestRefused, "is no state"),
        ({"path": "gnis/DomesticNames_ME.txt", "classes": "Nothing"}, NothingThere, "no features"),
        ({"path": "/nowhere/x.txt"}, UnreadableFile, "cannot be opened"),
        ({"path": "geonames/KE.txt"}, SourceChanged, "feature_id, feature_name"),
        ({"path": "worldbank/country.json"}, SourceChanged, "something else"),
        ({"path": "gnis/DomesticNames_ME.txt", "classes": "populated place"}, NothingThere, "no features"),
    ],
)
def test_what_is_no_list_is_refused(
    specimens: Path, request_: dict[str, str], failure: type[ConnectorError], said: str
):
    """Each refusal says how to mend it."""
    paths = {"path": str(specimens / request_["path"])} if "path" in request_ else {}
    with pytest.raises(failure, match=said) as caught:
        fetch(**{**request_, **paths})
    assert caught.value.hint


@pytest.mark.parametrize(("status", "failure"), [(403, RequestRefused), (404, RequestRefused), (302, SourceChanged)])
def test_what_the_board_does_not_have_is_told(answering: Answering, status: int, failure: type[ConnectorError]):
    """The bucket answers 403 for a file it does not hold."""
    with Client(transport=answering(("Text.zip", status, b""))()) as client, pytest.raises(failure):
        GnisConnector().fetch(client, {"state": "ZZ"})
