"""HAPI's pages become figures by country and P-code; what OCHA itself found wrong is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.client import Client, Question
from connectors.contract import check
from connectors.errors import AccessRefused, ConnectorError, RequestRefused, SourceChanged, UnreadableFile
from connectors.hapi import HapiConnector
from connectors.hapi import connector as subject
from connectors.hapi.answers import THEMES, classify, read_observations
from connectors.outcomes import Outcome
from connectors.snapshot import Snapshot
from geodata.cells import CellStatus

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]
RECORDED = Path(__file__).parents[4] / "shared" / "data" / "recorded"
IDENTIFIER = "bWU6bWVAZXhhbXBsZS5vcmc="
POPULATION = THEMES["baseline-population"]

needs_recorded = pytest.mark.skipif(
    not (RECORDED / "hdx-hapi").is_dir(), reason="the recorded bodies of HAPI are missing: hdx-hapi"
)


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask without pauses."""
    monkeypatch.setattr(subject, "_PAUSE_S", 0)


@pytest.fixture
def service(answering: Answering, specimen: Specimen) -> Callable[..., Callable[[], httpx.MockTransport]]:
    """Answer as HAPI and the catalogue do."""

    def make(asked: list[httpx.Request] | None = None) -> Callable[[], httpx.MockTransport]:
        return answering(
            ("baseline-population", 200, specimen("hapi/population.json")),
            ("metadata/resource", 200, specimen("hapi/resource.json")),
            ("package_show", 200, specimen("cod/package_show.json")),
            asked=asked,
        )

    return make


def fetch(transport: httpx.BaseTransport, **request: str) -> Snapshot:
    """Fetch with an identifier."""
    with Client(transport=transport) as client:
        return HapiConnector().fetch(client, {"app_identifier": IDENTIFIER} | request)


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[Any, str]]:
    """Return (scheme, area, indicator) -> value and status."""
    assert snapshot.observations is not None
    return {
        (row["area_scheme"], row["area"], row["indicator"]): (row["value"], row["status"])
        for row in snapshot.observations.to_pylist()
    }


def test_figures_stand_by_country_and_code(service: Callable[..., Any]):
    """Levels keep their own codes, groups their names, and a null, a zero and a contradiction stay three things."""
    found = cells(fetch(service()(), location_code="KEN"))
    everybody = "population|gender=all|age_range=all"
    assert found == {
        ("iso3166-1-a3", "KEN", everybody): ("1000", "observed"),
        ("pcode", "KE001", everybody): ("400", "observed"),
        ("pcode", "KE001", "population|gender=f|age_range=0-4"): ("0", "true_zero"),
        ("pcode", "KE001001", everybody): (None, "not_available"),
        ("pcode", "KE001002", everybody): (None, "not_available"),
    }


def test_a_unit_without_a_code_does_not_pass_for_the_one_above(service: Callable[..., Any]):
    """Its row is left out and named; rows that contradict one another are told."""
    told = fetch(service()()).problems
    assert any("Unmatched Ward in KEN has no P-code" in problem.message for problem in told)
    assert any("given as 70 and as 71" in problem.message for problem in told)


def test_terms_come_from_the_datasets_behind_the_figures(service: Callable[..., Any]):
    """Licence, attribution and caveats are theirs; the vintage is the update of a file that was used, of no other."""
    said = fetch(service()()).provenance
    assert said.vintage == "2024-05-06"
    assert said.licence.startswith("Creative Commons Attribution")
    assert said.attribution == "Sample Bureau of Statistics (OCHA Sample)"
    assert any("derived from ratios" in caveat for caveat in said.caveats)


def test_the_identifier_travels_in_a_header_and_shows_nowhere(service: Callable[..., Any]):
    """It holds an address of a person: not in a URL, not in the snapshot; all promises of a connector hold."""
    asked: list[httpx.Request] = []
    check(HapiConnector(), {"app_identifier": IDENTIFIER, "location_code": "KEN"}, service(asked))
    hapi = [request for request in asked if request.url.host == "hapi.humdata.org"]
    assert all(request.headers["X-HDX-HAPI-APP-IDENTIFIER"] == IDENTIFIER for request in hapi)
    assert not any("identifier" in str(request.url) for request in asked)
    others = [request for request in asked if request.url.host != "hapi.humdata.org"]
    assert others
    assert not any("X-HDX-HAPI-APP-IDENTIFIER" in request.headers for request in others)
    assert hapi[0].url.params["location_code"] == "KEN"


def test_pages_end_with_a_short_one(monkeypatch: pytest.MonkeyPatch, specimen: Specimen):
    """There is no total: a full page is followed by the next, a short one by none (HA1)."""
    monkeypatch.setattr(subject, "_LIMIT", 3)
    rows = json.loads(specimen("hapi/population.json"))["data"]
    offsets: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        first = int(request.url.params.get("offset", "0"))
        if "baseline-population" in request.url.path:
            offsets.append(request.url.params["offset"])
            return httpx.Response(200, json={"data": rows[first : first + 3]})
        return httpx.Response(200, json={"data": []})

    snapshot = fetch(httpx.MockTransport(answer))
    assert offsets == ["0", "3", "6"]
    assert snapshot.observations is not None
    assert snapshot.provenance.vintage == "not stated"


def test_pages_that_never_end_are_refused(monkeypatch: pytest.MonkeyPatch):
    """A service that ignores the offset does not hold a sync for ever."""
    monkeypatch.setattr(subject, "_LIMIT", 1)
    monkeypatch.setattr(subject, "_PAGES", 5)
    endless = httpx.MockTransport(lambda _: httpx.Response(200, json={"data": [{}]}))
    with pytest.raises(SourceChanged, match="does not end after 5 rows"):
        fetch(endless)


def test_terms_that_cannot_be_read_leave_a_caveat(answering: Answering, specimen: Specimen):
    """Figures are not lost because the catalogue is silent about their dataset."""
    transport = answering(
        ("baseline-population", 200, specimen("hapi/population.json")),
        ("metadata/resource", 200, specimen("hapi/resource.json")),
        ("package_show", 404, b'{"success": false, "error": {"message": "Not found"}}'),
    )()
    said = fetch(transport).provenance
    assert said.licence.startswith("not stated")
    assert any("d1 could not be read: Not found" in caveat for caveat in said.caveats)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, b'{"error":"Missing app identifier"}', (AccessRefused, "Missing app identifier")),
        (403, b'{"error":"Invalid app identifier"}', (AccessRefused, "Invalid app identifier")),
        (
            422,
            b'{"detail":[{"loc":["query","limit"],"msg":"too large","type":"value_error"}]}',
            (RequestRefused, r"query\.limit: too large"),
        ),
        (404, b'{"detail":"Not Found"}', (SourceChanged, "path is not known")),
        (200, b'{"rows": []}', (SourceChanged, "something else than rows")),
        (200, b'{"data": [{"location_code": "KEN"}]}', (SourceChanged, "reference_period_start")),
        (302, b"", (SourceChanged, "not JSON")),
    ],
)
def test_refusals_are_told_apart(
    answering: Answering, status: int, body: bytes, expected: tuple[type[ConnectorError], str]
):
    """Each refusal becomes the matching error, in the service's own words."""
    failure, said = expected
    with pytest.raises(failure, match=said) as caught:
        fetch(answering(("hapi", status, body))())
    assert caught.value.hint


def test_without_an_identifier_nobody_is_asked():
    """The hint says where to make one."""
    with Client() as client, pytest.raises(AccessRefused) as caught:
        HapiConnector().fetch(client, {})
    assert "encode_app_identifier" in caught.value.hint


@pytest.mark.parametrize(
    ("request_", "failure"), [({"theme": "weather"}, RequestRefused), ({"path": "/nowhere/x.csv"}, UnreadableFile)]
)
def test_what_is_not_there_is_refused(request_: dict[str, str], failure: type[ConnectorError]):
    """An unknown theme names those there are."""
    with Client() as client, pytest.raises(failure) as caught:
        HapiConnector().fetch(client, request_)
    assert caught.value.hint


@needs_recorded
@pytest.mark.parametrize("name", ["missing", "invalid"])
def test_recorded_refusals_are_access_problems(name: str):
    """Both bodies of 403 say that it is about the identifier (HA1)."""
    body = (RECORDED / f"hdx-hapi/error_403_{name}_app_identifier.json").read_bytes()
    with Client(transport=httpx.MockTransport(lambda _: httpx.Response(403, content=body))) as client:
        found = classify(client.get(Question("hapi", "https://hapi.humdata.org")))
    assert (found.outcome, found.said) == (Outcome.ACCESS_PROBLEM, f"{name.capitalize()} app identifier")


@needs_recorded
def test_a_recorded_row_is_a_figure():
    """A row of needs stands by its province, as its district was never named, and is an estimate."""
    row = json.loads((RECORDED / "hdx-hapi/humanitarian_needs_row_REAL.json").read_bytes())
    (one,), problems = read_observations([row], THEMES["humanitarian-needs"])
    assert (one.area, one.area_scheme, one.cell.value) == ("AF01", "pcode", 1025289)
    assert one.indicator == "population|sector_code=FSC|category=Adult|population_status=INN"
    assert one.cell.status is CellStatus.ESTIMATED
    assert problems == ()


@needs_recorded
def test_the_flat_file_shows_what_ocha_found_wrong():
    """Swapped P-codes and the two Banguis are told, and neither figure of Bangui is taken (HD1)."""
    path = RECORDED / "hdx-cod/cod-ps/hdx_hapi_population_global_hrp.csv"
    with Client() as client:
        snapshot = HapiConnector().fetch(client, {"path": str(path)})
    told = [problem.message for problem in snapshot.problems]
    assert {"PCode mismatch CF125 != Boganangone", "PCode mismatch CF124 != Boganda", "Duplicate row"} <= set(told)
    found = cells(snapshot)
    assert found["pcode", "CF711", "population|gender=all|age_range=all"] == (None, "not_available")
    assert snapshot.observations is not None
    assert snapshot.observations.num_rows == 2_033
    assert [problem.row for problem in snapshot.problems if problem.message == "Duplicate row"] == [264, 265]
