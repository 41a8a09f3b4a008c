"""What the Reconciliation Service API says answers look like, in JSON Schema of our own.

Written from the text of both versions,
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ and
https://reconciliation-api.github.io/specs/draft/. Members the protocol does not name are allowed, as it allows them.
"""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_NAMED = {"type": "object", "required": ["id", "name"], "properties": {"id": _TEXT, "name": _TEXT}}
_TYPES = {"type": "array", "items": {"anyOf": [_TEXT, _NAMED]}}
_ADDRESS = {"type": "string", "pattern": "^https?://"}


def _object(required: tuple[str, ...], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def _list(items: Any) -> dict[str, Any]:
    return {"type": "array", "items": items}


# A feature is a number or a sign. Null is neither: what is not known is left out.
_FEATURE = _object(("id", "name", "value"), id=_TEXT, name=_TEXT, value={"type": ["number", "boolean"]})
_CANDIDATE = _object(
    ("id", "name", "score", "match"),
    id=_TEXT,
    name=_TEXT,
    description={"type": "string"},
    score={"type": "number", "minimum": 0, "maximum": 100},
    match={"type": "boolean"},
    type=_TYPES,
    features=_list(_FEATURE),
)

#: A cell has exactly one kind of value.
_CELL = {
    "type": "object",
    "minProperties": 1,
    "maxProperties": 1,
    "properties": {"str": {"type": "string"}, "float": {"type": "number"}, "int": {"type": "integer"}},
    "additionalProperties": False,
}
_META = _list(_NAMED)

_SUGGESTING = _object(
    ("service_url", "service_path"),
    service_url=_ADDRESS,
    service_path={"type": "string", "pattern": "^/"},
    flyout_service_url=_ADDRESS,
    flyout_service_path={"type": "string", "pattern": r"\$\{id\}"},
)
_FRAME = {"width": {"type": "integer", "minimum": 1}, "height": {"type": "integer", "minimum": 1}}

MANIFEST = _object(
    ("versions", "name", "identifierSpace", "schemaSpace"),
    versions={"type": "array", "contains": {"const": "0.2"}},
    name=_TEXT,
    identifierSpace=_ADDRESS,
    schemaSpace=_ADDRESS,
    documentation=_ADDRESS,
    serviceVersion=_TEXT,
    defaultTypes=_list(_NAMED),
    view=_object(("url",), url={"type": "string", "pattern": r"\{\{id\}\}"}),
    preview=_object(("url", "width", "height"), url={"type": "string", "pattern": r"\{\{id\}\}"}, **_FRAME),
    suggest=_object((), entity=_SUGGESTING, property=_SUGGESTING, type=_SUGGESTING),
    extend=_object(
        (),
        propose_properties=_object(("service_url", "service_path"), service_url=_ADDRESS, service_path=_TEXT),
        property_settings=_list(_object(("type", "label", "name"))),
    ),
)

DRAFT_MANIFEST = _object(
    ("versions", "name", "view"),
    versions={"type": "array", "contains": {"const": "1.0-draft"}},
    name=_TEXT,
    view=_object(("url",), url={"type": "string", "pattern": r"\{[^{}]*id[^{}]*\}"}),
    preview=_object(("width", "height"), **_FRAME),
    suggest=_object(
        ("entity", "property", "type"),
        entity={"type": "boolean"},
        property={"type": "boolean"},
        type={"type": "boolean"},
    ),
    extend=_object((), proposeProperties={"type": "boolean"}, propertySettings=_list(_object(("type", "id", "name")))),
    standardizedScore={"const": True},
)

RESULTS = {"type": "object", "additionalProperties": _object(("result",), result=_list(_CANDIDATE))}
DRAFT_RESULTS = _object(("results",), results=_list(_object(("candidates",), candidates=_list(_CANDIDATE))))

SUGGESTIONS = _object(
    ("result",),
    result=_list(_object(("id", "name"), id=_TEXT, name=_TEXT, description={"type": "string"}, notable=_TYPES)),
)
FLYOUT = _object(("id", "html"), id=_TEXT, html=_TEXT)
PROPOSALS = _object(("properties",), properties=_list(_NAMED), type=_TEXT, limit={"type": "integer"})

EXTENSION = _object(
    ("meta", "rows"),
    meta=_META,
    rows={"type": "object", "additionalProperties": {"type": "object", "additionalProperties": _list(_CELL)}},
)
DRAFT_EXTENSION = _object(
    ("meta", "rows"),
    meta=_META,
    rows=_list(
        _object(
            ("id", "properties"),
            id=_TEXT,
            properties=_list(_object(("id", "values"), id=_TEXT, values=_list(_CELL))),
        )
    ),
)
