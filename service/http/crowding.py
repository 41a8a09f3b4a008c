"""Crowding: a process takes only so many requests at once; whoever comes then is told, at once, to come again.

Refused before anything is read: what waits takes memory, and an answer that comes after its sender gave up helps
nobody. Readers and writers have room of their own, so that neither keeps the other out; whoever watches is always
answered.
"""

from __future__ import annotations

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import BUSY, Problem
from service.http.problems import problem_response

#: Requests at work or waiting in one process. Posts of single records wait in a line of their own, which takes fewer
#: (`service.posting.line`), and files in one that is as long as the disk has room (`service.running.disk`).
MOST_READING, MOST_WRITING = 256, 1_200

_READING = frozenset({"GET", "HEAD", "OPTIONS"})
_ALWAYS = frozenset({"/healthz", "/readyz", "/metrics"})
_AGAIN_S = 2


class Crowding:
    """ASGI middleware that counts the requests of its process."""

    def __init__(self, app: ASGIApp, reading: int = MOST_READING, writing: int = MOST_WRITING) -> None:
        """Wrap an application, and say how many may be inside at once."""
        self.app = app
        self._most = {True: reading, False: writing}
        self._inside = {True: 0, False: 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _ALWAYS:
            await self.app(scope, receive, send)
            return
        reads = scope["method"] in _READING
        if self._inside[reads] >= self._most[reads]:
            detail = f"{self._most[reads]:,} requests are being answered already."
            problem = Problem(BUSY, detail, retry_after=_AGAIN_S)
            await problem_response(problem, Request(scope))(scope, receive, send)
            return
        self._inside[reads] += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self._inside[reads] -= 1
