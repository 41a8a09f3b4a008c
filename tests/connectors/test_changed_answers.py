"""Any one change in an answer gives a snapshot that keeps its promises, or an error that says what changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from connectors import contract
from connectors.base import Connector
from connectors.census import CensusConnector
from connectors.client import Client
from connectors.errors import ConnectorError
from connectors.eurostat import EurostatConnector
from connectors.ibge import IbgeConnector
from connectors.nomis import NomisConnector
from connectors.ons import OnsConnector
from connectors.sdmx import SdmxConnector
from connectors.statcan import StatCanConnector
from connectors.worldbank import WorldBankConnector

SPECIMENS = Path(__file__).parents[1] / "specimens"
CHANGES = 60  # to each source
JUNK = (None, "", 0, -1, 1e9, "x", [], {}, [None], {"a": 1}, True, "NaN", "2024", [[]])

#: Connector, options, and the specimen that answers each part of an address.
SOURCES: dict[str, tuple[Connector, dict[str, str], dict[str, str]]] = {
    "worldbank": (
        WorldBankConnector(),
        {"indicators": "SP.POP.TOTL", "date": "2009:2012", "version": "201404"},
        {"/metadata": "metadata.json", "/sources/57": "archive_201404.json", "/country": "country.json"},
    ),
    "ibge": (
        IbgeConnector(),
        {"subject": "indigenous"},
        {
            "/metadados": "metadados_9718.json",
            "/periodos/": "figures_9718.json",
            "/periodos": "periodos.json",
            "/municipios": "municipios.json",
            "/estados": "estados.json",
        },
    ),
    "statcan": (
        StatCanConnector(),
        {"vectors": "1,2,3,4"},
        {"getCubeMetadata": "cube.json", "LatestNPeriods": "series.json", "getCodeSets": "codes.json"},
    ),
    "ons": (OnsConnector(), {}, {"/area-types/": "areas.json", "/census-observations": "observations.json"}),
    "nomis": (
        NomisConnector(),
        {"dataset": "NM_9999_1", "geography": "TYPE154"},
        {".def": "definition.json", ".csv": "figures.csv"},
    ),
    "census": (
        CensusConnector(),
        {"key": "secret", "dataset": "dec/ddhca", "table": "T01001", "for": "county:*", "POPGROUP": "1114"},
        {"/data/": "detailed.json"},
    ),
    "sdmx": (
        SdmxConnector(),
        {"description": str(SPECIMENS / "sdmx" / "homes.toml"), "KIND": "ALL"},
        {"/dataflow/": "structure.xml", "/data/": "data-1.json"},
    ),
    "eurostat": (EurostatConnector(), {"dataset": "made_up"}, {"/data/": "dataset.json"}),
}


def parts(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through the paths of everything in a document."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in inner:
        yield (*path, key)
        yield from parts(value, (*path, key))


def changed(body: bytes, chance: Random) -> bytes:
    """Take something out of a body, or put something else in its place."""
    if not body.startswith((b"{", b"[")):
        place = chance.randrange(len(body))
        return body[:place] + chance.choice([b",", b'"', b"\n", b"x", b""]) + body[place + 1 :]
    document = json.loads(body)
    *above, last = chance.choice(list(parts(document)))
    holder = document
    for key in above:
        holder = holder[key]
    if chance.random() < 1 / 3:
        del holder[last]
    else:
        holder[last] = chance.choice(JUNK)
    return json.dumps(document).encode()


@pytest.mark.parametrize("source", SOURCES)
def test_a_changed_answer_is_understood_or_refused(source: str, specimen: Callable[[str], bytes]):
    """No change makes a connector stumble, ask for ever, or bring figures that contradict themselves."""
    connector, request, bodies = SOURCES[source]
    chance = Random(source)  # noqa: S311 - the same changes in every run
    refused = 0
    for _ in range(CHANGES):
        victim = chance.choice(list(bodies))
        body = changed(specimen(f"{source}/{bodies[victim]}"), chance)

        def answer(asked: httpx.Request, victim: str = victim, body: bytes = body) -> httpx.Response:
            part = next(part for part in bodies if part in str(asked.url))
            return httpx.Response(200, content=body if part == victim else specimen(f"{source}/{bodies[part]}"))

        with Client(transport=httpx.MockTransport(answer)) as client:
            try:
                snapshot = connector.fetch(client, request)
            except ConnectorError:
                refused += 1
                continue
        broken = [promise for told in (contract._observations, contract._places) for promise in told(snapshot)]
        assert broken == [], body
    assert 0 < refused < CHANGES
