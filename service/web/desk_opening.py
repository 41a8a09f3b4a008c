"""Opening the desk with a key, where people do not sign in, and closing it again."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from starlette.responses import RedirectResponse

from service.errors import FORGED, KEY_NEEDED, KEY_UNKNOWN, NOT_FOUND, NOT_PERMITTED, Problem
from service.http.seats import Seat, form_of, leave, open_with_key, put, require_own_form, seat
from service.login.sessions import FORGERY_FIELD
from service.web.page import POLICY, page

router = APIRouter(prefix="/desk", include_in_schema=False)

_SEE_OTHER = 303
_POLICY = POLICY.replace("form-action 'none'", "form-action 'self'").replace(
    "style-src", "script-src 'self'; style-src"
)
PRIVATE = {"Cache-Control": "private, no-store", "Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin"}

Form = Annotated[dict[str, str], Depends(form_of)]


@router.post("/open")
def begin(request: Request, form: Form) -> Response:
    """Open the desk with a key, where people do not sign in."""
    if request.app.state.desk is not None:
        raise Problem(NOT_FOUND, "People sign in here: keys are for programs.")
    try:
        token = open_with_key(request, form.get("key", ""))
    except Problem as refused:
        if refused.kind not in {KEY_UNKNOWN, NOT_PERMITTED, FORGED}:
            raise
        return opening(request, refused)
    answer = RedirectResponse(_local(form.get("to", "")), _SEE_OTHER, {"Cache-Control": "no-store"})
    put(request, answer, token)
    return answer


@router.post("/leave")
def end(request: Request, form: Form) -> Response:
    """End the session of a key in this browser."""
    require_own_form(request, seated(request), form.get(FORGERY_FIELD, ""))
    answer = RedirectResponse("/desk", _SEE_OTHER, {"Cache-Control": "no-store", "Clear-Site-Data": '"cache"'})
    leave(request, answer)
    return answer


def opening(request: Request, refused: Problem | None = None) -> Response:
    """Return the page that asks whoever comes without a session to sign in, or for a key."""
    to = f"{request.url.path}{'?' + request.url.query if request.url.query else ''}"
    values = {
        "problem": refused,
        "to": _local(to),
        "sign_in": f"/login?next={quote(_local(to), safe='')}",
        "seat": None,
    }
    answer = page(request, "desk_open.html", values, headers=PRIVATE)
    if refused is not None:
        answer.status_code = refused.kind.status
    return answer


def seated(request: Request) -> Seat:
    """Return who sits at the desk. Raises `Problem`: key needed for nobody, and what `seat` raises."""
    found = seat(request)
    if found is None:
        raise Problem(KEY_NEEDED, "You are no longer at the desk: open it again.")
    return found


def _local(target: str) -> str:
    """Return a page of the desk; whatever else is given, the queue."""
    return target if re.fullmatch(r"/desk(/[0-9a-f]{32})?(\?[A-Za-z0-9._~%&=+-]*)?", target) else "/desk"
