"""Pages ask the API, in the same process and as whoever looks at them.

So a page shows what the API answers to its reader, filtered, redacted and refused by the same code, and nothing else.
Who is asking was found out once, for the page, and is handed on inside the process, where no header can forge it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import Request, Response
from starlette.types import Message, Scope, Send

from service.callers.caller import Caller
from service.errors import CATALOGUE, INTERNAL, Problem
from service.http.callers import SEATED

_KEPT = frozenset({b"host"})
_ASSIGNED = ("endpoint", "path_params", "route", "router")  # by routing, anew
_TOLD = ("content-type", "content-disposition", "link", "vary", "retry-after")  # of the headers of an answer
_FAILED = 400
_MEMBERS = frozenset({"type", "title", "status", "detail", "instance", "code", "hint", "request_id"})

Query = Iterable[tuple[str, str]]


async def ask(request: Request, caller: Caller, path: str, query: Query = ()) -> dict[str, Any]:
    """Return what the API answers at an address. Raises `Problem` as it does there."""
    answer = await relay(request, caller, path, query)
    told: dict[str, Any] = orjson.loads(answer.body)
    if answer.status_code < _FAILED:
        return told
    extra = {name: value for name, value in told.items() if name not in _MEMBERS}
    raise Problem(CATALOGUE.get(told.get("code", ""), INTERNAL), told.get("detail", ""), **extra)


async def relay(request: Request, caller: Caller, path: str, query: Query = ()) -> Response:
    """Return what the API answers at an address as it is: data for whoever looks at the page of the same."""
    answer = Response(headers={"Cache-Control": "private, no-store"} if caller.key_id else {})
    await request.app.router(_asking(request, caller, (path, query)), _nothing, _into(answer))
    return answer


def _asking(request: Request, caller: Caller, what: tuple[str, Query]) -> Scope:
    path, query = what
    scope = {name: value for name, value in request.scope.items() if name not in _ASSIGNED}
    return scope | {
        "method": "GET",
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(list(query)).encode(),
        "headers": [
            *((name, value) for name, value in request.scope["headers"] if name in _KEPT),
            (b"accept", b"application/json"),
        ],
        SEATED: caller,
    }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _into(answer: Response) -> Send:
    """Return what fills an answer with what is sent."""
    pieces: list[bytes] = []

    async def take(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status_code = message["status"]
            told = {name.decode(): value.decode() for name, value in message["headers"]}
            answer.headers.update({name: told[name] for name in _TOLD if name in told})
        else:
            pieces.append(message.get("body", b""))
            if not message.get("more_body"):
                answer.body = b"".join(pieces)
                answer.headers["content-length"] = str(len(answer.body))

    return take
