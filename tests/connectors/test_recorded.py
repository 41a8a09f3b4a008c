"""Bodies recorded from the real services are understood: replayed over HTTP where they stand beside the checkout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from connectors.census import CensusConnector
from connectors.census.answers import classify as classify_census
from connectors.census.answers import read_estimate, read_rows
from connectors.client import Answer, Client, Question
from connectors.errors import AccessRefused, RequestRefused
from connectors.gazetteer.table import as_list
from connectors.outcomes import Outcome
from connectors.worldbank.answers import classify, read_countries, read_observations, read_page
from geodata.cells import CellStatus
from geodata.files.tables import read_table

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "recorded"
WORLDBANK = RECORDED / "worldbank" / "wbdata-go"
CENSUS = RECORDED / "census"

needs_worldbank = pytest.mark.skipif(
    not WORLDBANK.is_dir(), reason=f"the recorded World Bank exchanges are missing: {WORLDBANK.name}"
)
needs_census = pytest.mark.skipif(not CENSUS.is_dir(), reason="the recorded Census bodies are missing: census")


def recordings() -> list[dict[str, Any]]:
    """Return the recorded exchanges, none where they are missing."""
    index = WORLDBANK / "index.json"
    return json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []


def replay(request: httpx.Request) -> httpx.Response:
    """Answer as was recorded for this URL."""
    for recorded in recordings():
        if str(httpx.URL(recorded["url"])) == str(request.url):
            headers = {name: values[0] for name, values in recorded["headers"].items() if name != "Content-Length"}
            return httpx.Response(
                recorded["status"], headers=headers, content=(WORLDBANK / recorded["file"]).read_bytes()
            )
    return httpx.Response(599)


@pytest.fixture
def worldbank() -> dict[str, Answer]:
    """Ask every recorded question over the client; file name -> answer."""
    with Client(transport=httpx.MockTransport(replay)) as client:
        return {recorded["file"]: client.get(Question("worldbank", recorded["url"])) for recorded in recordings()}


@needs_worldbank
def test_every_recorded_exchange_is_classified(worldbank: dict[str, Answer]):
    """All bodies are data, messages or pages of HTML, and none is taken for another."""
    outcomes: dict[Outcome, int] = {}
    for name, answer in worldbank.items():
        found = classify(answer)
        outcomes[found.outcome] = outcomes.get(found.outcome, 0) + 1
        is_message = answer.status == 400 or b'"message"' in answer.body[:20]
        assert (found.outcome is Outcome.INVALID_REQUEST) == is_message, name
    assert outcomes == {Outcome.OK: 42, Outcome.INVALID_REQUEST: len(worldbank) - 42}


@needs_worldbank
def test_every_recorded_envelope_is_read(worldbank: dict[str, Answer]):
    """Numbers of the envelope come as numbers and as texts; both are read, and the rows counted (WB3)."""
    for name, answer in worldbank.items():
        if classify(answer).outcome is Outcome.OK:
            page = read_page(answer)
            assert page.page == 1, name
            assert 0 < len(page.rows) <= page.total, name
            assert page.pages >= 1, name


@needs_worldbank
def test_the_recorded_vintage_is_that_of_the_database(worldbank: dict[str, Answer]):
    """Figures recorded on 13 June 2021 are those of 25 May, whatever the HTTP headers say (WB6)."""
    figures = [
        read_page(answer)
        for name, answer in worldbank.items()
        if "IndicatorValues" in name and classify(answer).outcome is Outcome.OK
    ]
    assert {page.lastupdated for page in figures} == {"2021-05-25"}


@needs_worldbank
def test_recorded_figures_are_cells(worldbank: dict[str, Answer]):
    """Nulls are not available and the Arab World is an aggregate (WB4); other years are left out (WB5)."""
    page = read_page(worldbank["TestIndicatorValuesService_List_0.json"])
    arab_world = {"iso2Code": "1A", "id": "ARB", "name": "Arab World", "region": {"id": "NA"}}
    countries = read_countries([arab_world])
    kept, problems = read_observations(list(page.rows), countries, "2019:2020")
    assert {(one.period, one.cell.status, one.aggregate) for one in kept} == {
        ("2020", CellStatus.NOT_AVAILABLE, True),
        ("2019", CellStatus.OBSERVED, True),
    }
    assert [problem.column for problem in problems] == ["date"]


@needs_census
@pytest.mark.parametrize("name", ["missing", "invalid"])
def test_recorded_redirects_are_refusals(name: str):
    """The redirect to the page about keys, with the header that was seen, is an access problem (CE1)."""
    lines = (CENSUS / f"error_302_{name}_key.http").read_text().splitlines()
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    transport = httpx.MockTransport(lambda _: httpx.Response(302, headers=headers))
    with Client(transport=transport) as client, pytest.raises(AccessRefused):
        CensusConnector().fetch(client, {"key": "0123456789"})


@needs_census
@pytest.mark.parametrize(
    ("file", "status", "outcome"),
    [
        ("invalid_key_page_200_TRIMMED.html", 200, Outcome.ACCESS_PROBLEM),
        ("error_400_unknown_variable.txt", 400, Outcome.INVALID_REQUEST),
        ("error_400_unknown_hierarchy.txt", 400, Outcome.INVALID_REQUEST),
        ("acs5_B01001_annotated.json", 200, Outcome.OK),
        ("acs1_2024_group_B09019_ucgid_us.json", 200, Outcome.OK),
        ("pl2020_P1_state06.json", 200, Outcome.OK),
    ],
)
def test_recorded_census_bodies_are_classified(file: str, status: int, outcome: Outcome):
    """Texts, pages and tables are told apart (CE2, CE4)."""
    assert classify_census(census_answer(file, status)).outcome is outcome


def census_answer(file: str, status: int = 200) -> Answer:
    """Ask for a recorded body over the client."""
    body = (CENSUS / file).read_bytes()
    with Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, content=body))) as client:
        return client.get(Question("census", "https://api.census.gov/data"))


@needs_census
def test_recorded_estimates_are_cells():
    """A population that is controlled has no margin of its own (CE5); every cell of a whole group is read."""
    (row,) = read_rows(census_answer("acs5_B01001_annotated.json"))
    cell, margin = read_estimate(row, "B01001_001E")
    assert (cell.value, cell.status, margin) == (331893745, CellStatus.CONTROLLED, "0")
    (group,) = read_rows(census_answer("acs1_2024_group_B09019_ucgid_us.json"))
    estimates = [name for name in group if name.endswith("E") and name != "NAME"]
    read = [read_estimate(group, name)[0] for name in estimates]
    assert len(read) == 26
    assert all(cell.value is not None for cell in read)


@needs_census
def test_a_recorded_refusal_names_the_variable():
    """The user reads which variable is unknown (CE4)."""
    body = (CENSUS / "error_400_unknown_variable.txt").read_bytes()
    transport = httpx.MockTransport(lambda _: httpx.Response(400, content=body))
    with Client(transport=transport) as client, pytest.raises(RequestRefused, match="unknown variable 'B250301_001E'"):
        CensusConnector().fetch(client, {"key": "0123456789"})


@needs_census
def test_the_recorded_head_of_a_gazetteer_is_read():
    """The layout of 2025 gives the county with its point."""
    table = as_list(read_table(CENSUS / "gazetteer_2025_counties_2rows.txt"), "counties")
    assert table.columns.column("NAME").to_pylist() == ["Autauga County"]
    assert table.columns.column("BASENAME").to_pylist() == ["Autauga"]
    assert table.columns.column("INTPTLONG").to_pylist() == ["-86.64644"]
