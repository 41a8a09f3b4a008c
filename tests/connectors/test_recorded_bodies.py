"""Every body recorded from HDX, HAPI, UN SDG, geoBoundaries and GNIS is parsed, or refused as it should be.

`pytest -rP` shows the table: source, body, and what became of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from connectors.client import Answer, Client, Question
from connectors.cod.ckan import read_dataset
from connectors.cod.pcodes import reference_of
from connectors.cod.tables import Told, read_units
from connectors.errors import AccessRefused, ConnectorError, SourceChanged
from connectors.geoboundaries.answers import read_boundaries
from connectors.gnis.rows import columns_of
from connectors.hapi import HapiConnector
from connectors.hapi import answers as hapi
from connectors.outcomes import require
from connectors.unsdg import answers as unsdg
from geodata.files.tables import read_table

RECORDED = Path(__file__).parents[3] / "shared" / "data" / "recorded"
FOLDERS = ("geoboundaries", "gnis", "hdx-cod", "hdx-hapi", "unsdg")

pytestmark = pytest.mark.skipif(
    not all((RECORDED / folder).is_dir() for folder in FOLDERS), reason=f"recorded bodies are missing: {FOLDERS}"
)

Reader = Callable[[Path], str]


def answer(path: Path, status: int) -> Answer:
    """Answer with a recorded body over the client."""
    transport = httpx.MockTransport(lambda _: httpx.Response(status, content=path.read_bytes()))
    with Client(transport=transport) as client:
        return client.get(Question("recorded", "https://example.org"))


def units(path: Path) -> str:
    """Read a table of units."""
    read = read_units(read_table(path), Told())
    return f"{len(read.places)} units, {len(read.observations)} figures, {len(read.problems)} doubts"


def pcodes(path: Path) -> str:
    """Read the global list of P-codes."""
    return f"{len(reference_of(read_table(path)))} P-codes"


def lengths(path: Path) -> str:
    """Read the table of lengths, which no connector needs: P-codes are checked against their own list."""
    return f"{len(read_table(path))} countries"


def dataset(path: Path) -> str:
    """Read a dataset of the catalogue."""
    return f"{len(read_dataset(path.read_text(encoding='utf-8')).resources)} resources"


def flat(path: Path) -> str:
    """Read a flat file of HAPI."""
    with Client() as client:
        snapshot = HapiConnector().fetch(client, {"path": str(path)})
    assert snapshot.observations is not None
    return f"{snapshot.observations.num_rows} figures, {len(snapshot.problems)} doubts"


def need(path: Path) -> str:
    """Read a row of people in need."""
    kept, _ = hapi.read_observations([json.loads(path.read_bytes())], hapi.THEMES["humanitarian-needs"])
    return f"{len(kept)} figure"


def refusal(path: Path) -> str:
    """Refuse an answer of 403."""
    require(hapi.classify(answer(path, 403)), source="hapi", asked=path.stem)
    return "taken for an answer"


def trimmed(path: Path) -> str:
    """Read rows of UN SDG that were cut to four keys."""
    kept, _ = unsdg.read_observations(json.loads(path.read_bytes()))
    return f"{len(kept)} figures"


def outlines(path: Path) -> str:
    """Read a description of outlines."""
    return read_boundaries(path.read_text())[0].vintage


def header(path: Path) -> str:
    """Read a header of GNIS."""
    return f"{len(columns_of(path.read_text(encoding='utf-8-sig').strip().split('|')))} columns"


#: Part of a path -> how it is read, and the refusal that is right where one is.
READERS: dict[str, tuple[Reader, type[ConnectorError] | None]] = {
    "geoboundaries/gbOpen": (outlines, None),
    "gnis/DomesticNames": (header, None),
    "hdx-hapi/error_403": (refusal, AccessRefused),
    "hdx-hapi/humanitarian_needs": (need, None),
    "unsdg/series_data_rows_2_TRIMMED": (trimmed, SourceChanged),
    "pcode-lengths": (lengths, None),
    "pcode_lengths": (lengths, None),
    "pcodes": (pcodes, None),
    "hdx_hapi_population": (flat, None),
    "dataset-cod-ps": (dataset, None),
    "cod-ps/": (units, None),
}


def test_every_recorded_body_is_parsed_or_refused_as_it_should_be():
    """No body is left over, and none comes out otherwise than expected."""
    bodies = [path for folder in FOLDERS for path in sorted((RECORDED / folder).rglob("*")) if path.is_file()]
    parsed = refused = 0
    for path in bodies:
        name = path.relative_to(RECORDED).as_posix()
        if path.name == "ORIGIN":
            continue
        read, expected = next(found for part, found in READERS.items() if part in name)
        failure: type[ConnectorError] | None = None
        try:
            came = read(path)
        except ConnectorError as error:
            failure, came = type(error), f"refused: {type(error).__name__}"
        assert failure is expected, name
        parsed, refused = parsed + (failure is None), refused + (failure is not None)
        print(f"{name:64} {came}")  # noqa: T201 - the table is what this test shows
    assert (parsed, refused) == (22, 3)
