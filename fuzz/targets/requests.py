"""What stands in requests beside the address: headers, parameters, bodies."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import suppress

from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from fuzz.target import Target, reading_text, refusing, require, texts
from service.api.flags import ReviewGiven, deciding
from service.api.mappings import ProfileGiven, UsualGiven
from service.api.queries import BoxText, FlagQuery, PointText, RecordQuery, numbers
from service.api.statements import MeetingGiven, ResponseGiven
from service.api.submission import RecordGiven
from service.callers.caller import ANONYMOUS
from service.errors import Problem
from service.http.answers import Answer, format_asked, reply
from service.http.bodies import lines, parsed
from service.http.callers import sent_key
from service.http.uploads import _name
from service.store.filters import cursor_at, position

_BODIES: tuple[type[BaseModel], ...] = (RecordGiven, ResponseGiven, MeetingGiven, ProfileGiven, UsualGiven, ReviewGiven)
_BOX: TypeAdapter[str] = TypeAdapter(BoxText)
_POINT: TypeAdapter[str] = TypeAdapter(PointText)
_LONGEST_NAME = 200


def _request(*headers: tuple[str, bytes], query: bytes = b"") -> Request:
    """Return a request with such headers, as a server hands it on: in latin-1, without line breaks."""
    raw = [(name.encode(), value.translate(None, b"\r\n\0")) for name, value in headers]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": raw, "query_string": query})


def _accept(data: bytes) -> None:
    accept, _, held = data.partition(b"\n")
    request = _request(("accept", accept), ("if-none-match", held))
    reply(request, ANONYMOUS, Answer(b"{}", version=3))
    format_asked(request, None)


def _credentials(data: bytes) -> None:
    scheme, _, other = data.partition(b"\n")
    sent_key(_request(("authorization", scheme), ("x-api-key", other)))


def _file_name(data: bytes) -> None:
    disposition, _, kind = data.partition(b"\n")
    name = _name(_request(("content-disposition", disposition), ("content-type", kind)))
    require(0 < len(name) <= _LONGEST_NAME and not set(name) & set("/\\\0\n"), f"{name!r} is the plain name of a file")


def _precondition(text: str) -> None:
    deciding(ANONYMOUS, text)


def _cursor(text: str) -> None:
    at = position(text)
    require(position(cursor_at(at)) == at, "a cursor says where it stands")


def _parameters(text: str) -> None:
    for adapter in (_BOX, _POINT):
        with suppress(ValidationError):
            numbers(adapter.validate_python(text))
    pairs = dict(pair.partition("=")[::2] for pair in text.split("&"))
    for query in (RecordQuery, FlagQuery):
        with suppress(ValidationError):
            query.model_validate(pairs)


def _body(data: bytes) -> None:
    body = parsed(data)
    for kind in _BODIES:
        with suppress(ValidationError):
            given = kind.model_validate(body)
            if isinstance(given, RecordGiven):
                given.account()
            if isinstance(given, ResponseGiven | MeetingGiven):
                given.sent()


def _lines(data: bytes) -> None:
    found = lines(data)
    require(len(found) <= data.count(b"\n") + 1, "a line is one item at most")


RECORD = {
    "id": "a-1",
    "name": "Lindi",
    "names": [{"text": "Lindi", "language": "sw", "script": "Latn"}, "Kwa Lindi"],
    "country": "KEN",
    "location": {"lat": -1.3133, "lon": 36.7876, "uncertainty_m": 50},
    "area": {"type": "Polygon", "coordinates": [[[36.7, -1.3], [36.8, -1.3], [36.8, -1.2], [36.7, -1.3]]]},
    "admin": {"county": "Nairobi"},
    "kind": "village",
    "groups": ["Nubian"],
    "counts": [{"value": 120, "low": 100, "high": 150, "unit": "persons", "date": "2025-03-01"}],
    "observed": "2025-03-01",
    "drivers": ["eviction"],
    "sdg": ["11.1"],
    "consent": "internal",
    "evidence": ["https://example.org/photo.jpg"],
}
_STATED = {"id": "r-1", "country": "KEN", "groups": ["Nubian"], "drivers": ["eviction"], "sdg": ["11"], "age": "20-40"}
_MEETING = {"country": "KEN", "date": "2025-03-01", "participants": {"total": 12, "by_age": {"20-40": 7}}}
_REVIEW = {"decision": "confirmed", "reason_code": "field_visit", "note": "seen", "expected_version": 2}


def _bodies() -> list[bytes]:
    return [json.dumps(one).encode() for one in (RECORD, _STATED, _MEETING, _REVIEW)]


TARGETS = (
    Target(
        "accept", "Accept, If-None-Match", refusing(_accept, Problem),
        texts('text/csv;q=0.5, */*\nW/"3.abc"', "application/geo+json\n*", "image/png"), runs=60_000, longest=256,
    ),
    Target(
        "credentials", "Authorization, X-API-Key", refusing(_credentials, Problem),
        lambda: [b"Bearer abc\nabc", b"Basic " + b64encode(b"me:key"), b"\nkey"], runs=60_000, longest=256,
    ),
    Target(
        "file-name", "Content-Disposition, Content-Type", refusing(_file_name, Problem),
        texts('attachment; filename="list.csv"\ntext/csv', "attachment; filename*=UTF-8''l%20i%2Fst.csv", "x\nx/y"),
        runs=40_000, longest=256,
    ),
    Target("precondition", "If-Match", reading_text(_precondition, Problem), texts('W/"3.abcdef"', "3", "*"),
           runs=60_000, longest=64),
    Target("cursor", "cursors of pages", reading_text(_cursor, Problem), texts(cursor_at(1), cursor_at(10**12)),
           runs=60_000, longest=64),
    Target(
        "query", "parameters of lists", reading_text(_parameters),
        texts("36.6,-1.4,37.1,-1.1", "-1.3,36.8", "country=KEN&bbox=36,-2,37,-1&updated_since=2026-03-31T12:00:00Z",
              "min_probability=0.5&sdg=11.1&cursor=YWZ0ZXI6MQ"),
        runs=40_000, longest=256,
    ),
    Target("body", "JSON bodies of records, statements and decisions", refusing(_body, Problem), _bodies,
           runs=60_000),
    Target("lines", "NDJSON", refusing(_lines, Problem), lambda: [b"\n".join(_bodies()), b"{}\n\n[1,\n"], runs=60_000),
)  # fmt: skip
