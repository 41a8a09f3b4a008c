"""The Census connector tells refusals from answers, words from numbers, and keeps the key to itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal

import httpx
import pytest

from connectors.census import CensusConnector
from connectors.census.answers import read_cell
from connectors.census.tables import split
from connectors.client import Client
from connectors.contract import check
from connectors.errors import AccessRefused, ConnectorError, RequestRefused, SourceChanged
from connectors.snapshot import Snapshot
from geodata.cells import Cell, CellStatus

KEY = "0123456789abcdef0123456789abcdef"
DECENNIAL = {"key": KEY, "for": "state:*"}
SURVEY = {"key": KEY, "year": "2024", "dataset": "acs/acs5", "variables": "B01003_001E,B19013_001E", "for": "state:*"}
Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def fetch(transport: httpx.BaseTransport, request: dict[str, str]) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return CensusConnector().fetch(client, request)


def cells(snapshot: Snapshot, indicator: str) -> dict[str, tuple[str | None, str, str | None]]:
    """Return area name -> (value, status, margin) of one indicator."""
    assert snapshot.observations is not None
    return {
        row["area_name"]: (row["value"], row["status"], row["margin"])
        for row in snapshot.observations.to_pylist()
        if row["indicator"] == indicator
    }


@pytest.mark.parametrize(("name", "request_"), [("decennial.json", DECENNIAL), ("survey.json", SURVEY)])
def test_keeps_the_contract(answering: Answering, specimen: Specimen, name: str, request_: dict[str, str]):
    """All promises of a connector hold, for counts and for estimates."""
    snapshot = check(CensusConnector(), request_, answering(("/data/", 200, specimen(f"census/{name}"))))
    assert snapshot.provenance.licence == "US public domain"


def test_reads_counts(answering: Answering, specimen: Specimen):
    """Every value comes as text or null; a zero is true, a null is not available, codes keep their zeros."""
    snapshot = fetch(answering(("/data/", 200, specimen("census/decennial.json")))(), DECENNIAL)
    assert cells(snapshot, "P1_001N") == {
        "California": ("39538223", "observed", None),
        "Loving, a made-up state": ("0", "true_zero", None),
    }
    assert cells(snapshot, "P1_005N")["Loving, a made-up state"] == (None, "not_available", None)
    assert snapshot.observations is not None
    assert snapshot.observations.column("area").to_pylist()[0] == "0400000US06"
    assert snapshot.provenance.vintage == "2020/dec/pl"
    assert any("differential-privacy" in caveat for caveat in snapshot.provenance.caveats)


def test_sentinels_are_words(answering: Answering, specimen: Specimen):
    """The numbers that mean "suppressed" or "controlled" never become figures (CE5)."""
    snapshot = fetch(answering(("/data/", 200, specimen("census/survey.json")))(), SURVEY)
    assert cells(snapshot, "B01003_001E")["Controlled"] == ("4903185", "controlled", "0")
    assert cells(snapshot, "B01003_001E")["Few cases"] == ("1200", "observed", "130")
    assert cells(snapshot, "B19013_001E") == {
        "Controlled": ("52035", "observed", "425"),
        "Few cases": (None, "unreliable", None),
        "Very few cases": (None, "suppressed", None),
        "Not asked": (None, "not_applicable", None),
        "Open interval": ("250000", "open_ended_bound", None),
    }


@pytest.mark.parametrize(
    ("value", "annotation", "expected"),
    [
        ("-555555555", "*****", Cell(None, CellStatus.CONTROLLED, "-555555555")),
        ("-555555555", None, Cell(None, CellStatus.CONTROLLED, "-555555555")),
        ("-666666666.0", None, Cell(None, CellStatus.UNRELIABLE, "-666666666.0")),
        (None, "(X)", Cell(None, CellStatus.NOT_APPLICABLE, "(X)")),
        ("2499", "2,500-", Cell(Decimal(2500), CellStatus.OPEN_ENDED_BOUND, "2,500-")),
        ("12.5", None, Cell(Decimal("12.5"), CellStatus.OBSERVED, "12.5")),
        (None, None, Cell(None, CellStatus.NOT_AVAILABLE, "null")),
    ],
)
def test_a_cell_is_a_number_or_a_reason(value: str | None, annotation: str | None, expected: Cell):
    """Each sentinel and each annotation has its status (CE5)."""
    assert read_cell(value, annotation) == expected


def test_without_a_key_nothing_is_asked(answering: Answering):
    """A key is needed, and how to get one is said, before the network is touched."""
    with pytest.raises(AccessRefused) as caught:
        fetch(answering()(), {"for": "state:*"})
    assert "key_signup" in caught.value.hint


@pytest.mark.parametrize("page", ["missing_key", "invalid_key"])
def test_a_redirect_to_the_key_page_is_a_refusal(page: str):
    """The redirect is not followed; it says that the key is missing or wrong, and does not repeat it (CE1)."""
    headers = {"Location": f"https://api.census.gov/data/{page}.html?key={KEY}", "X-DataWebAPI-KeyError": "1"}
    transport = httpx.MockTransport(lambda _: httpx.Response(302, headers=headers))
    with pytest.raises(AccessRefused, match="missing" if page == "missing_key" else "not valid") as caught:
        fetch(transport, DECENNIAL)
    assert KEY not in str(caught.value)


def test_the_key_page_with_status_200_is_a_refusal(answering: Answering, specimen: Specimen):
    """A page that says "Invalid Key" is not taken for data (CE2)."""
    with pytest.raises(AccessRefused, match="not valid"):
        fetch(answering(("/data/", 200, specimen("census/invalid_key.html")))(), DECENNIAL)


def test_no_content_is_no_data(answering: Answering):
    """204 means that nothing is published there: an empty snapshot that says so, not a fault (CE3)."""
    snapshot = fetch(answering(("/data/", 204, b""))(), DECENNIAL)
    assert snapshot.observations is not None
    assert len(snapshot.observations) == 0
    assert any("no data are published for P1_001N" in caveat for caveat in snapshot.provenance.caveats)


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (
            400,
            b"error: error: unknown variable 'B250301_001E'",
            "pl for state:\\*: unknown variable 'B250301_001E'",
        ),
        (400, b"error: unknown/unsupported geography hierarchy", "geography hierarchy"),
        (404, b"<html><head><title>Error report</title></head></html>", "no such year or dataset"),
    ],
)
def test_a_wrong_question_is_told_in_their_words(answering: Answering, status: int, body: bytes, said: str):
    """The variable or level that is wrong is named (CE4)."""
    with pytest.raises(RequestRefused, match=said):
        fetch(answering(("/data/", status, body))(), DECENNIAL)


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html><title>Maintenance</title></html>"), (200, b"{}"), (301, b""), (200, b'[["NAME"],["x"]]')],
)
def test_anything_else_is_a_change(status: int, body: bytes):
    """A page, an object, a redirect elsewhere or a table without GEO_ID is a changed source."""
    headers = {"Location": "https://elsewhere.example"} if status == 301 else {}
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body, headers=headers))
    with pytest.raises(SourceChanged):
        fetch(transport, DECENNIAL)


def table(request: httpx.Request, areas: tuple[str, ...] = ("0400000US01", "0400000US02")) -> httpx.Response:
    """Answer as the service does: each variable's value is its own number."""
    names = request.url.params["get"].split(",")
    assert len(names) <= 50
    rows = [[area if name == "GEO_ID" else "x" if name == "NAME" else name[1:4] for name in names] for area in areas]
    return httpx.Response(200, json=[names, *rows])


def test_more_than_fifty_variables_are_split_and_joined():
    """The 51st variable goes into a second call, and the parts meet again on GEO_ID (CE6)."""
    asked: list[httpx.Request] = []
    variables = [f"P{number:03}N" for number in range(1, 52)]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        areas = ("0400000US01", "0400000US02")
        return table(request, areas if len(asked) == 1 else areas[::-1])

    snapshot = fetch(httpx.MockTransport(answer), DECENNIAL | {"variables": ",".join(variables)})
    assert len(asked) == 2
    assert snapshot.observations is not None
    values = {(row["area"], row["indicator"]): row["value"] for row in snapshot.observations.to_pylist()}
    assert len(values) == 102
    assert all(int(value) == int(indicator[1:4]) for (_, indicator), value in values.items())


def test_parts_that_do_not_fit_give_no_snapshot():
    """When the second part lacks an area, nothing is guessed."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return table(request, ("0400000US01", "0400000US02")[: 3 - len(asked)])

    variables = ",".join(f"P{number:03}N" for number in range(1, 52))
    with pytest.raises(SourceChanged, match="do not fit together on GEO_ID"):
        fetch(httpx.MockTransport(answer), DECENNIAL | {"variables": variables})


def test_a_variable_stays_with_its_annotations():
    """A call never holds more than 50 columns, and no estimate is parted from its margin."""
    groups = [tuple(f"V{number}{ending}" for ending in ("E", "EA", "M", "MA")) for number in range(30)]
    calls = split(groups)
    assert all(len(call) <= 50 and call[:2] == ("NAME", "GEO_ID") for call in calls)
    assert [name for call in calls for name in call[2:]] == [name for group in groups for name in group]


def test_the_key_is_nowhere_in_what_comes_back(answering: Answering, specimen: Specimen):
    """Neither the snapshot nor a failure shows the key (CE1)."""
    snapshot = fetch(answering(("/data/", 200, specimen("census/decennial.json")))(), DECENNIAL)
    assert KEY not in repr((snapshot.provenance, snapshot.exchanges))
    assert json.dumps([exchange.url for exchange in snapshot.exchanges]).count("REDACTED") == 1
    with pytest.raises(ConnectorError) as caught:
        fetch(answering(("/data/", 400, f"error: bad key={KEY}".encode()))(), DECENNIAL)
    assert KEY not in str(caught.value)
