"""Bodies recorded from the US Census Bureau are understood."""

from __future__ import annotations

import httpx
import pytest

from connectors.census import CensusConnector
from connectors.census.answers import classify as classify_census
from connectors.census.answers import read_estimate, read_rows
from connectors.client import Answer, Client, Question
from connectors.errors import AccessRefused, RequestRefused
from connectors.gazetteer.table import as_list
from connectors.outcomes import Outcome
from geodata.cells import CellStatus
from geodata.files.tables import read_table
from tests.connectors.recorded.body import RECORDED

CENSUS = RECORDED / "census"

pytestmark = pytest.mark.skipif(not CENSUS.is_dir(), reason="the recorded Census bodies are missing: census")


@pytest.mark.parametrize("name", ["missing", "invalid"])
def test_recorded_redirects_are_refusals(name: str):
    """The redirect to the page about keys, with the header that was seen, is an access problem (CE1)."""
    lines = (CENSUS / f"error_302_{name}_key.http").read_text().splitlines()
    headers = dict(line.split(": ", 1) for line in lines[1:] if line)
    transport = httpx.MockTransport(lambda _: httpx.Response(302, headers=headers))
    with Client(transport=transport) as client, pytest.raises(AccessRefused):
        CensusConnector().fetch(client, {"key": "0123456789"})


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


def test_a_recorded_refusal_names_the_variable():
    """The user reads which variable is unknown (CE4)."""
    body = (CENSUS / "error_400_unknown_variable.txt").read_bytes()
    transport = httpx.MockTransport(lambda _: httpx.Response(400, content=body))
    with Client(transport=transport) as client, pytest.raises(RequestRefused, match="unknown variable 'B250301_001E'"):
        CensusConnector().fetch(client, {"key": "0123456789"})


def test_the_recorded_head_of_a_gazetteer_is_read():
    """The layout of 2025 gives the county with its point."""
    table = as_list(read_table(CENSUS / "gazetteer_2025_counties_2rows.txt"), "counties")
    assert table.columns.column("NAME").to_pylist() == ["Autauga County"]
    assert table.columns.column("BASENAME").to_pylist() == ["Autauga"]
    assert table.columns.column("INTPTLONG").to_pylist() == ["-86.64644"]
