"""Nomis: a table is believed only with its header and all its rows, and a status is read in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.nomis import NomisConnector
from connectors.nomis.figures import read_cell
from connectors.snapshot import Snapshot
from geodata.cells import CellStatus

UID = "0x0123456789abcdef"
REQUEST = {"dataset": "NM_9999_1", "geography": "TYPE154", "filters": "c_sex=0"}
BUSY = b"Too many requests have been made, try again in a while."

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def rules(specimen: Specimen, *first: tuple[str, int, bytes]) -> list[tuple[str, int, bytes]]:
    """Return what the service answers, with other answers put before."""
    return [
        *first,
        (".def.sdmx.json", 200, specimen("nomis/definition.json")),
        (".data.csv", 200, specimen("nomis/figures.csv")),
    ]


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return NomisConnector().fetch(client, REQUEST | options)


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the observations."""
    assert snapshot.observations is not None
    return snapshot.observations.to_pylist()


def test_keeps_the_contract(answering: Answering, specimen: Specimen):
    """All promises of a connector hold, and the id of the account stays secret."""
    snapshot = check(NomisConnector(), REQUEST | {"uid": UID}, answering(*rules(specimen)))
    assert snapshot.provenance.vintage == "2022-11-02 09:30:00"
    assert snapshot.provenance.caveats[0].startswith("counts were changed a little")
    assert all(UID not in exchange.url for exchange in snapshot.exchanges)


def test_reads_values_and_reasons(answering: Answering, specimen: Specimen):
    """An empty value with Q is missing, not zero; codes of areas are kept, names may hold commas and quotes (NO1)."""
    snapshot = fetch(answering(*rules(specimen))())
    assert {(row["area"], row["value"], row["status"]) for row in rows(snapshot)} == {
        ("E06000001", "92300", "observed"),
        ("E06000053", "0", "true_zero"),
        ("N09000001", None, "not_available"),
        ("W06000001", "68900", "observed"),
    }
    assert {(row["area_scheme"], row["indicator"], row["period"], row["unit"]) for row in rows(snapshot)} == {
        ("gss", "NM_9999_1:0.20100", "2021", "persons")
    }
    assert 'Isle of Anglesey, "Ynys Môn"' in {row["area_name"] for row in rows(snapshot)}
    assert "NM_9999_1:0.20100: All persons; Value" in snapshot.coverage.notes


@pytest.mark.parametrize(
    ("printed", "status"),
    [
        (("5", "A", "Normal Value"), CellStatus.OBSERVED),
        (("", "Q", "These figures are missing."), CellStatus.NOT_AVAILABLE),
        (("", "Q", "These figures are suppressed as statistically unreliable."), CellStatus.SUPPRESSED),
        (("5", "Q", "These figures are missing."), CellStatus.NOT_AVAILABLE),
        (("", "A", "Normal Value"), CellStatus.NOT_AVAILABLE),
        (("5", "P", "Provisional"), CellStatus.PROVISIONAL),
        (("5", "E", "Estimated value"), CellStatus.ESTIMATED),
        (("5", "H", "Something new"), CellStatus.UNRELIABLE),
    ],
)
def test_a_status_is_read_in_words(printed: tuple[str, str, str], status: CellStatus):
    """The letters are not all documented, the words are plain; one that nobody explained is unreliable."""
    cell = read_cell(*printed)
    assert cell.status is status
    if printed[1] != "A":
        assert printed[2] in cell.raw


def test_a_value_that_is_no_number_stops_the_reading(answering: Answering, specimen: Specimen):
    """A word in place of a number means that the columns are no longer what they were."""
    body = specimen("nomis/figures.csv").replace(b"92300", b"92 300")
    with pytest.raises(SourceChanged, match="92 300"):
        fetch(answering(*rules(specimen, (".data.csv", 200, body)))())


def test_a_header_without_rows_is_no_data(answering: Answering, specimen: Specimen):
    """Nothing matches: the snapshot is empty and says what was asked for."""
    header = specimen("nomis/figures.csv").split(b"\n")[0] + b"\n"
    snapshot = fetch(answering(*rules(specimen, (".data.csv", 200, header)))())
    assert rows(snapshot) == []
    assert "nothing is published for TYPE154 as asked for" in snapshot.provenance.caveats


def test_a_text_with_status_200_is_asked_again(specimen: Specimen):
    """Whoever asks too often gets a sentence in place of the table; the table comes later."""
    bodies = [specimen("nomis/definition.json"), BUSY, BUSY, specimen("nomis/figures.csv")]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=bodies.pop(0)))
    assert len(rows(fetch(transport))) == 4


def test_a_text_with_status_200_is_never_a_table(answering: Answering, specimen: Specimen):
    """Where it stays, the source is unavailable, and its sentence is told."""
    with pytest.raises(SourceUnavailable, match="Too many requests"):
        fetch(answering(*rules(specimen, (".data.csv", 200, BUSY)))())


def test_pages_are_joined_and_counted(specimen: Specimen):
    """Rows are asked for until RECORD_COUNT is reached; one that is cut in silence, or repeats itself, is none."""
    header, *lines = specimen("nomis/figures.csv").decode().splitlines(keepends=True)
    offsets: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "def.sdmx" in request.url.path:
            return httpx.Response(200, content=specimen("nomis/definition.json"))
        offset = int(request.url.params["RecordOffset"])
        offsets.append(str(offset))
        return httpx.Response(200, text=header + "".join(lines[offset : offset + 3]))

    assert len(rows(fetch(httpx.MockTransport(answer)))) == 4
    assert offsets == ["0", "3"]
    lines[3] = lines[0]
    with pytest.raises(SourceChanged, match="3 rows came where 4 were announced"):
        fetch(httpx.MockTransport(answer))
    del lines[3]
    with pytest.raises(SourceChanged, match="3 rows came where 4 were announced"):
        fetch(httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((".data.csv", 200, b'{"error": "Query is incomplete"}'), RequestRefused),
        ((".data.csv", 200, b'"DATE","GEOGRAPHY_CODE","OBS_VALUE"\n2021,E06000001,5\n'), SourceChanged),
        ((".data.csv", 200, b"DATE,OBS_VALUE\n"), SourceChanged),
        ((".data.csv", 200, b"<html>maintenance</html>"), SourceChanged),
        ((".data.csv", 400, b"bad geography"), RequestRefused),
        ((".data.csv", 200, b""), SourceUnavailable),
        ((".def", 404, b""), RequestRefused),
        ((".def", 200, b'{"error": "unknown dataset"}'), RequestRefused),
        ((".def", 200, b'{"structure": {"header": {}, "keyfamilies": null}}'), RequestRefused),
        ((".def", 200, b'{"structure": {"keyfamilies": {"keyfamily": [{"id": "NM_9999_1"}]}}}'), SourceChanged),
        ((".def", 200, b'{"structure": "none"}'), SourceChanged),
        ((".def", 200, b'{"structure": {"keyfam'), SourceUnavailable),
    ],
)
def test_what_is_no_answer_is_told_apart(
    answering: Answering, specimen: Specimen, answer: tuple[str, int, bytes], error: type[ConnectorError]
):
    """Refusals, other columns, pages, nothing at all and other shapes each raise what they are."""
    with pytest.raises(error):
        fetch(answering(*rules(specimen, answer))())


def test_a_row_with_other_columns_is_refused(answering: Answering, specimen: Specimen):
    """A row that is cut would shift its values under other names."""
    for more in (b'2021,"W06000002"\n', b'2021,"W06000002"x,"'):
        body = specimen("nomis/figures.csv") + more
        with pytest.raises(SourceChanged, match="the table"):
            fetch(answering(*rules(specimen, (".data.csv", 200, body)))())


def test_too_many_rows_are_refused(answering: Answering, specimen: Specimen, monkeypatch: pytest.MonkeyPatch):
    """A table without filters may have millions of rows; it is refused with their number."""
    monkeypatch.setattr("connectors.nomis.connector._MOST", 3)
    with pytest.raises(RequestRefused, match="has 4 rows"):
        fetch(answering(*rules(specimen))())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"filters": "gender=0"}, "which has c_sex"),
        ({"filters": "c_sex"}, "no filter"),
        ({"geography": ""}, "no areas"),
    ],
)
def test_a_wrong_question_is_told(answering: Answering, specimen: Specimen, options: dict[str, str], said: str):
    """A filter by what is no dimension would be ignored by the service in silence, so it is refused here."""
    with pytest.raises(RequestRefused, match=said):
        fetch(answering(*rules(specimen))(), **options)


def test_asks_for_residents_unless_told_otherwise(answering: Answering, specimen: Specimen):
    """Without a dataset it is the usual residents of 2021, in columns that are named."""
    asked: list[httpx.Request] = []
    definition = specimen("nomis/definition.json").replace(b"C_SEX", b"C2021_RESTYPE_3")
    figures = specimen("nomis/figures.csv").replace(b"C_SEX", b"C2021_RESTYPE_3")
    answers = [(".def", 200, definition), (".data", 200, figures)]
    with Client(transport=answering(*answers, asked=asked)()) as client:
        NomisConnector().fetch(client, {})
    question = asked[-1].url.params
    assert asked[-1].url.path.endswith("/dataset/NM_2021_1.data.csv")
    assert (question["geography"], question["c2021_restype_3"], question["measures"]) == ("TYPE154", "0", "20100")
    assert question["select"].endswith("OBS_VALUE,OBS_STATUS,OBS_STATUS_NAME,RECORD_COUNT")
