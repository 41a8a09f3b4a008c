"""Seats: who looks at the pages in a browser. People who signed in, or where nobody does, whoever typed in a key.

A session of a key is a secret of 256 bits in a cookie that scripts cannot read and that only pages look at, so that it
opens no address of the API; here only its digest is kept. What it changes has to come from a page of ours.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qs

from fastapi import Request, Response

from service.callers.caller import Caller, Right
from service.context import Context
from service.errors import FORGED, KEY_UNKNOWN, NOT_PERMITTED, TOO_LARGE, Problem
from service.http.callers import of_key, sent_key
from service.http.sessions import behind, require_ours, session_token
from service.login.sessions import digest_of, forgery_token, new_token
from service.store import desk_sessions
from service.store.sessions import ABSOLUTE, SEEN_EVERY

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_PATH = "/"
_MOST_BYTES, _MOST_FIELDS = 60_000, 500  # of a form of ours; one names every column of a file

#: Whom pages are for that need a right.
_FOR = {Right.REVIEW: "the desk is for reviewers", Right.SEND: "files are sent by contributors"}


@dataclass(frozen=True, slots=True)
class Seat:
    """Who sits at the desk, and by which secret of their browser; none for a program that sends its key each time."""

    caller: Caller
    token: str | None
    signed_in: bool

    @property
    def proof(self) -> str:
        """What a form of ours has to send along."""
        return forgery_token(self.token) if self.token else ""


def seat(request: Request) -> Seat | None:
    """Return who sits at the desk, None for nobody.

    Raises `Problem`: key unknown, and not permitted for somebody who is known and no reviewer.
    """
    found = sitting(request)
    if found is not None and not found.caller.holds(Right.REVIEW):
        raise Problem(NOT_PERMITTED, "The desk is for reviewers.")
    return found


def sitting(request: Request) -> Seat | None:
    """Return who looks at a page, None for nobody in particular. Raises `Problem` (key unknown)."""
    found = _seat(request)
    if found is not None and found.caller.key_id is not None:
        request.state.key_id, request.state.role = found.caller.key_id, str(found.caller.role)
    return found


def open_with_key(request: Request, secret: str, needed: Right = Right.REVIEW) -> str:
    """Begin a session of a key and return its secret. Raises `Problem`: key unknown, not permitted, not from here."""
    _from_here(request)
    context: Context = request.app.state.context
    caller = of_key(context, secret.strip())
    if caller is None:
        raise Problem(KEY_UNKNOWN, "The key you typed is not known here, or was revoked.")
    if not caller.holds(needed):
        raise Problem(NOT_PERMITTED, f"Your key has the role {caller.role}; {_FOR[needed]}.")
    token, now = new_token(), datetime.now(UTC)
    context.store.write(partial(desk_sessions.start, caller=caller, digest=digest_of(token), at=now))
    return token


def leave(request: Request, answer: Response) -> None:
    """End the session of a key in this browser."""
    token = _token(request)
    if token is not None:
        context: Context = request.app.state.context
        context.store.write(partial(desk_sessions.end, digest=digest_of(token), at=datetime.now(UTC)))
    answer.delete_cookie(_cookie(request), path=_PATH, secure=_secure(request), httponly=True, samesite="lax")


def put(request: Request, answer: Response, token: str) -> None:
    """Give the browser the secret of its session."""
    answer.set_cookie(
        _cookie(request),
        token,
        max_age=int(ABSOLUTE.total_seconds()),
        path=_PATH,
        secure=_secure(request),
        httponly=True,
        samesite="lax",
    )


def require_own_form(request: Request, found: Seat, proof: str) -> None:
    """Raise `Problem` (not from here) unless a page of ours sent this form, and proves it."""
    if found.token is None:
        raise Problem(FORGED, "Forms are for browsers; a program asks the API.")
    if found.signed_in:
        require_ours(request, found.token, proof)
        return
    _from_here(request)
    if not hmac.compare_digest(proof.encode(), found.proof.encode()):
        raise Problem(FORGED, "Your browser sent this, but no page of this service asked it to.")


async def form_of(request: Request) -> dict[str, str]:
    """Return the fields of a form, of several of one name the last. Raises `Problem` (too large)."""
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > _MOST_BYTES:
            raise Problem(TOO_LARGE, f"The form is larger than {_MOST_BYTES:,} bytes.")
    try:
        fields = parse_qs(raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise Problem(TOO_LARGE, f"The form has more than {_MOST_FIELDS:,} fields.") from error
    return {name: values[-1] for name, values in fields.items()}


def _seat(request: Request) -> Seat | None:
    context: Context = request.app.state.context
    if (key := sent_key(request)) is not None:
        caller = of_key(context, key)
        if caller is None:
            raise Problem(KEY_UNKNOWN, "The key you sent is not known here, or was revoked.")
        return Seat(caller, None, signed_in=False)
    if (token := session_token(request)) is not None:
        found = behind(context, token)
        return None if found is None else Seat(found.caller, token, signed_in=True)
    if (token := _token(request)) is not None:
        return _of_key_session(context, token)
    return None


def _of_key_session(context: Context, token: str) -> Seat | None:
    digest, now = digest_of(token), datetime.now(UTC)
    with context.store.read() as session:
        found = desk_sessions.find(session, digest, now)
    if found is None:
        return None
    caller, seen_at = found
    if now - seen_at > SEEN_EVERY:
        context.store.write(partial(desk_sessions.seen, digest=digest, at=now))
    return Seat(caller, token, signed_in=False)


def _from_here(request: Request) -> None:
    """Refuse what a page of another site sent; a browser says where a form comes from."""
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    here = f"{request.url.scheme}://{request.url.netloc}"
    if (origin is not None and origin != here) or (site is not None and site != "same-origin"):
        raise Problem(FORGED, "Your browser sent this, but no page of this service asked it to.")


def _token(request: Request) -> str | None:
    if request.app.state.desk is not None:  # people sign in here, and keys open nothing by being typed
        return None
    token = request.cookies.get(_cookie(request), "")
    return token if _TOKEN.fullmatch(token) else None


def _cookie(request: Request) -> str:
    return "__Secure-uncounted-desk" if _secure(request) else "uncounted-desk"


def _secure(request: Request) -> bool:
    return request.url.scheme == "https"
