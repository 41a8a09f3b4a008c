"""The World Bank connector reads what is said, and is not fooled by errors that look like answers."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import RequestRefused, SourceChanged, SourceUnavailable
from connectors.snapshot import Snapshot
from connectors.worldbank import WorldBankConnector

REQUEST = {"indicators": "SP.POP.TOTL,EN.POP.SLUM.UR.ZS", "date": "2019:2020"}
Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def rules(specimen: Specimen, *first: tuple[str, int, bytes]) -> list[tuple[str, int, bytes]]:
    """Return what the service answers, with other answers put before."""
    return [
        *first,
        ("/metadata", 200, specimen("worldbank/metadata.json")),
        ("SP.POP.TOTL?format=json&per_page=1&", 200, specimen("worldbank/population_page1.json")),
        ("SP.POP.TOTL?format=json&per_page=5000&page=1", 200, specimen("worldbank/population_page1.json")),
        ("SP.POP.TOTL?format=json&per_page=5000&page=2", 200, specimen("worldbank/population_page2.json")),
        ("EN.POP.SLUM.UR.ZS?", 200, specimen("worldbank/slums.json")),
        ("/country?", 200, specimen("worldbank/country.json")),
    ]


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return WorldBankConnector().fetch(client, REQUEST | options)


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[str | None, str]]:
    """Return (area, indicator, period) -> (value, status)."""
    assert snapshot.observations is not None
    return {
        (row["area"], row["indicator"], row["period"]): (row["value"], row["status"])
        for row in snapshot.observations.to_pylist()
    }


def test_keeps_the_contract(answering: Answering, specimen: Specimen):
    """All promises of a connector hold, also on another day and for garbled answers."""
    snapshot = check(WorldBankConnector(), REQUEST, answering(*rules(specimen)))
    assert snapshot.places is None
    assert len(snapshot.exchanges) == 5


def test_brings_every_page_and_every_cell(answering: Answering, specimen: Specimen):
    """Pages are joined; a null is not available, a zero is a true zero, digits stay as printed (WB3, WB4)."""
    assert cells(fetch(answering(*rules(specimen))())) == {
        ("ARB", "SP.POP.TOTL", "2020"): (None, "not_available"),
        ("KEN", "SP.POP.TOTL", "2020"): ("51985780", "observed"),
        ("KEN", "SP.POP.TOTL", "2019"): ("50951450", "observed"),
        ("TZA", "SP.POP.TOTL", "2020"): ("0", "true_zero"),
        ("KEN", "EN.POP.SLUM.UR.ZS", "2020"): ("50.789", "observed"),
        ("TZA", "EN.POP.SLUM.UR.ZS", "2020"): (None, "not_available"),
    }


def test_flags_aggregates_from_the_list_of_countries(answering: Answering, specimen: Specimen):
    """The Arab World is an aggregate with a code of the Bank, Kenya a country with an ISO code (WB4)."""
    snapshot = fetch(answering(*rules(specimen))())
    assert snapshot.observations is not None
    flags = {(row["area_name"], row["area_scheme"], row["aggregate"]) for row in snapshot.observations.to_pylist()}
    assert flags == {
        ("Arab World", "wb", True),
        ("Kenya", "iso3166-1-a3", False),
        ("Tanzania", "iso3166-1-a3", False),
    }


def test_the_vintage_is_the_date_of_the_database(answering: Answering, specimen: Specimen):
    """`lastupdated` of the body counts, not the Last-Modified of the answer (WB6)."""
    provenance = fetch(answering(*rules(specimen))()).provenance
    assert (provenance.vintage, provenance.vintage_kind) == ("2026-07-01", "date of database")


def test_always_names_the_database(answering: Answering, specimen: Specimen):
    """The same indicator lives in several databases, so `source=` goes with every question for figures."""
    asked: list[httpx.Request] = []
    fetch(answering(*rules(specimen), asked=asked)())
    figures = [request for request in asked if "/indicator/" in request.url.path]
    assert len(figures) == 3
    assert all(request.url.params["source"] == "2" for request in figures)
    assert all(request.url.params["format"] == "json" for request in asked)


def test_tells_where_a_series_has_its_own_licence(answering: Answering, specimen: Specimen):
    """Most series are CC BY 4.0; one that is not is named in the caveats."""
    caveats = fetch(answering(*rules(specimen))()).provenance.caveats
    assert caveats == ("EN.POP.SLUM.UR.ZS: licence Use and distribution subject to UN-Habitat terms",)


@pytest.mark.parametrize(
    ("name", "said"), [("message.json", "Invalid value \\(120\\)"), ("message_unwrapped.json", "deleted or archived")]
)
def test_a_message_with_status_200_is_a_refusal(answering: Answering, specimen: Specimen, name: str, said: str):
    """A message in place of data, wrapped in an array or not, is never read as an empty answer (WB1)."""
    wrong = ("SP.POP.TOTL?", 200, specimen(f"worldbank/{name}"))
    with pytest.raises(RequestRefused, match=said) as caught:
        fetch(answering(*rules(specimen, wrong))())
    assert "SP.POP.TOTL" in str(caught.value)


def test_a_page_of_html_with_status_400_is_a_refusal(answering: Answering, specimen: Specimen):
    """An unknown database is answered in XHTML behind a byte order mark, which is not parsed as JSON (WB2)."""
    wrong = ("/indicator/", 400, specimen("worldbank/request_error.html"))
    with pytest.raises(RequestRefused, match="HTTP 400"):
        fetch(answering(*rules(specimen, wrong))(), database="nonsense")


def test_rows_outside_the_window_are_left_out_and_told(answering: Answering, specimen: Specimen):
    """Where the service ignores the dates asked for, the other years do not slip in (WB5)."""
    wrong = ("SP.POP.TOTL?", 200, specimen("worldbank/out_of_window.json"))
    snapshot = fetch(answering(*rules(specimen, wrong))())
    assert ("KEN", "SP.POP.TOTL", "1961") not in cells(snapshot)
    assert ("KEN", "SP.POP.TOTL", "2020") in cells(snapshot)
    assert [problem.message for problem in snapshot.problems] == [
        "1 rows lie outside date=2019:2020: the service ignored the filter"
    ]


def test_a_window_without_any_data_is_a_refusal(answering: Answering, specimen: Specimen):
    """When nothing lies in the window there is no snapshot that would replace a good one."""
    with pytest.raises(RequestRefused, match="date=1700"):
        fetch(answering(*rules(specimen))(), date="1700")


def test_an_empty_series_is_no_fault(answering: Answering, specimen: Specimen):
    """A null where the rows would be means that nothing matches; the other series are kept."""
    empty = ("SP.POP.TOTL?", 200, specimen("worldbank/empty.json"))
    snapshot = fetch(answering(*rules(specimen, empty))())
    assert {indicator for _, indicator, _ in cells(snapshot)} == {"EN.POP.SLUM.UR.ZS"}


def test_half_an_answer_is_none(answering: Answering, specimen: Specimen):
    """Fewer rows than announced, or a database that changes under the reader, give no snapshot."""
    envelope, rows = json.loads(specimen("worldbank/slums.json"))
    short = ("EN.POP.SLUM.UR.ZS?", 200, json.dumps([envelope, rows[:1]]).encode())
    with pytest.raises(SourceChanged, match="1 rows came where 2 were announced"):
        fetch(answering(*rules(specimen, short))())
    moved = ("EN.POP.SLUM.UR.ZS?", 200, json.dumps([envelope | {"lastupdated": "2026-07-02"}, rows]).encode())
    with pytest.raises(SourceUnavailable, match="updated while"):
        fetch(answering(*rules(specimen, moved))())


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (404, b'{"statusCode": 404, "message": "Resource not found"}'),
        (200, b'[{"page": 1}, [{"date": "2020"}]]'),
        (200, b'[{"page":1,"pages":1,"per_page":50,"total":1,"lastupdated":"2026-07-01"},[{"date":"2020"}]]'),
        (200, b"[1, 2, 3]"),
        (200, b"not json"),
    ],
)
def test_another_shape_is_told_as_change(answering: Answering, specimen: Specimen, status: int, body: bytes):
    """A dead path, a new envelope or a new row is a changed source, not a crash."""
    with pytest.raises(SourceChanged):
        fetch(answering(*rules(specimen, ("SP.POP.TOTL?", status, body)))())


def test_an_area_the_bank_does_not_list_is_told(answering: Answering, specimen: Specimen):
    """Whether an unknown code is a country or an aggregate cannot be known, so its rows are left out, and said."""
    body = specimen("worldbank/slums.json").replace(b'"TZ"', b'"QQ"')
    snapshot = fetch(answering(*rules(specimen, ("EN.POP.SLUM.UR.ZS?", 200, body)))())
    assert [problem.value for problem in snapshot.problems] == ["QQ"]
