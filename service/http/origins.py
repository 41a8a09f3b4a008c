"""Which pages of other origins may read answers: those the operator names, and any where browser tools have to ask."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

#: Rooms that pages of any origin may ask. Never with credentials: what a browser holds of somebody is not sent along.
OPEN_ROOMS = ("/reconcile",)

_EXPOSED = ["ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"]
_SENT = ["Authorization", "X-API-Key", "Content-Type"]
_CONDITIONS = ["Idempotency-Key", "If-Match", "If-None-Match"]


class Origins:
    """ASGI middleware: cross-origin requests by the rules of the room they ask."""

    def __init__(self, app: ASGIApp, allowed: Sequence[str]) -> None:
        """Wrap an application; `allowed` are the origins the operator names, such as `https://map.example.org`."""
        self._named = CORSMiddleware(
            app,
            allow_origins=list(allowed),
            allow_methods=["GET", "POST", "PUT"],
            allow_headers=[*_SENT, *_CONDITIONS],
            expose_headers=_EXPOSED,
        )
        self._any = CORSMiddleware(
            app, allow_origins=["*"], allow_methods=["GET", "POST"], allow_headers=_SENT, expose_headers=_EXPOSED
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        rule = self._any if scope["type"] == "http" and open_to_any(scope) else self._named
        await rule(scope, receive, send)


def open_to_any(scope: Scope) -> bool:
    """Return whether pages of any origin may read what is answered here."""
    path = scope["path"]
    return any(path == room or path.startswith(f"{room}/") for room in OPEN_ROOMS)
