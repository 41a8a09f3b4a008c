"""The headers that every answer carries, whatever made it: what browsers and caches may do with it."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import Scope

from service.http.origins import open_to_any

#: For whatever is not a page of ours; pages set their own policy, which is a little wider.
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}
#: What a page says in its policy that is made to be shown inside pages of others.
FRAMED = "frame-ancestors *"
_TLS_ONLY = "max-age=31536000"  # a year; of this host alone, since others below it are not ours


def protect(scope: Scope, headers: MutableHeaders) -> None:
    """Put them into an answer, where it does not carry its own."""
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    if FRAMED not in headers["Content-Security-Policy"]:
        headers.setdefault("X-Frame-Options", "DENY")  # for browsers of before frame-ancestors
    headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin" if _shared(scope) else "same-origin")
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", _TLS_ONLY)
    # What nobody thought about is kept by nobody; what has an ETag is asked for again before it is used.
    headers.setdefault("Cache-Control", "no-cache" if "etag" in headers else "no-store")


def _shared(scope: Scope) -> bool:
    """Return whether pages of others may read answers, which includes pictures they show."""
    if open_to_any(scope):
        return True
    return bool(scope["app"].state.context.settings.cors_origins) if "app" in scope else False
