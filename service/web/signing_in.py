"""Pages for people who sign in: to the identity provider and back, one's own account, and out again."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import structlog
from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from connectors.identity import ProviderRefused, ProviderSilent
from service.context import Context
from service.errors import NOT_FOUND, TOO_LARGE, Problem
from service.http.callers import the_context
from service.http.sessions import require_ours, session_token, signed_in
from service.login.desk import CALLBACK, Desk, NotInvited, let_in
from service.login.errand import LASTING_S, Errand
from service.login.provider import SignInRefused
from service.login.sessions import FORGERY_FIELD, digest_of, forgery_token
from service.running.logs import told_safely
from service.store import sessions, users
from service.store.engine import Session
from service.store.sessions import ABSOLUTE
from service.web.page import POLICY, page

router = APIRouter(include_in_schema=False)
log = structlog.get_logger(__name__)

_SEE_OTHER = 303
_MOST_BYTES = 4_000  # of a form of ours

#: Why somebody was not let in: status, what happened, what to do.
_REFUSALS: dict[type[Exception], tuple[int, str, str]] = {
    SignInRefused: (
        400,
        "That sign-in could not be followed.",
        "It was begun in another browser, too long ago, or twice. Begin again here.",
    ),
    ProviderRefused: (400, "That sign-in is used up.", "Begin again here."),
    ProviderSilent: (502, "The place where you sign in does not answer as it should.", "Try again shortly."),
    NotInvited: (
        403,
        "We know who you are, and nobody has let you in here yet.",
        "Ask the people who run this service to invite the address that the place where you sign in has made sure of.",
    ),
}


@router.get("/login")
def set_out(request: Request) -> Response:
    """Send a browser to the identity provider."""
    desk = _desk(request)
    errand = Errand.to(request.query_params.get("next", ""))
    try:
        answer = RedirectResponse(desk.provider.address(errand), _SEE_OTHER, {"Cache-Control": "no-store"})
    except ProviderSilent as silent:
        return _refused(request, silent)
    _put(answer, desk, desk.cookies.errand, (errand.written(), LASTING_S))
    return answer


@router.get(CALLBACK)
def come_back(request: Request) -> Response:
    """Let somebody in whom the identity provider sent back."""
    desk, context = _desk(request), the_context(request)
    errand = Errand.read(request.cookies.get(desk.cookies.errand, ""))
    state, code = (request.query_params.get(name, "") for name in ("state", "code"))
    try:
        if errand is None or not code:
            msg = "nobody set out from this browser, or they turned back"
            raise SignInRefused(msg)
        token = let_in(context, desk, errand, (state, code))
    except tuple(_REFUSALS) as refusal:
        answer = _refused(request, refusal)
    else:
        _end(context, session_token(request))  # whoever was signed in here before is so no more
        answer = RedirectResponse(errand.target, _SEE_OTHER, {"Cache-Control": "no-store"})
        _put(answer, desk, desk.cookies.session, (token, int(ABSOLUTE.total_seconds())))
    answer.delete_cookie(desk.cookies.errand, secure=desk.cookies.secure, httponly=True)
    return answer


@router.get("/account")
async def account(request: Request) -> Response:
    """Show who is signed in, as what, and where else."""
    desk = _desk(request)
    found, token = await signed_in(request), session_token(request)
    if found is None or token is None:
        return RedirectResponse("/login?next=/account", _SEE_OTHER, {"Cache-Control": "no-store"})
    with the_context(request).store.read() as session:
        user = users.get(session, found.user_id)
        browsers = sessions.of_user(session, found.user_id, datetime.now(UTC))
    mine = digest_of(token)
    values = {
        "user": user,
        "browsers": [(digest == mine, began, seen) for digest, began, seen in browsers],
        "csrf": forgery_token(token),
        "field": FORGERY_FIELD,
    }
    return _private(request, "account.html", values, desk)


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """Sign out of this browser, or of all; a form of ours asks for it."""
    desk, context = _desk(request), the_context(request)
    token = session_token(request)
    form = await _form(request)
    if token is not None:
        require_ours(request, token, form.get(FORGERY_FIELD, ""))
        await run_in_threadpool(_end, context, token, everywhere="everywhere" in form)
    target = await run_in_threadpool(desk.provider.farewell, f"{desk.public_url}/") or "/"
    answer = RedirectResponse(target, _SEE_OTHER, {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    answer.delete_cookie(desk.cookies.session, secure=desk.cookies.secure, httponly=True)
    return answer


def _desk(request: Request) -> Desk:
    desk: Desk | None = request.app.state.desk
    if desk is None:
        raise Problem(NOT_FOUND, f"Nothing is served at {request.url.path}: people do not sign in here.")
    return desk


def _end(context: Context, token: str | None, *, everywhere: bool = False) -> None:
    if token is None:
        return
    digest, at = digest_of(token), datetime.now(UTC)

    def end(session: Session) -> None:
        found = sessions.find(session, digest, at)
        if everywhere and found is not None:
            sessions.end_all(session, found.user_id, at)
        sessions.end(session, digest, at)

    context.store.write(partial(end))


async def _form(request: Request) -> dict[str, str]:
    raw = b""
    async for part in request.stream():
        raw += part
        if len(raw) > _MOST_BYTES:
            raise Problem(TOO_LARGE, f"The form is larger than {_MOST_BYTES:,} bytes.")
    return {name: values[-1] for name, values in parse_qs(raw.decode("ascii", "replace"), max_num_fields=10).items()}


def _put(answer: Response, desk: Desk, name: str, what: tuple[str, int]) -> None:
    value, seconds = what
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=desk.cookies.secure, httponly=True, samesite="lax")


def _refused(request: Request, refusal: Exception) -> Response:
    status, happened, mend = next(told for kind, told in _REFUSALS.items() if isinstance(refusal, kind))
    log.warning("login.refused", **told_safely(refusal))
    values = {"happened": happened, "mend": mend}
    answer = page(request, "signing_in.html", values, headers={"Cache-Control": "no-store"})
    answer.status_code = status
    return answer


def _private(request: Request, template: str, values: dict[str, Any], desk: Desk) -> Response:
    farewell = desk.provider.farewell(desk.public_url)
    there = f" {urlsplit(farewell).scheme}://{urlsplit(farewell).netloc}" if farewell else ""
    policy = POLICY.replace("form-action 'none'", f"form-action 'self'{quote(there, safe=' :/.-[]')}")
    headers = {"Cache-Control": "private, no-store", "Content-Security-Policy": policy}
    return page(request, template, values, headers=headers)
