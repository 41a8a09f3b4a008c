"""Who is behind a browser's cookie, and whether what it sends comes from a page of ours."""

from __future__ import annotations

import hmac
import re
from datetime import UTC, datetime
from functools import partial

from fastapi import Request
from starlette.concurrency import run_in_threadpool

from service.context import Context
from service.errors import FORGED, Problem
from service.login.desk import Desk
from service.login.sessions import FORGERY_HEADER, digest_of, forgery_token
from service.store import sessions
from service.store.sessions import SEEN_EVERY, SignedIn

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def session_token(request: Request) -> str | None:
    """Return the secret of the session that a browser sends; None where it sends none, or people do not sign in."""
    desk: Desk | None = request.app.state.desk
    token = request.cookies.get(desk.cookies.session, "") if desk else ""
    return token if _TOKEN.fullmatch(token) else None


async def signed_in(request: Request) -> SignedIn | None:
    """Return who is behind a browser's cookie, None for nobody.

    Raises `Problem` (not from here) where it changes something and was not sent by a page of ours.
    """
    token = session_token(request)
    if token is None:
        return None
    context: Context = request.app.state.context
    found = await run_in_threadpool(behind, context, token)
    if found is not None and request.method not in _READING:
        require_ours(request, token, request.headers.get(FORGERY_HEADER, ""))
    return found


def require_ours(request: Request, token: str, proof: str) -> None:
    """Raise `Problem` (not from here) unless a browser says that our own page sent this, and the page proves it."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    ours: Desk = request.app.state.desk
    elsewhere = (origin is not None and origin != ours.origin) or (site is not None and site != "same-origin")
    if elsewhere or not hmac.compare_digest(proof.encode(), forgery_token(token).encode()):
        raise Problem(FORGED, "Your browser sent this, but no page of this service asked it to.")


def behind(context: Context, token: str) -> SignedIn | None:
    """Return who is behind the secret of a session, None for nobody; that it is in use is noted."""
    digest, at = digest_of(token), datetime.now(UTC)
    with context.store.read() as session:
        found = sessions.find(session, digest, at)
    if found is not None and at - found.seen_at > SEEN_EVERY:
        context.store.write(partial(sessions.seen, digest=digest, at=at))
    return found
