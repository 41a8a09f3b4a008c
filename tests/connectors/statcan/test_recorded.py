"""A recorded series of Statistics Canada goes the whole way."""

from __future__ import annotations

import json
from decimal import Decimal

import httpx
import pytest

from connectors.client import Client
from connectors.statcan import StatCanConnector
from tests.connectors.recorded.body import RECORDED

pytestmark = pytest.mark.skipif(
    not (RECORDED / "statcan").is_dir(), reason="the recorded bodies of Statistics Canada are missing: statcan"
)


def test_a_recorded_series_goes_the_whole_way():
    """A vector with the metadata of its table becomes observations; the latest release among them is the vintage."""
    metadata = json.loads((RECORDED / "statcan" / "table_23100216.json").read_text(encoding="utf-8"))
    series = json.loads((RECORDED / "statcan" / "test_gdfvalnp_0.json").read_text(encoding="utf-8"))[:1]

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("getCodeSets"):
            return httpx.Response(200, content=(RECORDED / "statcan" / "test_gcs_0.json").read_bytes())
        body = [{"status": "SUCCESS", "object": metadata}] if "Cube" in request.url.path else series
        return httpx.Response(200, content=json.dumps(body).encode())

    with Client(transport=httpx.MockTransport(answer)) as client:
        snapshot = StatCanConnector().fetch(client, {"vectors": "v74804", "latest": "5"})
    assert snapshot.observations is not None
    rows = snapshot.observations.to_pylist()
    assert [(row["area"], row["period"], Decimal(row["value"])) for row in rows][:2] == [
        ("11124", "2023-12", Decimal(293326)),
        ("11124", "2024-01", Decimal(278170)),
    ]
    assert {row["unit"] for row in rows} == {"Number"}
    assert snapshot.provenance.vintage == "2024-06-20T08:30"
