"""What went wrong, told to a browser as a page: what happened, what to do, where to go. Programs get the problem."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import Request, Response

from service.errors import HEADERS_TOO_LARGE, TOO_LONG, WRONG_HOST, Problem
from service.http.contract import contract_of
from service.http.problems import request_id
from service.web.page import page
from service.web.speech.languages import deferred

#: Refused before anything of the request is read, which a page would read for its language.
_UNREAD = frozenset({TOO_LONG, HEADERS_TOO_LARGE, WRONG_HOST})

#: Status -> what happened and what to do, in the reader's language; the problem itself is told in English.
_SAID: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: deferred("For this you have to say who you are."),
    HTTPStatus.FORBIDDEN: deferred("You may not do this, or it did not come from a page of this service."),
    HTTPStatus.NOT_FOUND: deferred(
        "Nothing stands at this address, or it is not for everybody. Perhaps it is misspelt, or was taken away."
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: deferred("Nothing can be sent to this address. Begin on one of the pages above."),
    HTTPStatus.REQUEST_TIMEOUT: deferred("It came too slowly and broke off. Send it again."),
    HTTPStatus.CONFLICT: deferred("Something changed in the meantime. Load the page again and look."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: deferred("This is too large. Send it in smaller parts."),
    HTTPStatus.TOO_MANY_REQUESTS: deferred("That was too often. Wait a little, then load the page again."),
}
_MEND = deferred("Something in the address or the form cannot be right. Go back and mend it.")
_LATER = deferred("The service cannot do this just now. Try again in a while.")
_OURS = deferred("Something went wrong here, and you did nothing wrong. Tell the people who run this service.")


def refused(request: Request, problem: Problem) -> Response | None:
    """Return a failure as a page with its status; None for whoever is told it as a problem.

    That is who does not ask for HTML, and who asks in a room of the API, where a program reads what comes.
    """
    asks = "text/html" in request.headers.get("accept", "")
    if not asks or problem.kind in _UNREAD or contract_of(request.app).has_room_of(request.url.path):
        return None
    values = {
        "problem": problem,
        "said": _said(problem.kind.status),
        "request_id": request_id(request),
    }
    answer = page(_anew(request), "refused.html", values)
    answer.status_code = problem.kind.status
    del answer.headers["ETag"]
    return answer


def _said(status: int) -> str:
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return _OURS
    return _LATER if status > HTTPStatus.INTERNAL_SERVER_ERROR else _SAID.get(status, _MEND)


def _anew(request: Request) -> Request:
    """Return the request as of somebody who holds nothing yet: a failure is never what is held already."""
    kept = [(name, value) for name, value in request.scope["headers"] if name != b"if-none-match"]
    return Request({**request.scope, "headers": kept})
