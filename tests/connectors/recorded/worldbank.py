"""Exchanges with the World Bank, as their index describes them."""

from __future__ import annotations

import json
from typing import Any

from connectors.errors import RequestRefused
from connectors.worldbank.answers import classify, read_page
from tests.connectors.recorded.body import RECORDED, Body, answered

FOLDER = "worldbank/wbdata-go"


def exchanges() -> list[dict[str, Any]]:
    """Return what the index says of each exchange, nothing where it is missing."""
    index = RECORDED / FOLDER / "index.json"
    return json.loads(index.read_text(encoding="utf-8")) if index.is_file() else []


def body(exchange: dict[str, Any]) -> Body:
    """Return an exchange as a body; a message instead of rows is to be refused, whatever its status."""
    name = f"{FOLDER}/{exchange['file']}"
    content = (RECORDED / name).read_bytes()
    message = exchange["status"] == 400 or b'"message"' in content[:20]
    envelope = [] if message else json.loads(content)
    return Body(
        "worldbank",
        name,
        answered(classify, lambda answer: len(read_page(answer).rows)),
        expected=0 if message else len(envelope[1]),
        refused=RequestRefused if message else None,
        status=exchange["status"],
        headers={"Content-Type": exchange["headers"]["Content-Type"][0]},
    )


BODIES = tuple(map(body, exchanges()))
