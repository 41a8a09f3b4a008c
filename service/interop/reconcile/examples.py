"""Bodies that work as they stand, for the reference and for the tests that send them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from service.http.questions import FORM
from service.writing.formats import json_text

_QUERIES = {
    "q0": {
        "query": "Gatwekera",
        "limit": 3,
        "properties": [{"pid": "lat", "v": -1.3151}, {"pid": "lon", "v": 36.7826}, {"pid": "country", "v": "KE"}],
    }
}
_EXTENSION = {"ids": ["ke-census-2009:KE2009-KIBERA-GATWIKIRA"], "properties": [{"id": "code"}]}
_CONDITIONS = {
    "queries": [
        {
            "limit": 3,
            "conditions": [
                {"matchType": "name", "propertyValue": "Gatwekera"},
                {"matchType": "property", "propertyId": "country", "propertyValue": "KE", "required": True},
            ],
        }
    ]
}


def _form(**fields: Any) -> str:
    return urlencode({name: json_text(value).decode() for name, value in fields.items()})


def _body(kind: str, schema: dict[str, Any] | None, **examples: Any) -> dict[str, Any]:
    told = {name: {"summary": name, "value": value} for name, value in examples.items()}
    content = {"examples": told} if schema is None else {"schema": schema, "examples": told}
    return {"requestBody": {"content": {kind: content}, "required": True}}


FORM_BODY = _body(
    FORM,
    {
        "type": "object",
        "properties": {
            "queries": {"type": "string", "description": "JSON: queries by name"},
            "extend": {"type": "string", "description": "JSON: `ids` of entities, `properties` wanted of them"},
        },
        "anyOf": [{"required": ["queries"]}, {"required": ["extend"]}],
    },
    queries=_form(queries=_QUERIES),
    extend=_form(extend=_EXTENSION),
)
QUERIES = _body("application/json", None, conditions=_CONDITIONS)
EXTENSIONS = _body("application/json", None, code=_EXTENSION)
