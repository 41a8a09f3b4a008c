"""Responses and meetings that work, shown in the OpenAPI document and sent by the tests. Nobody real said these."""

from __future__ import annotations

from typing import Any

import orjson

RESPONSE: dict[str, Any] = {
    "id": "web-000017",
    "country": "KEN",
    "province": "Turkana",
    "municipality": "Lodwar",
    "age": "20-40",
    "gender": "women",
    "groups": ["pastoralists", "women and girls", "people with disabilities"],
    "drivers": ["drought", "no road"],
    "sdg": ["SDG 6", "10"],
    "priorities": ["clean water"],
    "consent": "public_aggregate",
}

MEETING: dict[str, Any] = {
    "id": "lodwar-2017-03",
    "country": "KEN",
    "province": "Turkana",
    "municipality": "Lodwar",
    "date": "2017-03-14",
    "participants": {
        "total": 46,
        "by_age": {"under 20": 5, "20-40": 21, "40-60": 15, "60-80": 5},
        "by_gender": {"women": 27, "men": 19},
    },
    "groups": ["Turkana", "pastoralists", "older persons"],
    "drivers": ["drought", "discrimination"],
    "sdg": ["1", "6"],
    "priorities": ["water", "health"],
    "consent": "public_aggregate",
}

RESPONSES = {"one": {"summary": "One response", "value": [RESPONSE]}}
MEETINGS = {"one": {"summary": "One meeting", "value": [MEETING]}}


def body(schema: str, examples: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI entry of a batch, as a JSON array or as lines."""
    values = [value for one in examples.values() for value in one["value"]]
    lines = "".join(f"{orjson.dumps(value).decode()}\n" for value in values)
    items = {"type": "array", "items": {"$ref": f"#/components/schemas/{schema}"}, "minItems": 1}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": items, "examples": examples},
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "one item per line"},
                    "examples": {"lines": {"summary": "As lines", "value": lines}},
                },
            },
        }
    }
