"""What other programs and pages ask: features by OGC, reconciliation, changes since, forms with a file."""

from __future__ import annotations

import json
from asyncio import Runner
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from typing import get_origin
from urllib.parse import parse_qs

import numpy as np
import orjson
from fastapi import Request
from pydantic import BaseModel, TypeAdapter, ValidationError

from fuzz.target import Target, reading_text, refusing, require, texts
from service.api.changes import ChangesQuery
from service.callers.caller import ANONYMOUS
from service.changes import cursor as cursors
from service.changes.cursor import Cursor
from service.context import Context
from service.errors import Problem
from service.http.forms import FormWithFile
from service.interop.ogc.asking import AreaItems, FlagItems, PlaceItems, span_of
from service.interop.ogc.flags import _asked
from service.interop.reconcile.asked import ExtensionAsked, QueriesAsked, QueryAsked
from service.interop.reconcile.matching import _Read
from service.interop.reconcile.services import SERVICES, Which
from service.interop.reconcile.values import Asking, Query
from service.layers.layer import Layer
from service.layers.spot import Spot
from service.store.touches import Position

_KEY = b"0123456789abcdef0123456789abcdef"
_DAYS = (date.min, date(2026, 3, 31), date.max)
_NAMED: TypeAdapter[dict[str, QueryAsked]] = TypeAdapter(dict[str, QueryAsked])
_MOST_FIELDS = 50
_TAGS = {"sdg": [{"code": "11.1"}], "dimensions": [], "factors": [], "themes": [{"code": "disability"}], "seeds": []}


@cache
def layer() -> Layer:
    """Return flags at the edges of the world, one in the middle, and one without a place."""
    places = ((-1.3, 36.8), (-1.3, 36.8), (85.05, 180.0), (-85.05, -180.0), (0.0, 0.0), (None, None))
    told = {
        "verdict": "hidden_place",
        "status": "open",
        "country": "KEN",
        "groups": None,
        "sdg": "11.1",
        "source": "ke",
    }
    found = {"probability": 0.9, "updated_at": datetime(2026, 3, 31, tzinfo=UTC), "search": "lindi"}
    found |= {"units": (("county", "nairobi"),), "tags": _TAGS}
    return Layer(
        [
            Spot(
                **told,
                **found,
                seq=at,
                id=f"{at:032x}",
                lat=lat,
                lon=lon,
                radius_m=100.0 * at,
                kind=("camp", None)[at % 2],
            )
            for at, (lat, lon) in enumerate(places)
        ]
    )


def _features(text: str) -> None:
    try:
        said = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:  # more fields than the service reads either
        return
    for kind in (FlagItems, PlaceItems, AreaItems):
        with suppress(ValidationError):
            asked = kind.model_validate(_given(kind, said))
            span = span_of(asked.datetime)
            require(all(span.holds(day) in {True, False} for day in _DAYS), "a day lies in a span or beside it")
            if isinstance(asked, FlagItems):
                found = layer().selected(_asked(asked))
                require(found.dtype == np.bool_ and len(found) == len(layer()), "each flag is asked for or is not")
            else:
                require(asked.box is None or len(asked.box) == 4, "a box has four sides")  # noqa: PLR2004


def _given(kind: type[BaseModel], said: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """Return parameters as the framework hands them on: the last of those that are one."""
    several = {name for name, field in kind.model_fields.items() if get_origin(field.annotation) is list}
    return {name: values if name in several else values[-1] for name, values in said.items()}


def _reconciled(data: bytes) -> None:
    given = orjson.loads(data)
    for service in SERVICES.values():
        with suppress(ValidationError, Problem):
            _matched([one.plain(service) for one in _NAMED.validate_python(given).values()])
        with suppress(ValidationError, Problem):
            _matched([one.plain(service) for one in QueriesAsked.model_validate(given).queries])
        with suppress(ValidationError, Problem):
            wanted = ExtensionAsked.model_validate(given)
            names = wanted.names(service)
            if service is SERVICES[Which.GROUPS]:
                service.extend(_nobody(), wanted.ids, names)


def _matched(queries: list[Query]) -> None:
    for query in queries:
        point = _Read.of(query).point
        require(point is None or bool(np.isfinite(point).all()), "a point that was read is somewhere")
    for found in SERVICES[Which.GROUPS].find(_nobody(), queries):
        require(sum(one.match for one in found) <= 1, "at most one is the match")


def _nobody() -> Asking:
    return Asking(Context.__new__(Context), ANONYMOUS)  # groups are known without one


def _since(text: str) -> None:
    with suppress(ValidationError):
        wish = ChangesQuery.model_validate({"since": text}).wish()
        require((wish.cursor is None) != (wish.since is None), "what is asked from is a cursor or a moment")
        if wish.cursor is not None:
            told = cursors.read(wish.cursor, _KEY)
            require(cursors.read(cursors.written(told, _KEY), _KEY) == told, "a cursor says where it stands")


def _form(data: bytes) -> None:
    """Read a form twice: whole, and in pieces of as many bytes as its first byte says."""
    size, (kind, _, body) = max(1, data[0] if data else 1), data[1:].partition(b"\n")
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    whole, parted = (_RUNNER.run(_sent(kind, some)) for some in ([body], pieces))
    require(whole == parted, "a form says the same in whatever pieces it comes")


_RUNNER = Runner()


async def _sent(kind: bytes, pieces: list[bytes]) -> object:
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> dict[str, object]:
        return waiting.pop(0)

    head = [(b"content-type", kind.translate(None, b"\r\n\0"))]
    try:
        form = FormWithFile(Request({"type": "http", "method": "POST", "path": "/", "headers": head}, receive))
        return await form.fields(), b"".join([some async for some in form.file()])
    except Problem as problem:
        return problem.kind.code


def _forms() -> list[bytes]:
    field = b'--x\r\nContent-Disposition: form-data; name="csrf"\r\n\r\nabc\r\n'
    file = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n'
    kinds = b"multipart/form-data; boundary=x\n", b'multipart/form-data; boundary="x"\n'
    whole = field + file + b"id,name\r\n1,Lindi\r\n--x--\r\n"
    return [bytes([size]) + kind + whole for size in (1, 7, 255) for kind in kinds]


def _asked_of(*asked: object) -> Callable[[], list[bytes]]:
    return lambda: [json.dumps(one).encode() for one in asked]


_PLACE = {"country": "KEN", "lat": "1°17'32\"S", "lon": [36.8, {"id": "a:1"}]}
_PROPERTIES = [{"pid": name, "v": value} for name, value in _PLACE.items()]
_QUERY = {"query": "Lindi", "type": "village", "limit": 3, "properties": _PROPERTIES}
_CONDITION = {"matchType": "property", "propertyId": "country", "propertyValue": {"id": "c:KEN"}, "required": True}
_CONDITIONS = [{"matchType": "name", "propertyValue": ["Nubian", "Wanubi"]}, _CONDITION]

TARGETS = (
    Target(
        "ogc-query", "parameters of OGC API Features", reading_text(_features),
        texts("bbox=36.6,-1.4,37.1,-1.1&limit=10&f=json", "datetime=2026-03-31T12:00:00Z/..&country=KEN",
              "datetime=2026-03-31/2026-04-02T00:00:00.5%2B03:00&source=ke", "bbox=170,-20,-170,-10&kind=village",
              "verdict=hidden_place&status=open&sdg=11.1&min_probability=0.5&q=lindi&admin=county%3DNairobi",
              "updated_since=2026-03-31T12:00:00Z&datetime=../2026-04-01&cursor=a"),
        runs=40_000, longest=256,
    ),
    Target(
        "reconcile", "queries of OpenRefine, both versions", refusing(_reconciled, orjson.JSONDecodeError),
        _asked_of({"q0": _QUERY, "q1": {"query": "Nubian", "properties": [{"pid": "country", "v": "Kenya"}]}},
                  {"queries": [{"type": None, "limit": 5, "conditions": _CONDITIONS}]},
                  {"ids": ["ethnic/nubian", "x"], "properties": [{"id": "label"}, {"id": "countries"}]}),
        runs=40_000, longest=1_024,
    ),
    Target(
        "since", "`since` of changes: cursors and moments", reading_text(_since, Problem),
        texts(cursors.written(Cursor(Position(7, 1), "0" * 16, "f" * 16), _KEY), "2026-03-31T12:00:00Z",
              "2026-03-31T12:00:00.5+03:00"),
        runs=60_000, longest=80,
    ),
    Target("form", "forms with a file, whole and in pieces", _form, _forms, runs=40_000, longest=1_024),
)  # fmt: skip
