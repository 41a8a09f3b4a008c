"""ONS: areas that are held back are named as suppressed, and refusals are told apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from connectors.client import Client
from connectors.contract import check
from connectors.errors import ConnectorError, RequestRefused, SourceChanged
from connectors.ons import OnsConnector
from connectors.snapshot import Snapshot
from geodata.counts.coverage import Basis, Treatment

Answering = Callable[..., Callable[[], httpx.MockTransport]]
Specimen = Callable[[str], bytes]


def rules(specimen: Specimen, *first: tuple[str, int, bytes]) -> list[tuple[str, int, bytes]]:
    """Return what the service answers, with other answers put before."""
    return [
        *first,
        ("/area-types/ltla/areas", 200, specimen("ons/areas.json")),
        ("/census-observations", 200, specimen("ons/observations.json")),
    ]


def fetch(transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch over a transport."""
    with Client(transport=transport) as client:
        return OnsConnector().fetch(client, options)


def rows(snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the observations."""
    assert snapshot.observations is not None
    return snapshot.observations.to_pylist()


def test_keeps_the_contract(answering: Answering, specimen: Specimen):
    """All promises of a connector hold; that the service states no release is said."""
    provenance = check(OnsConnector(), {}, answering(*rules(specimen))).provenance
    assert provenance.vintage == "Census 2021"
    assert "the service states no date of release" in provenance.caveats
    assert provenance.caveats[-1].startswith("1 of 3 areas are held back")


def test_an_area_that_is_held_back_is_suppressed(answering: Answering, specimen: Specimen):
    """An area without rows has been blocked, which is neither a zero nor a missing row; a zero that is told is one."""
    snapshot = fetch(answering(*rules(specimen))())
    roma, travellers = "UR:ethnic_group_tb_20b=16", "UR:ethnic_group_tb_20b=15"
    assert {(row["area"], row["indicator"]): (row["value"], row["status"]) for row in rows(snapshot)} == {
        ("E06000001", roma): ("12", "observed"),
        ("E06000001", travellers): ("0", "true_zero"),
        ("E06000053", roma): (None, "suppressed"),
        ("E06000053", travellers): (None, "suppressed"),
        ("W06000001", roma): ("3", "observed"),
        ("W06000001", travellers): ("58", "observed"),
    }
    assert {row["unit"] for row in rows(snapshot)} == {"persons"}
    assert f"{roma}: Ethnic group: White: Roma" in snapshot.coverage.notes
    read_as = snapshot.coverage.counts
    assert read_as is not None
    assert (read_as.basis, read_as.disclosure.treatment) == (Basis.CENSUS, Treatment.CELL_KEY)


def test_an_area_that_is_missing_without_being_held_back_is_absent(answering: Answering, specimen: Specimen):
    """Where the number of blocked areas does not explain who is missing, no reason is made up."""
    body = specimen("ons/observations.json").replace(b'"blocked_areas": 1', b'"blocked_areas": 0')
    snapshot = fetch(answering(*rules(specimen, ("/census-observations", 200, body)))())
    assert {row["status"] for row in rows(snapshot) if row["area"] == "E06000053"} == {"absent_cell"}


def test_areas_that_are_named_are_not_listed_first(answering: Answering, specimen: Specimen):
    """Codes go with the type of area; of those asked for, the one without rows is the one held back."""
    asked: list[httpx.Request] = []
    transport = answering(*rules(specimen), asked=asked)()
    snapshot = fetch(transport, areas="E06000001,E06000053,W06000001", dimensions="ethnic_group_tb_20b")
    (question,) = asked
    assert question.url.params["area-type"] == "ltla,E06000001,E06000053,W06000001"
    assert {row["area"] for row in rows(snapshot) if row["status"] == "suppressed"} == {"E06000053"}


def test_areas_are_listed_page_after_page(specimen: Specimen):
    """A service that gives fewer at once than asked for is asked on; one that stops early is told."""
    document = json.loads(specimen("ons/areas.json"))
    offsets: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        if "census-observations" in request.url.path:
            return httpx.Response(200, content=specimen("ons/observations.json"))
        offset = int(request.url.params["offset"])
        offsets.append(str(offset))
        return httpx.Response(200, json={**document, "items": document["items"][offset : offset + 2]})

    assert len(rows(fetch(httpx.MockTransport(answer)))) == 6
    assert offsets == ["0", "2"]
    document["total_count"] = 5
    with pytest.raises(SourceChanged, match="3 areas came where 5 were announced"):
        fetch(httpx.MockTransport(answer))


def test_a_service_that_ignores_the_offset_is_told(specimen: Specimen):
    """The same page again and again ends the asking, and is no list."""
    document = {**json.loads(specimen("ons/areas.json")), "total_count": 1_000_000}
    with pytest.raises(SourceChanged, match="3 areas came where 1,000,000"):
        fetch(httpx.MockTransport(lambda _: httpx.Response(200, json=document)))


def test_nothing_at_all_is_said(answering: Answering, specimen: Specimen):
    """When every area is held back the snapshot is empty and says why."""
    body = {"observations": None, "total_observations": 0, "blocked_areas": 3, "total_areas": 3, "areas_returned": 0}
    transport = answering(*rules(specimen, ("/census-observations", 200, json.dumps(body).encode())))()
    snapshot = fetch(transport)
    assert rows(snapshot) == []
    assert snapshot.provenance.caveats[-2].startswith("3 of 3 areas are held back")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ((400, b'{"errors": ["Too many rows returned"]}'), RequestRefused),
        ((404, b"404 page not found"), RequestRefused),
        ((400, b'{"message": "bad area type"}'), RequestRefused),
        ((200, b"<html></html>"), SourceChanged),
        ((200, b'{"observations": [], "total_obs'), SourceChanged),
        ((200, b'{"datasets": []}'), SourceChanged),
        ((200, b'{"observations": [{}], "total_observations": 1}'), SourceChanged),
        (
            (200, b'{"observations": [{}], "total_observations": 1, "total_areas": 1, "blocked_areas": 0}'),
            SourceChanged,
        ),
    ],
)
def test_what_is_no_answer_is_told_apart(
    answering: Answering, specimen: Specimen, answer: tuple[int, bytes], error: type[ConnectorError]
):
    """Too many rows, unknown areas, pages and other shapes each raise what they are."""
    with pytest.raises(error):
        fetch(answering(*rules(specimen, ("/census-observations", *answer)))())


def test_a_table_that_is_cut_is_none(answering: Answering, specimen: Specimen):
    """Fewer rows than announced give no snapshot."""
    body = specimen("ons/observations.json").replace(b'"total_observations": 4', b'"total_observations": 5')
    with pytest.raises(SourceChanged, match="4 observations came where 5"):
        fetch(answering(*rules(specimen, ("/census-observations", 200, body)))())
