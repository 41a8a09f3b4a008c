"""A made-up office and its dwellings, which the tests of SDMX ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx

from connectors.client import Client
from connectors.sdmx import SdmxConnector
from connectors.snapshot import Snapshot

Answering = Callable[..., Callable[[], httpx.MockTransport]]


def fetch(folder: Path, transport: httpx.BaseTransport, **options: str) -> Snapshot:
    """Fetch the described source over a transport."""
    with Client(transport=transport) as client:
        return SdmxConnector().fetch(client, {"description": str(folder / "homes.toml"), **options})


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], tuple[str | None, str]]:
    """Return (area, indicator, period) -> (value, status)."""
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    return {(row["area"], row["indicator"], row["period"]): (row["value"], row["status"]) for row in rows}


def rules(folder: Path, name: str = "data.csv") -> tuple[tuple[str, int, bytes], ...]:
    """Answer with the structure and with a message of data."""
    structure = (folder / "structure.xml").read_bytes()
    return ("/rest/dataflow/", 200, structure), ("/rest/data/", 200, (folder / name).read_bytes())
