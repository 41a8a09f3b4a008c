"""Reading a request: no parameter nobody declared, no body larger than agreed, none that is not what it says."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeGuard

import orjson
from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.configuration.settings import Settings
from service.errors import MALFORMED, TOO_LARGE, UNSUPPORTED, Problem
from service.http.callers import needs_some_key
from service.http.contract import refuse_unknown_parameters
from service.http.patience import Share, parts

JSON = "application/json"
NDJSON = "application/x-ndjson"
_NDJSON_TYPES = frozenset({NDJSON, "application/ndjson", "application/jsonl"})
_BATCHES = ("/batch", "/responses", "/meetings")  # how addresses end that take many items


class Route(APIRoute):
    """A route of the API: takes the parameters its OpenAPI entry names, and a body that was read with care."""

    needs_key = True  # to send a body at all

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put our own reading before the framework's."""
        answer = super().get_route_handler()
        template, takes_body = self.path_format, not {"POST", "PUT"}.isdisjoint(self.methods or ())

        async def handle(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            refuse_unknown_parameters(request.app, template, (request.method, given))
            if not takes_body:
                return await answer(request)
            if self.needs_key:
                needs_some_key(request)
            with request.app.state.held.body() as share:
                ready = await _read(request, share)
                async with request.app.state.writing[template]:  # read first: a slow line keeps nobody else waiting
                    return await answer(ready)

        return handle


class InLine(Route):
    """A route whose requests wait in a line of their own, and not for turns at their address.

    A request in which all is well is answered by `direct`: the framework's solving of dependencies takes as long as all
    else between the socket and the line. Whatever is unusual or wrong takes the framework's way, which tells it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put our own reading before the framework's."""
        answer = APIRoute.get_route_handler(self)
        template = self.path_format

        async def handle(request: Request) -> Response:
            if request.scope["query_string"]:
                given = [name for name, _ in request.query_params.multi_items()]
                refuse_unknown_parameters(request.app, template, (request.method, given))
            needs_some_key(request)
            with request.app.state.held.body() as share:
                ready = await _read(request, share)
                return await self.direct(ready) or await answer(ready)

        return handle

    async def direct(self, request: ReadRequest) -> Response | None:
        """Answer a usual request in which all is well; None for any other."""
        raise NotImplementedError


class Bodiless(APIRoute):
    """A route of the API that asks for something to be done and is told nothing more; a body is not read.

    Its requests take turns at their address as those of `Route` do.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put our own checks before the framework's."""
        answer = super().get_route_handler()
        template = self.path_format

        async def handle(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            refuse_unknown_parameters(request.app, template, (request.method, given))
            needs_some_key(request)
            async with request.app.state.writing[template]:
                return await answer(request)

        return handle


class ReadRequest(Request):
    """A request whose body was read and parsed already; nothing after it reads the stream again."""

    raw: bytes
    parsed: Any

    async def body(self) -> bytes:
        """Return the body as sent."""
        return self.raw

    async def json(self) -> Any:
        """Return the body as parsed."""
        return self.parsed


@dataclass(frozen=True, slots=True)
class Line:
    """One item of NDJSON: its value, or why it could not be read."""

    number: int  # 1-based line in the body
    value: Any
    problem: str | None = None


async def _read(request: Request, share: Share) -> ReadRequest:
    settings: Settings = request.app.state.context.settings
    kind = _media_type(request)
    raw = await within(request, settings.max_body_bytes, share)
    ready = ReadRequest(request.scope, request.receive)
    ready.raw = raw
    ready.parsed = lines(raw) if kind == NDJSON else parsed(raw)
    return ready


def _media_type(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in _NDJSON_TYPES and request.url.path.endswith(_BATCHES):
        return NDJSON
    if kind == JSON or (kind.startswith("application/") and kind.endswith("+json")):
        return JSON
    named = f"{kind!r} is not read here" if kind else "The header Content-Type is missing"
    raise Problem(UNSUPPORTED, f"{named}; send {JSON}, or {NDJSON} to /v1/records/batch.")


async def within(request: Request, most: int, share: Share) -> bytes:
    """Return the body, giving up as soon as it is known to be too large. Raises `Problem` (too large)."""
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    came: list[bytes] = []
    async for part in parts(request):
        share.add(len(part))
        if share.size > most:
            raise _too_large(most)
        came.append(part)
    return b"".join(came)


def _too_large(most: int) -> Problem:
    return Problem(TOO_LARGE, f"The body is larger than {most:,} bytes, the most that is read at once here.")


def parsed(raw: bytes) -> Any:
    """Return JSON as Python values. Raises the problem `malformed` saying where it breaks."""
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(MALFORMED, _why(raw, error)) from None


def lines(raw: bytes) -> list[Line]:
    """Return each line of NDJSON that is not blank; a broken line is kept as broken, so that the others still count."""
    found = []
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            found.append(Line(number, orjson.loads(line)))
        except orjson.JSONDecodeError as error:
            found.append(Line(number, None, _why(line, error)))
    return found


def _why(raw: bytes, error: orjson.JSONDecodeError) -> str:
    if not raw.strip():
        return "There is no body."
    if b"\x00" in raw:
        return f"The body holds a NUL byte, first at byte {raw.index(0)}; it was probably not saved as text."
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as broken:
        return f"The body is not UTF-8: byte {broken.start} cannot be read. Save it as UTF-8."
    return f"The body is not JSON: it breaks at line {error.lineno}, column {error.colno} ({error.msg})."


def is_lines(value: object) -> TypeGuard[list[Line]]:
    """Return whether a parsed body came as NDJSON."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, Line) for item in value)
