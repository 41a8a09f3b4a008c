"""What comes to those who use the service: answers to the client, messages to the example that receives them."""

from __future__ import annotations

import io
import json
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPException, parse_headers
from pathlib import Path
from typing import Any

import httpx

from examples import webhook_receiver
from fuzz.target import Target, refusing, require
from service.client import calls
from service.client.errors import Refused
from service.client.patience import Later, Patience, settled
from service.hooks.signing import Signed, headers, secret_of

_CALLS = (
    calls.record("r"),
    calls.flags({}),
    calls.changes(None, {}),
    calls.get_import("i"),
    calls.submit_many([], None),
)
_STATUSES = (200, 207, 401, 404, 409, 410, 422, 429, 500, 503)
_SECRET = secret_of(b"0123456789abcdef0123456789abcdef", "w-1", 1)
_TAKEN, _REFUSED = b"HTTP/1.0 204", (b"HTTP/1.0 400", b"HTTP/1.0 401", b"HTTP/1.0 413")


def _answer(data: bytes) -> None:
    """Read an answer: the first byte says its status, the first line Retry-After, the rest is its body."""
    status = _STATUSES[data[0] % len(_STATUSES)] if data else _STATUSES[0]
    again, _, body = data[1:].partition(b"\n")
    request = httpx.Request("GET", "https://example.org/v1/flags")
    response = httpx.Response(status, headers=[(b"Retry-After", again)], content=body, request=request)
    try:
        settled(response)
    except Later as later:
        wait = Patience().hook()(later)
        require(isinstance(wait, bool) or 0 <= wait <= Patience().longest_wait, "nobody waits longer than they said")
    for call in _CALLS:
        refusing(lambda _, call=call: call.answer(response), Refused)(data)


class _Heard(webhook_receiver.Receiver):
    """The receiver with a message in memory in the place of a socket."""

    secret = _SECRET

    def __init__(self, database: str, message: bytes) -> None:
        self.database = database
        self.rfile = io.BytesIO(message)
        self.wfile = io.BytesIO()
        self.requestline, self.request_version, self.command = "POST / HTTP/1.1", "HTTP/1.1", "POST"
        self.headers = parse_headers(self.rfile)


@cache
def _database() -> str:
    path = str(Path(tempfile.mkdtemp(prefix="uncounted-fuzz-"), "flags.sqlite"))
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(webhook_receiver.TABLES)
    return path


def _message(data: bytes) -> None:
    """Hand headers and a body to the receiver; it takes what was signed, and refuses all else."""
    heard = _Heard(_database(), data)
    with redirect_stdout(io.StringIO()):
        heard.do_POST()
    told = heard.wfile.getvalue()
    require(told.startswith((_TAKEN, *_REFUSED)), "a message is taken or refused")


def _answers() -> list[bytes]:
    problem = {"code": "invalid", "title": "No", "detail": "x", "errors": [{"pointer": "/a", "message": "b"}]}
    flag = {"id": "f", "status": "open", "version": 1, "community": {"name": "Lindi", "location": {"lat": 1.0}}}
    told = (problem, {"items": [flag], "next": None, "cursor": "c"}, {"items": [], "next": "/v1/flags?cursor=a"}, flag)
    heads = (b"\x00", b"\x06", b"\x0730", b"\x09Wed, 21 Oct 2026 07:28:00 GMT")
    return [head + b"\n" + json.dumps(one).encode() for head in heads for one in told]


def _messages() -> list[bytes]:
    """Return a message as the service signs it now, and others that were not."""
    return [_signed(_event(), key) for key in (_SECRET, secret_of(b"0" * 32, "w-1", 1))] + [
        _signed(b"{}", _SECRET)[:90]
    ]


def _event() -> bytes:
    return json.dumps({"sequence": 1, "data": {"flag_id": "f", "flag": {"status": "open"}}}).encode()


def _signed(body: bytes, secret: str) -> bytes:
    told: dict[str, Any] = headers(Signed("m-1", datetime.now(UTC), body), [secret]) | {"Content-Length": len(body)}
    return "".join(f"{name}: {value}\r\n" for name, value in told.items()).encode() + b"\r\n" + body


_DECLARED: Callable[[bytes], None] = refusing(_message, HTTPException)  # headers that no server hands on

TARGETS = (
    Target("client-answer", "answers to the client for Python", _answer, _answers, runs=40_000, longest=1_024),
    Target("webhook-message", "messages to the example that receives webhooks", _DECLARED, _messages, runs=40_000,
           longest=1_024),
)  # fmt: skip
