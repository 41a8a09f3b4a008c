"""Statistics Canada: what failed inside a success is told, codes become cells, locked tables wait."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.snapshot import Snapshot
from connectors.statcan import StatCanConnector
from connectors.statcan.points import read_cell, read_period
from geodata.cells import CellStatus

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]
Rules = list[tuple[str, int, bytes]]

REQUEST = {"cube": "98-10-9999-01", "coordinates": "*.2"}
POINT = {
    "refPer": "2021-01-01",
    "value": Decimal("12.0"),
    "decimals": 0,
    "scalarFactorCode": 0,
    "symbolCode": 0,
    "statusCode": 0,
    "securityLevelCode": 0,
}


def rules(specimen: Specimen, *first: tuple[str, int, bytes]) -> Rules:
    """Return what the service answers, with other answers put before."""
    return [
        *first,
        ("getCubeMetadata", 200, specimen("statcan/cube.json")),
        ("LatestNPeriods", 200, specimen("statcan/series.json")),
        ("getCodeSets", 200, specimen("statcan/codes.json")),
    ]


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return StatCanConnector().fetch(client, options or REQUEST)


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the observations."""
    assert snapshot.observations is not None
    return snapshot.observations.to_pylist()


@pytest.mark.parametrize("request_", [REQUEST, {"vectors": "v1,2,3,4", "latest": "2"}])
def test_keeps_the_contract(answering: Answering, specimen: Specimen, request_: dict[str, str]):
    """All promises of a connector hold, for a table and for vectors."""
    provenance = check(StatCanConnector(), request_, answering(*rules(specimen))).provenance
    assert (provenance.vintage, provenance.vintage_kind) == ("2022-09-21T08:30", "release time, Eastern")
    assert provenance.attribution.startswith("Source: Statistics Canada, Table 98-10-9999, 2022-09-21.")


def test_a_failure_inside_a_success_is_no_number(answering: Answering, specimen: Specimen):
    """A failed series is an absent cell and told; a zero of the census is rounded, for it may be four persons."""
    snapshot = fetch(answering(*rules(specimen))())
    assert [(row["area_scheme"], row["area"], row["value"], row["status"]) for row in rows(snapshot)] == [
        ("sgc-2021", "11124", "70545", "observed"),
        ("sgc-2021", "62", "30865", "observed"),
        ("sgc-2021", "6204001", None, "absent_cell"),
        ("statcan-member", "98109999:4", "0", "rounded_zero"),
    ]
    assert [problem.message for problem in snapshot.problems] == [
        "1 of 4 series failed (invalid combination of table and series): 3.2.0.0.0.0.0.0.0.0"
    ]
    assert "rounded at random" in snapshot.provenance.caveats[0]
    assert snapshot.provenance.caveats[1] == "Reserves that refused the census are left out."


def test_an_indicator_is_a_coordinate_without_its_area(answering: Answering, specimen: Specimen):
    """The order of dimensions is that of their positions, the unit that of the member, and a note says the names."""
    snapshot = fetch(answering(*rules(specimen))())
    assert {(row["indicator"], row["unit"], row["period"]) for row in rows(snapshot)} == {
        ("98109999:*.2", "persons", "2021-01-01")
    }
    assert "98109999:*.2: Inuk (Inuit)" in snapshot.coverage.notes
    flags = {row["area_name"]: row["aggregate"] for row in rows(snapshot)}
    assert flags["Northern villages"]
    assert not flags["Nunavut"]


def test_every_area_and_the_totals_are_asked_for_unless_something_is_named(answering: Answering, specimen: Specimen):
    """Without coordinates the first member of the other dimensions is taken; coordinates have ten positions."""
    asked: list[httpx.Request] = []
    fetch(answering(*rules(specimen), asked=asked)(), cube="98109999")
    (question,) = [json.loads(one.content) for one in asked if "LatestNPeriods" in one.url.path]
    assert [one["coordinate"] for one in question] == [f"{area}.1" + ".0" * 8 for area in (1, 2, 3, 4)]
    assert {(one["productId"], one["latestN"]) for one in question} == {(98109999, 1)}


@pytest.mark.parametrize(
    ("codes", "value", "status"),
    [
        ({}, "12", CellStatus.OBSERVED),
        ({"scalarFactorCode": 3}, "12000", CellStatus.OBSERVED),
        ({"value": Decimal("161.9"), "decimals": 1}, "161.9", CellStatus.OBSERVED),
        ({"value": Decimal("0.0")}, "0", CellStatus.TRUE_ZERO),
        ({"value": Decimal("0.0"), "statusCode": 2}, "0", CellStatus.ROUNDED_ZERO),
        ({"statusCode": 6}, "12", CellStatus.OBSERVED),
        ({"statusCode": 7}, "12", CellStatus.UNRELIABLE),
        ({"symbolCode": 1}, "12", CellStatus.PROVISIONAL),
        ({"symbolCode": 3}, "12", CellStatus.REVISED),
        ({"value": None, "statusCode": 1}, None, CellStatus.NOT_AVAILABLE),
        ({"value": None, "statusCode": 8}, None, CellStatus.SUPPRESSED),
        ({"value": None, "statusCode": 9}, None, CellStatus.NOT_APPLICABLE),
        ({"value": None, "statusCode": 10}, None, CellStatus.OPEN_ENDED_BOUND),
        ({"value": None}, None, CellStatus.NOT_AVAILABLE),
        ({"securityLevelCode": 1}, None, CellStatus.SUPPRESSED),
    ],
)
def test_three_codes_make_one_cell(codes: dict[str, Any], value: str | None, status: CellStatus):
    """Status, symbol, security level and scale are read together (SC1); what is confidential has no number."""
    cell = read_cell({**POINT, **codes})
    assert (None if cell.value is None else f"{cell.value:f}", cell.status) == (value, status)


@pytest.mark.parametrize("codes", [{"statusCode": 11}, {"symbolCode": 2}])
def test_a_code_nobody_explained_is_no_number(codes: dict[str, int]):
    """A new code stops the reading: it may mean that the number is none."""
    with pytest.raises(ValueError, match="is not known"):
        read_cell({**POINT, **codes})


@pytest.mark.parametrize(
    ("first", "second", "frequency", "period"),
    [
        ("2021-01-01", "", 12, "2021"),
        ("2023-12-01", "", 6, "2023-12"),
        ("2020-04-01", "2021-03-31", 12, "2020/2021"),
        ("2023-10-01", "", 9, "2023-10-01"),
    ],
)
def test_reads_reference_periods(first: str, second: str, frequency: int, period: str):
    """A year is a year, a month a month, a fiscal year both its years."""
    assert read_period({"refPer": first, "refPer2": second}, frequency) == period


def test_a_series_without_points_is_an_answer(answering: Answering, specimen: Specimen):
    """No periods is what the service may say; the snapshot is empty and says so (SC1)."""
    body = json.loads(specimen("statcan/series.json"))
    for item in body:
        item |= {"status": "SUCCESS", "object": {**item["object"], "responseStatusCode": 0, "vectorDataPoint": []}}
    snapshot = fetch(answering(*rules(specimen, ("LatestNPeriods", 200, json.dumps(body).encode())))())
    assert rows(snapshot) == []
    assert "no periods are published for the series asked for" in snapshot.provenance.caveats


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ((409, b'{"status": "FAILED", "object": "locked"}'), (SourceUnavailable, "08:30 Eastern")),
        ((404, b'{"status": "FAILED", "object": "locked"}'), (SourceUnavailable, "08:30 Eastern")),
        ((404, b"{}"), (SourceChanged, "not known")),
        ((200, b'{"status": "FAILED", "object": "down"}'), (RequestRefused, "down")),
        ((200, b'[{"status": "FAILED", "object": {"responseStatusCode": 6}}]'), (SourceUnavailable, "published")),
        ((200, b'[{"status": "SUCCESS", "object": {"responseStatusCode": 5}}]'), (RequestRefused, "invalid table")),
        ((200, b'[{"status": "SUCCESS", "object": {"responseStatusCode": -20010}}]'), (RequestRefused, "-20010")),
        ((200, b"<html>maintenance</html>"), (SourceChanged, "page")),
        ((200, b'[{"status": "SUCCESS", "object"'), (SourceChanged, "not JSON")),
        ((200, b"[]"), (SourceChanged, "not a list of status")),
        ((200, b'[{"status": "SUCCESS", "object": {"productId": "1"}}]'), (SourceChanged, "agreed shape")),
    ],
)
def test_what_is_no_answer_is_told_apart(
    answering: Answering, specimen: Specimen, answer: tuple[int, bytes], told: tuple[type[ConnectorError], str]
):
    """Locked tables, failures in a success, pages and other shapes each raise what they are."""
    error, said = told
    with pytest.raises(error, match=said):
        fetch(answering(*rules(specimen, ("getCubeMetadata", *answer)))())


def test_a_table_published_while_it_is_read_is_asked_for_later(answering: Answering, specimen: Specimen):
    """One series that is being published makes the whole answer one for later: half a table is none."""
    body = json.loads(specimen("statcan/series.json"))
    body[2]["object"]["responseStatusCode"] = 6
    with pytest.raises(SourceUnavailable, match="being published"):
        fetch(answering(*rules(specimen, ("LatestNPeriods", 200, json.dumps(body).encode())))())


def test_fewer_items_than_asked_for_are_no_answer(answering: Answering, specimen: Specimen):
    """Series are told apart by their order, so none may be missing."""
    body = json.dumps(json.loads(specimen("statcan/series.json"))[:3]).encode()
    with pytest.raises(SourceChanged, match="4 were asked for, and 3 came"):
        fetch(answering(*rules(specimen, ("LatestNPeriods", 200, body)))())


def test_many_series_are_asked_for_in_parts(specimen: Specimen):
    """Of 650 vectors at most 300 go into one question; one that is invalid is told, the rest is kept."""
    sizes: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        name = request.url.path.rpartition("/")[2]
        if not name.startswith("getDataFromVectors"):
            return httpx.Response(200, content=specimen(f"statcan/{'cube' if 'Cube' in name else 'codes'}.json"))
        question = json.loads(request.content)
        sizes.append(len(question))
        good = json.loads(specimen("statcan/series.json"))[0]
        bad = {"status": "FAILED", "object": {"responseStatusCode": 4}}
        items = [bad if one["vectorId"] > 1 else good for one in question]
        return httpx.Response(200, content=json.dumps(items).encode())

    vectors = ",".join(f"v{number}" for number in range(1, 651))
    snapshot = fetch(httpx.MockTransport(answer), vectors=vectors)
    assert sizes == [300, 300, 50]
    assert len(rows(snapshot)) == 1
    assert snapshot.problems[0].message == "649 of 650 series failed (invalid vector): 2, 3, 4 …"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"latest": "1"}, "no table and no vectors"),
        ({"vectors": "74804;5"}, "vectors=74804;5"),
        ({"vectors": "1", "latest": "all"}, "latest=all"),
        ({"cube": "98-10"}, "cube=98-10"),
        ({"cube": "98109999", "coordinates": "1"}, "1 has 1 parts, and table 98-10-9999 has 2: Geography, Indigenous"),
        ({"cube": "98109999", "coordinates": "7.1"}, "7 is no member of Geography"),
        ({"cube": "98109998"}, "there is no table 98109998"),
    ],
)
def test_a_wrong_question_is_told(answering: Answering, specimen: Specimen, options: dict[str, str], said: str):
    """The user reads what cannot be asked for, and what there is."""
    with pytest.raises(RequestRefused) as caught:
        fetch(answering(*rules(specimen))(), **options)
    assert said in str(caught.value)


def test_when_every_series_fails_there_is_no_snapshot(answering: Answering, specimen: Specimen):
    """Nothing but failures is a wrong question, not an empty table."""
    body = [{"status": "FAILED", "object": {"responseStatusCode": 2}}] * 4
    with pytest.raises(RequestRefused, match="none of 4 series"):
        fetch(answering(*rules(specimen, ("LatestNPeriods", 200, json.dumps(body).encode())))())
