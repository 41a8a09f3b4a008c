"""A key in the address, for tools that can send no header: `/reconcile/t/KEY/…` is `/reconcile/…` asked with that key.

Whatever comes after this sees the address without the key and the key as a header: budgets, routes, problems and logs
are those of any other request, and none of them can tell the key.
"""

from __future__ import annotations

import re

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

#: Below which addresses a key may stand: only where tools ask that have no other place for it.
ROOMS = ("/ogc", "/reconcile")

_KEYED = re.compile(rf"({'|'.join(ROOMS)})/t/([^/]+)(/.*)?", re.DOTALL)
_RAW = re.compile(_KEYED.pattern.encode(), re.DOTALL)
_OTHER_KEYS = (b"authorization", b"x-api-key", b"cookie")


class KeyInPath:
    """ASGI middleware: moves a key from the address to where all keys are looked for."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        found = _KEYED.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is not None:
            room, key, rest = found.groups(default="")
            scope["path"] = room + rest
            raw = _RAW.fullmatch(scope.get("raw_path") or b"")
            scope["raw_path"] = raw[1] + (raw[3] or b"") if raw else scope["path"].encode()
            kept = [(name, value) for name, value in scope["headers"] if name not in _OTHER_KEYS]
            scope["headers"] = [*kept, (b"x-api-key", key.encode())]  # what no key can be opens nothing
            scope.setdefault("state", {})["key_in_path"] = f"/t/{key}"
        await self.app(scope, receive, send)


def room_address(request: Request, room: str) -> str:
    """Return the whole address of a room as the caller came to it: with their key, where it stands in the address."""
    keyed: str = request.scope.get("state", {}).get("key_in_path", "")
    return f"{str(request.base_url).rstrip('/')}{room}{keyed}"
