"""What each operation may answer besides success, declared once; and the error examples of the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api.answers import ProblemShown
from service.errors import (
    BUSY,
    CONFLICT,
    FORGED,
    INTERNAL,
    INVALID,
    KEY_NEEDED,
    KEY_UNKNOWN,
    MALFORMED,
    NOT_ACCEPTABLE,
    NOT_FOUND,
    NOT_PERMITTED,
    RATE_LIMITED,
    READ_ONLY,
    STALE_STATE,
    STORAGE_FAILED,
    STORAGE_FULL,
    TOO_LARGE,
    TOO_SLOW,
    UNKNOWN_PARAMETER,
    UNSUPPORTED,
    WITHDRAWN,
    ProblemType,
)
from service.http.answers import MEDIA_TYPES, Format

#: Any operation may end in one of these.
ALWAYS = (KEY_UNKNOWN, UNKNOWN_PARAMETER, INTERNAL, BUSY, STORAGE_FULL, READ_ONLY, STORAGE_FAILED)
READING = ALWAYS
BEING = (UNKNOWN_PARAMETER, INTERNAL)
FINDING = (*ALWAYS, NOT_FOUND)
LISTING = (*ALWAYS, INVALID)
WRITING = (*ALWAYS, MALFORMED, KEY_NEEDED, NOT_PERMITTED, FORGED, CONFLICT, TOO_LARGE, TOO_SLOW, UNSUPPORTED, INVALID)
SENDING = (*WRITING, WITHDRAWN)
DECIDING = (*WRITING, NOT_FOUND, STALE_STATE)
ASKING = (*LISTING, KEY_NEEDED, NOT_PERMITTED, NOT_FOUND)
FORMATTED = (*LISTING, NOT_ACCEPTABLE)
COVERING = (*FORMATTED, KEY_NEEDED, NOT_PERMITTED)


def problems(kinds: tuple[ProblemType, ...]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of an operation that can end in these kinds of problem."""
    by_status: dict[int, list[ProblemType]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind)
    return {
        status: {
            "model": ProblemShown,
            "description": "; ".join(kind.title for kind in together),
            "content": {
                "application/problem+json": {
                    "examples": {kind.code: {"summary": kind.title, "value": example(kind)} for kind in together}
                }
            },
        }
        for status, together in sorted(by_status.items())
    }


def shown(kind: ProblemType) -> dict[str, Any]:
    """Return the entry of one kind of problem as it stands in the finished document."""
    answer: dict[str, Any] = {
        "description": kind.title,
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/ProblemShown"},
                "examples": {kind.code: {"summary": kind.title, "value": example(kind)}},
            }
        },
    }
    if kind is RATE_LIMITED:
        answer["headers"] = {
            name: {"description": told, "schema": {"type": "string"}}
            for name, told in (
                ("Retry-After", "seconds to wait"),
                ("RateLimit", "what is left of the budget, and the seconds until there is more"),
                ("RateLimit-Policy", "the budget: how many in how many seconds"),
            )
        }
    return answer


def example(kind: ProblemType) -> dict[str, Any]:
    """Return a problem of this kind as a caller would see it."""
    return {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": f"{kind.title}.",
        "instance": "/v1/records",
        "code": kind.code,
        "hint": kind.hint,
        "request_id": "9f1c2b7ae04d5566",
    }


def written_as(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """Return the success entry of an operation that answers in several formats; JSON is declared by its model."""
    schemas: dict[str, dict[str, Any]] = {
        "application/geo+json": {"schema": {"type": "object", "description": "GeoJSON FeatureCollection of points"}},
        "text/csv": {"schema": {"type": "string", "description": "RFC 4180, one row per item"}},
        "application/zip": {"schema": {"type": "string", "format": "binary", "description": "several files in one"}},
        "application/geopackage+sqlite3": {
            "schema": {"type": "string", "format": "binary", "description": "a GeoPackage"}
        },
        "application/pdf": {"schema": {"type": "string", "format": "binary", "description": "tagged PDF, A4"}},
        "text/html": {
            "schema": {"type": "string", "description": "one page that needs nothing else, to read and print"}
        },
        MEDIA_TYPES[Format.XLSX]: {"schema": {"type": "string", "format": "binary", "description": "a workbook"}},
        "image/svg+xml": {"schema": {"type": "string", "description": "a picture that describes itself in words"}},
    }
    return {200: {"content": {media_type: schemas[media_type] for media_type in media_types}}}
