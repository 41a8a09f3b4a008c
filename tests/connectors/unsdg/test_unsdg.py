"""UN SDG series become figures by country and region; a filter that the service ignored is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.snapshot import Snapshot
from connectors.unsdg import UnSdgConnector
from connectors.unsdg import connector as subject
from connectors.unsdg.answers import read_observations
from connectors.unsdg.bulk import read_bulk

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded" / "unsdg"
WHOLE = "SI_POV_DAY1|Location=ALLAREA|Reporting Type=G|Sex=BOTHSEX"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask without pauses."""
    monkeypatch.setattr(subject, "_PAUSE_S", 0)


@pytest.fixture
def service(answering: Answering, specimen: Specimen) -> Callable[..., Callable[[], httpx.MockTransport]]:
    """Answer as the service does."""

    def make(asked: list[httpx.Request] | None = None, **bodies: bytes) -> Callable[[], httpx.MockTransport]:
        return answering(
            ("Series/List", 200, bodies.get("series", specimen("unsdg/series.json"))),
            ("Series/Data", 200, bodies.get("data", specimen("unsdg/data.json"))),
            asked=asked,
        )

    return make


def fetch(transport: httpx.BaseTransport, **request: str) -> Snapshot:
    """Fetch one series."""
    with Client(transport=transport) as client:
        return UnSdgConnector().fetch(client, {"series": "SI_POV_DAY1"} | request)


def test_values_are_cells(service: Callable[..., Any]):
    """Bounds keep their sign, NaN is not available, what does not concern a country is not applicable (UN1)."""
    table = fetch(service()()).observations
    assert table is not None
    found = {
        (row["area"], row["period"], row["indicator"]): (row["value"], row["status"], row["raw"])
        for row in table.to_pylist()
    }
    assert found["AGO", "2018", WHOLE] == ("31.1", "observed", "31.1")
    assert found["KEN", "2018", WHOLE] == ("5", "open_ended_bound", "<5")
    assert found["CIV", "2018", WHOLE] == ("99", "open_ended_bound", ">99")
    assert found["KEN", "2019", WHOLE] == (None, "not_available", "NaN")
    assert found["ARE", "2018", WHOLE] == (None, "not_applicable", "")
    assert found["KEN", "2018", WHOLE.replace("BOTHSEX", "FEMALE")] == ("0", "true_zero", "0")
    assert found["202", "2018", WHOLE] == ("35.2", "estimated", "35.2")


def test_areas_are_countries_by_their_own_code(service: Callable[..., Any]):
    """M49 "24" is Angola although ISO writes 024 (UN1); regions stand among countries and are told apart."""
    table = fetch(service()()).observations
    assert table is not None
    schemes = {(row["area"], row["area_scheme"], row["aggregate"]) for row in table.to_pylist()}
    assert {("AGO", "iso3166-1-a3", False), ("202", "m49", True)} <= schemes


def test_a_value_that_is_none_is_told(service: Callable[..., Any]):
    """A word in the place of a number is set aside with its row."""
    (problem,) = fetch(service()()).problems
    assert (problem.row, problem.value) == (7, "many")


def test_the_vintage_is_the_latest_release(service: Callable[..., Any]):
    """A series stands in the list once per release; the latest is asked for by name."""
    asked: list[httpx.Request] = []
    snapshot = check(UnSdgConnector(), {"series": "SI_POV_DAY1"}, service(asked))
    assert (snapshot.provenance.vintage, snapshot.provenance.vintage_kind) == ("2026.Q1.G.02", "release")
    assert asked[1].url.params["releaseCode"] == "2026.Q1.G.02"


def test_asks_for_areas_and_years_as_the_service_writes_them(service: Callable[..., Any], specimen: Specimen):
    """Countries become M49 numbers without leading zeros; years are repeated."""
    rows = json.loads(specimen("unsdg/data.json"))["data"]
    asked: list[httpx.Request] = []
    fetch(service(asked, data=json.dumps({"data": rows[:1]}).encode())(), areas="Angola, 404", years="2018:2019")
    assert asked[1].url.params.get_list("areaCode") == ["24", "404"]
    assert asked[1].url.params.get_list("timePeriod") == ["2018", "2019"]


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"areas": "KEN"}, "area 24"),
        ({"years": "2019"}, r"year 2018"),
        ({"series": "SI_OLD"}, "series SI_POV_DAY1"),
    ],
)
def test_an_ignored_filter_is_noticed(service: Callable[..., Any], request_: dict[str, str], said: str):
    """Rows that were not asked for mean that a filter has another name now: nothing of the answer is kept."""
    with pytest.raises(SourceChanged, match=said):
        fetch(service()(), **request_)


def test_pages_are_counted(monkeypatch: pytest.MonkeyPatch, specimen: Specimen):
    """Pages go on while they are full, also where their number is not told; what was announced must come."""
    monkeypatch.setattr(subject, "_PAGE_ROWS", 3)
    document = json.loads(specimen("unsdg/data.json"))

    def answering(total: int | None) -> httpx.MockTransport:
        def answer(request: httpx.Request) -> httpx.Response:
            if "List" in request.url.path:
                return httpx.Response(200, content=specimen("unsdg/series.json"))
            first = 3 * (int(request.url.params["page"]) - 1)
            page: dict[str, Any] = {"data": document["data"][first : first + 3]}
            return httpx.Response(200, json=page | ({} if total is None else {"totalElements": total}))

        return httpx.MockTransport(answer)

    assert fetch(answering(None)).observations.num_rows == 8  # type: ignore[union-attr]
    with pytest.raises(SourceChanged, match="8 rows came where 9 were announced"):
        fetch(answering(9))


def test_no_rows_are_an_empty_snapshot_that_says_so(service: Callable[..., Any]):
    """Nothing published, or a wrong area: the caveat names both."""
    snapshot = fetch(service(data=b'{"data": [], "totalElements": 0}')())
    assert "check the areas" in snapshot.provenance.caveats[-1]


@pytest.mark.parametrize(
    ("status", "body", "failure"),
    [
        (400, b'{"title": "One or more validation errors occurred.", "status": 400}', RequestRefused),
        (200, b"<html></html>", SourceChanged),
        (200, b'{"data": [{"series": "SI_POV_DAY1"}]}', SourceChanged),
        (200, b'{"data": [{"series": "SI_POV_DAY1", "geoAreaCode": "24"', SourceChanged),
        (302, b"", SourceChanged),
    ],
)
def test_refusals_are_told_apart(specimen: Specimen, status: int, body: bytes, failure: type[ConnectorError]):
    """A validation error, a page, another shape, a cut body and a redirect are named as such."""

    def answer(request: httpx.Request) -> httpx.Response:
        if "List" in request.url.path:
            return httpx.Response(200, content=specimen("unsdg/series.json"))
        return httpx.Response(status, content=body)

    with pytest.raises(failure) as caught:
        fetch(httpx.MockTransport(answer))
    assert caught.value.hint


@pytest.mark.parametrize(
    "request_",
    [
        {"series": "NO_SUCH"},
        {"release": "2020.Q1.G.01"},
        {"areas": "Atlantis"},
        {"years": "2020:2015"},
        {"years": "now"},
    ],
)
def test_what_is_not_there_is_refused(service: Callable[..., Any], request_: dict[str, str]):
    """An unknown series, release, area or window is told before figures are asked for."""
    with pytest.raises(RequestRefused) as caught:
        fetch(service()(), **request_)
    assert caught.value.hint


def test_a_bulk_file_says_the_same(specimens: Path, service: Callable[..., Any]):
    """The padding of NUL bytes is cut, bracketed columns are breakdowns, and the rows are those of the API (UN2)."""
    bulk = fetch(httpx.MockTransport(lambda _: httpx.Response(500)), path=str(specimens / "unsdg/bulk.csv"))
    online = fetch(service()())
    assert bulk.observations is not None
    assert online.observations is not None
    every = online.observations.to_pylist()
    assert bulk.observations.num_rows == 2
    assert all(row in every for row in bulk.observations.to_pylist())
    assert not bulk.problems


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"\n\n"])
def test_an_empty_bulk_file_is_no_answer(content: bytes):
    """The service sends nothing for its largest goals; that is not "no data" (UN2)."""
    with pytest.raises(SourceUnavailable, match="gives up on large goals"):
        read_bulk(content, "Goal3.csv", "unsdg")


def test_another_table_is_no_bulk_file():
    """What is missing is named."""
    with pytest.raises(SourceChanged, match="SeriesCode"):
        read_bulk(b"a,b\n1,2\n", "x.csv", "unsdg")


@pytest.mark.skipif(not RECORDED.is_dir(), reason="the recorded rows of UN SDG are missing: unsdg")
def test_recorded_rows_are_figures():
    """Two real rows, trimmed to four keys: refused as they are, read with the keys that were cut away."""
    rows = json.loads((RECORDED / "series_data_rows_2_TRIMMED.json").read_bytes())
    with pytest.raises(SourceChanged):
        read_observations(rows)
    cut = {"series": "EN_ATM_CO2", "geoAreaName": "Senegal", "attributes": {}}
    kept, problems = read_observations([cut | row for row in rows])
    assert [(one.area, one.period, str(one.cell.value)) for one in kept] == [
        ("SEN", "2000", "3.52"),
        ("SEN", "2000", "0.5"),
    ]
    assert problems == ()
