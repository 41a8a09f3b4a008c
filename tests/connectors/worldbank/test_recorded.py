"""Exchanges recorded from the World Bank are understood: replayed where they stand beside the checkout."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from connectors.client import Answer, Client, Question
from connectors.outcomes import Outcome
from connectors.worldbank.answers import classify, read_countries, read_observations, read_page
from geodata.cells import CellStatus
from tests.connectors.recorded.body import RECORDED

WORLDBANK = RECORDED / "worldbank" / "wbdata-go"

pytestmark = pytest.mark.skipif(
    not WORLDBANK.is_dir(), reason=f"the recorded World Bank exchanges are missing: {WORLDBANK.name}"
)


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


def test_every_recorded_exchange_is_classified(worldbank: dict[str, Answer]):
    """All bodies are data, messages or pages of HTML, and none is taken for another."""
    outcomes: dict[Outcome, int] = {}
    for name, answer in worldbank.items():
        found = classify(answer)
        outcomes[found.outcome] = outcomes.get(found.outcome, 0) + 1
        is_message = answer.status == 400 or b'"message"' in answer.body[:20]
        assert (found.outcome is Outcome.INVALID_REQUEST) == is_message, name
    assert outcomes == {Outcome.OK: 42, Outcome.INVALID_REQUEST: len(worldbank) - 42}


def test_every_recorded_envelope_is_read(worldbank: dict[str, Answer]):
    """Numbers of the envelope come as numbers and as texts; both are read, and the rows counted (WB3)."""
    for name, answer in worldbank.items():
        if classify(answer).outcome is Outcome.OK:
            page = read_page(answer)
            assert page.page == 1, name
            assert 0 < len(page.rows) <= page.total, name
            assert page.pages >= 1, name


def test_the_recorded_vintage_is_that_of_the_database(worldbank: dict[str, Answer]):
    """Figures recorded on 13 June 2021 are those of 25 May, whatever the HTTP headers say (WB6)."""
    figures = [
        read_page(answer)
        for name, answer in worldbank.items()
        if "IndicatorValues" in name and classify(answer).outcome is Outcome.OK
    ]
    assert {page.lastupdated for page in figures} == {"2021-05-25"}


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
