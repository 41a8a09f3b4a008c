"""Descriptions are read strictly: what is not understood is named, with what to write instead."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from connectors import catalogue
from connectors.sdmx import SdmxConnector
from connectors.sdmx.description import InvalidDescription, read_description
from connectors.sdmx.named import named
from connectors.sdmx.question import read_options
from connectors.sdmx.sources import read_descriptions, shipped
from geodata.cells import CellStatus


@pytest.fixture
def table(specimens: Path) -> dict[str, Any]:
    """Give a description that can be read."""
    tables: dict[str, dict[str, Any]] = tomllib.loads((specimens / "sdmx" / "homes.toml").read_text(encoding="utf-8"))
    return tables["homes"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"licence": None}, "homes: licence missing"),
        ({"colour": "blue"}, "homes: colour is not known; known are aggregates, area,"),
        ({"standard": "sdmx-2.0"}, "homes: standard = 'sdmx-2.0' cannot be read; give one of sdmx-2.1, sdmx-3.0"),
        ({"endpoint": "stats.example.org"}, "give an address such as https://"),
        ({"endpoint": "https://stats.example.org/rest?key=1"}, "give an address"),
        ({"flow": "DF_HOMES"}, "give AGENCY:ID(VERSION)"),
        ({"dimensions": "REF_AREA.KIND"}, "give a list of dimensions in the order of the key"),
        ({"indicator": "MEASURE"}, "homes: MEASURE is none of its dimensions, which are REF_AREA, KIND"),
        ({"filters": {"SEX": "F"}}, "homes: SEX is none of its dimensions"),
        ({"dimensions": ["REF_AREA", "KIND", "TIME_PERIOD"]}, "take it out of dimensions"),
        ({"statuses": {"c": "secret"}}, "= one of observed, estimated"),
        ({"format": "tsv"}, "give one of csv, csv-2, json"),
        ({"data_path": "data/DF_HOMES"}, "give a path such as data/DF_HOMES/{key}"),
        ({"data_path": "data?{key}"}, "give a path such as"),
        ({"pause_s": -1}, "give seconds, at most 600"),
        ({"structure": "no"}, "give true or false"),
        ({"coverage": {"lowest": "ward"}}, "homes: coverage: lowest is not known"),
        ({"title": " "}, "homes: title = ' ' cannot be read; give a text"),
    ],
)
def test_what_cannot_be_read_is_named(table: dict[str, Any], change: dict[str, Any], said: str):
    """Source, key and mend stand in the message."""
    described = {key: value for key, value in {**table, **change}.items() if value is not None}
    with pytest.raises(InvalidDescription, match=re.escape(said)):
        read_description("homes", described)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "no source is described"),
        ("homes = 1", r"homes is to be a table, \[homes\], with standard, title"),
        ("[Homes]", "'Homes' cannot name a source"),
        ("[homes", "that is no TOML"),
    ],
)
def test_a_file_of_descriptions_is_read_as_strictly(content: str, said: str):
    """An empty file, a stray value, a name that is none and broken TOML are told apart."""
    with pytest.raises(InvalidDescription, match=said):
        read_descriptions(content)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_ships_can_be_asked(name: str):
    """Each source of sources.toml has terms, a coverage that says it lists no places, and filters that are codes."""
    described = shipped()[name]
    asked = read_options(described, {}, name)
    assert set(asked.codes) == set(described.filters)
    assert all(asked.codes.values())
    assert described.licence_url
    assert any("no places are listed" in note for note in described.coverage.notes)
    assert described.endpoint.startswith("https://")


def test_described_sources_are_connectors():
    """They stand among the others by name, with their titles; code of the same name would go first."""
    installed = catalogue.connectors()
    assert set(shipped()) < set(installed)
    assert installed["unicef"].title == shipped()["unicef"].title
    assert issubclass(installed["unicef"], SdmxConnector)
    assert catalogue.connector("spc").name == "spc"
    assert named()["abs"].described is shipped()["abs"]


def test_a_service_may_mean_something_else_by_a_status(table: dict[str, Any]):
    """What a description says of a code goes before the common list."""
    described = read_description("homes", {**table, "statuses": {"A": "revised"}})
    assert described.statuses == {"A": CellStatus.REVISED}
