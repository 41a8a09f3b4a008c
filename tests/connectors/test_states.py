"""What sources say of their state is asked for in one small question, and is another word when they change."""

from __future__ import annotations

import httpx
import pytest

from connectors.client import Client
from connectors.probing import Probing, probe
from tests.connectors.roster import ASKING

#: Source, options, specimen, what the state says, and what in the specimen changes it.
STATES = [
    ("worldbank", {"indicators": "SP.POP.TOTL"}, "worldbank/population_page1.json", "20", (b'"lastupdated"', b'"x"')),
    (
        "statcan",
        {"cube": "98-10-9999"},
        "statcan/cube.json",
        "98109999 released 2022-09-21T08:30",
        (b"T08:30", b"T09:30"),
    ),
    (
        "nomis",
        {"dataset": "NM_9999_1"},
        "nomis/definition.json",
        "updated 2022-11-02 09:30:00",
        (b"09:30:00", b"10:30:00"),
    ),
    ("ibge", {}, "ibge/periodos.json", "v3/agregados/4709: 2022 changed", (b'"modificacao"', b'"x"')),
    ("hapi", {}, "hapi/resource.json", "2 files, the latest of 2026-01-01", (b"2024-05-06", b"2024-05-07")),
    ("cod", {}, "cod/package_show.json", " changed 20", (b'"license_title"', b'"license_x"')),
    ("geoboundaries", {}, "geoboundaries/KEN.json", "KEN ", (b'"boundaryLicense"', b'"x"')),
    ("unsdg", {}, "unsdg/series.json", "SI_POV_DAY1 20", (b"SI_POV_DAY1", b"SI_POV_DAY2")),
]


def told(source: str, options: dict[str, str], body: bytes) -> tuple[str | None, int]:
    """Return the state that a source says it is in, and how many questions that took."""
    asked = []

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=body)

    connector, usual = ASKING[source]
    with Client(transport=httpx.MockTransport(reply)) as client:
        return probe(connector, client, usual | options), len(asked)


@pytest.mark.parametrize("row", STATES, ids=[one[0] for one in STATES])
def test_a_state_is_told_by_one_answer(row, specimen, monkeypatch):
    """The field the publisher documents is in it; where that is another one, or gone, the state is not the same."""
    source, options, file, said, change = row
    monkeypatch.setattr("connectors.hapi.connector._PAUSE_S", 0)
    body = specimen(file)
    state, questions = told(source, options, body)
    assert state is not None
    assert said in state
    assert questions == 1
    assert told(source, options, body) == (state, 1)
    assert change[0] in body
    assert told(source, options, body.replace(*change))[0] != state


@pytest.mark.parametrize(
    ("source", "options"),
    [
        ("worldbank", {"version": "201404"}),
        ("statcan", {"cube": "", "vectors": "74804"}),
        ("ibge", {"subject": "none"}),
        ("hapi", {"path": "figures.csv"}),
        ("cod", {"path": "units.csv"}),
        ("cod", {"reference": "codes.csv"}),
        ("geoboundaries", {"path": "units.geojson"}),
        ("unsdg", {"path": "bulk.csv"}),
    ],
)
def test_what_no_answer_covers_has_no_state(source: str, options: dict[str, str]):
    """Files on the disk, old versions and lists without a date are brought without asking first."""
    assert told(source, options, b"{}") == (None, 0)


def test_every_connector_with_a_state_is_tried():
    """A new one is held against its specimen here."""
    probing = {name.partition(" ")[0] for name, (connector, _) in ASKING.items() if isinstance(connector, Probing)}
    assert probing == {one[0] for one in STATES}
