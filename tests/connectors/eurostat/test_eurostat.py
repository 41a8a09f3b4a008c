"""Eurostat: sparse datasets become cells with their flags, and an answer without values is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, NothingThere, RequestRefused, SourceChanged, SourceUnavailable
from connectors.eurostat import EurostatConnector
from connectors.eurostat.flags import read_cell
from connectors.snapshot import Snapshot
from geodata.cells import CellStatus

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]

REQUEST = {"dataset": "demo_made_up", "filters": "geo=DEF01,FRY50,EL,EU27_2020; sex=T"}
ASYNCHRONOUS = b'{"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE"}}'


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return EurostatConnector().fetch(client, REQUEST | options)


@pytest.fixture
def dataset(specimen: Specimen) -> dict[str, Any]:
    """Give the dataset as Eurostat sends it."""
    read: dict[str, Any] = json.loads(specimen("eurostat/dataset.json"))
    return read


def saying(document: object) -> httpx.MockTransport:
    """Answer every question with a document."""
    return httpx.MockTransport(lambda _: httpx.Response(200, content=json.dumps(document).encode()))


def test_keeps_the_contract(answering: Answering, specimen: Specimen):
    """All promises of a connector hold; the vintage is that of the dataset."""
    snapshot = check(EurostatConnector(), REQUEST, answering(("/data/", 200, specimen("eurostat/dataset.json"))))
    assert snapshot.provenance.vintage == "2026-07-21T11:00:00+0200"
    assert snapshot.provenance.licence == "CC BY 4.0"


def test_values_and_flags_are_cells(answering: Answering, specimen: Specimen):
    """The last dimension runs fastest; a missing position is absent, a flag may stand without a value."""
    snapshot = fetch(answering(("/data/", 200, specimen("eurostat/dataset.json")))())
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    assert {(row["area"], row["period"]): (row["value"], row["status"]) for row in rows} == {
        ("DEF01", "2024"): ("61155", "observed"),
        ("DEF01", "2025"): ("61400", "provisional"),
        ("FRY50", "2024"): ("0", "unreliable"),
        ("FRY50", "2025"): (None, "not_available"),
        ("EL", "2024"): ("10400720", "observed"),
        ("EL", "2025"): (None, "suppressed"),
        ("EU27_2020", "2024"): ("449206579", "estimated"),
        ("EU27_2020", "2025"): (None, "absent_cell"),
    }
    assert {row["indicator"] for row in rows} == {"demo_made_up:A.NR.T"}
    assert {row["area"] for row in rows if row["aggregate"]} == {"EU27_2020"}
    assert "b (break in time series) stands beside 1 cells" in snapshot.provenance.caveats


@pytest.mark.parametrize(
    ("value", "flags", "status"),
    [
        (5, "", CellStatus.OBSERVED),
        (0, "", CellStatus.TRUE_ZERO),
        (5, "d", CellStatus.OBSERVED),
        (5, "bp", CellStatus.PROVISIONAL),
        (5, "ep", CellStatus.ESTIMATED),
        (5, "pu", CellStatus.UNRELIABLE),
        (Decimal("1.5"), "r", CellStatus.REVISED),
        (5, "c", CellStatus.SUPPRESSED),
        (0, "z", CellStatus.NOT_APPLICABLE),
        (None, ":", CellStatus.NOT_AVAILABLE),
        (None, "", CellStatus.NOT_AVAILABLE),
        (None, "b", CellStatus.NOT_AVAILABLE),
        (5, "q", CellStatus.UNRELIABLE),
    ],
)
def test_the_gravest_flag_counts(value: int | Decimal | None, flags: str, status: CellStatus):
    """Of several flags the gravest decides; a number that is confidential by its flag is none."""
    cell = read_cell(value, flags, there=True)
    assert cell.status is status
    assert (cell.value is None) == (status in {"suppressed", "not_applicable", "not_available"})


def test_values_may_come_as_a_list(dataset: dict[str, Any]):
    """JSON-stat allows a list with nulls in place of the object, and codes without positions."""
    dataset["value"] = [61155, 61400, 0, None, 10400720, None, 449206579, None]
    dataset["dimension"]["geo"]["category"]["index"] = ["DEF01", "FRY50", "EL", "EU27_2020"]
    del dataset["dimension"]["sex"]["category"]["index"]
    snapshot = fetch(saying(dataset))
    assert snapshot.observations is not None
    assert snapshot.observations.num_rows == 8
    assert snapshot.observations.column("value").to_pylist().count("61155") == 1


def test_what_was_asked_for_and_is_not_there_is_told(dataset: dict[str, Any]):
    """A wrong code beside right ones, a period announced without figures and a new flag are named; figures are kept."""
    dataset["value"] = {"0": 61155, "2": 256518}
    dataset["status"] = {"0": "q"}
    snapshot = fetch(saying(dataset), filters="geo=DEF01,GR")
    assert [(problem.value, problem.fatal) for problem in snapshot.problems] == [
        ("GR", False),
        ("2025", False),
        ("q", False),
    ]


@pytest.mark.parametrize("value", [{}, [], [None] * 8])
def test_an_answer_without_values_is_none(dataset: dict[str, Any], value: object):
    """A wrong code may be answered with 200 and no values, which must not take the place of a good snapshot."""
    dataset |= {"value": value, "status": {}}
    with pytest.raises(NothingThere, match=r"gives no value for .*geo=DEF01"):
        fetch(saying(dataset))


def test_a_dimension_without_codes_is_named(dataset: dict[str, Any]):
    """Where the service dropped every code of a dimension, that is where to look."""
    dataset["dimension"]["sex"]["category"] = {"index": {}, "label": {}}
    dataset |= {"value": {}, "status": {}, "size": [1, 1, 0, 4, 2]}
    with pytest.raises(NothingThere, match="sex has no code left"):
        fetch(saying(dataset))


def test_what_is_all_confidential_is_an_answer(dataset: dict[str, Any]):
    """Flags without any value say that figures exist and are withheld."""
    dataset |= {"value": {}, "status": {str(flat): "c" for flat in range(8)}}
    snapshot = fetch(saying(dataset))
    assert snapshot.observations is not None
    assert set(snapshot.observations.column("status").to_pylist()) == {"suppressed"}


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"error": {"status": "400", "label": "No results found"}}', RequestRefused),
        (b'{"error": [{"status": 400, "id": 150, "label": "Semantic error"}]}', RequestRefused),
        (b'{"error": [{"status": 500, "label": "Internal error"}]}', SourceUnavailable),
        (b'{"warning": {"status": 413, "label": "EXTRACTION_TOO_BIG"}}', RequestRefused),
        (ASYNCHRONOUS, SourceUnavailable),
        (b"<html></html>", SourceChanged),
        (b'{"class": "dataset", "value": {"0": 1', SourceChanged),
        (b'{"class": "collection", "value": {"0": 1}}', SourceChanged),
        (b'{"class": "dataset", "value": {"0": 1}, "id": ["geo"]}', SourceChanged),
    ],
)
def test_errors_and_warnings_are_told_apart(body: bytes, error: type[ConnectorError]):
    """An error as an object or a list, and a 413 that is none, raise what they are (ES1)."""
    status = 413 if b"413" in body else 400 if b"error" in body else 200
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=body))
    with pytest.raises(error):
        fetch(transport)


def test_an_extraction_that_is_being_prepared_is_waited_for(specimen: Specimen):
    """A 413 that asks for patience is asked again within the same sync."""
    bodies = [(413, ASYNCHRONOUS), (413, ASYNCHRONOUS), (200, specimen("eurostat/dataset.json"))]

    def answer(_: httpx.Request) -> httpx.Response:
        status, body = bodies.pop(0)
        return httpx.Response(status, content=body)

    assert fetch(httpx.MockTransport(answer)).provenance.vintage.startswith("2026-07-21")


@pytest.mark.parametrize(
    "change",
    [
        {"size": [1, 1, 1, 3, 2]},
        {"value": {"8": 5}},
        {"value": {"first": 5}},
        {"value": {"0": "5"}},
        {"updated": None, "id": ["freq", "unit", "sex", "geo", "period"]},
    ],
)
def test_a_dataset_that_contradicts_itself_is_refused(dataset: dict[str, Any], change: dict[str, Any]):
    """Sizes, positions and dimensions that do not fit would shift figures to other areas."""
    with pytest.raises(SourceChanged, match="agreed shape"):
        fetch(saying(dataset | change))


def test_too_many_cells_are_refused(dataset: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    """A dataset without filters may have millions of cells; it is refused with their number."""
    monkeypatch.setattr("connectors.eurostat.connector._MOST", 7)
    with pytest.raises(RequestRefused, match="has 8 cells"):
        fetch(saying(dataset))


def test_a_dataset_that_is_not_by_area_is_refused(dataset: dict[str, Any]):
    """What has no areas cannot stand beside a community; its dimensions are named."""
    dataset["id"][3] = "partner"
    dataset["dimension"]["partner"] = dataset["dimension"].pop("geo")
    with pytest.raises(RequestRefused, match="but by freq, unit, sex, partner, time"):
        fetch(saying(dataset))


def test_asks_for_population_unless_told_otherwise(answering: Answering, specimen: Specimen):
    """Without a dataset it is the population by NUTS 3; filters repeat their parameter for each code."""
    asked: list[httpx.Request] = []
    transport = answering(("/data/", 200, specimen("eurostat/dataset.json")), asked=asked)()
    with Client(transport=transport) as client:
        EurostatConnector().fetch(client, {})
        EurostatConnector().fetch(client, REQUEST | {"since": "2020"})
    assert asked[0].url.path.endswith("/data/demo_r_pjanaggr3")
    assert asked[0].url.params["geoLevel"] == "nuts3"
    assert asked[1].url.params.get_list("geo") == ["DEF01", "FRY50", "EL", "EU27_2020"]
    assert asked[1].url.params["sinceTimePeriod"] == "2020"


def test_a_filter_that_is_none_is_told():
    """A mistyped filter is named before anything is asked."""
    with pytest.raises(RequestRefused, match="'geo:DE' is no filter"):
        fetch(saying({}), filters="geo:DE")
