"""The outermost layer: an id for every request, one log line, safe headers, and an answer even when we fail."""

from __future__ import annotations

import re
from secrets import token_hex
from time import perf_counter

import structlog
from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import INTERNAL, Problem
from service.http.headers import protect
from service.http.problems import problem_response
from service.running import disk, metrics, tracing
from service.running.logs import told_safely

_GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})

log = structlog.get_logger()


class Watch:
    """ASGI middleware. Exceptions end here: they become the problem `internal` and are logged without their message."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        given = request.headers.get("x-request-id", "")
        request_id = given if _GIVEN_ID.fullmatch(given) else token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        sent = _Sent(send, scope, request_id)
        started = perf_counter()
        metrics.UNDER_WAY.inc()
        with structlog.contextvars.bound_contextvars(request_id=request_id), tracing.span("request"):
            try:
                await self.app(scope, receive, sent)
            except Exception as error:  # noqa: BLE001 - the last place where a failure can still be told kindly
                log.error("failed", **told_safely(error))  # noqa: TRY400 - a traceback would print the values
                metrics.FAILURES.inc()
                if sent.status is None:
                    mistake = Problem(INTERNAL, "The service made a mistake while answering this request.")
                    problem = disk.problem_of(error) or mistake
                    await problem_response(problem, request)(scope, receive, sent)
            finally:
                metrics.UNDER_WAY.dec()
            _tell(scope, sent, perf_counter() - started)


class _Sent:
    """What has been sent so far; puts the headers every answer carries."""

    def __init__(self, send: Send, scope: Scope, request_id: str) -> None:
        self.send = send
        self.scope = scope
        self.request_id = request_id
        self.status: int | None = None
        self.size = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.request_id
            protect(self.scope, headers)
        self.size += len(message.get("body", b""))
        await self.send(message)


def _tell(scope: Scope, sent: _Sent, seconds: float) -> None:
    route = getattr(scope.get("route"), "path_format", None) or "(none)"
    method = scope["method"] if scope["method"] in _METHODS else "(other)"  # a word that anybody may send
    tracing.add(route=route, method=method, status=sent.status or 0, request_id=scope["state"]["request_id"])
    metrics.request_answered(route, method, sent.status, seconds)
    log.info(
        "request",
        method=method,
        route=route,
        status=sent.status,
        milliseconds=round(seconds * 1000, 2),
        bytes=sent.size,
        role=scope["state"].get("role", "anonymous"),
    )
