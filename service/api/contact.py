"""Contact: whom to tell that something here does harm."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.api.answers_rights import ContactShown
from service.api.responses import READING, problems
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/contact", tags=["rights"], route_class=Route)

_HOW = (
    "Say what does harm and where you saw it. It can be hidden at once, before anybody decides whether you are right."
)


@router.get(
    "",
    operation_id="getContact",
    summary="Whom to tell of harm",
    response_model=ContactShown,
    responses=problems(READING),
)
def get_contact(request: Request, calling: Calling, context: Opened) -> Response:
    """Return whom to tell that something here does harm, or could. No key is needed."""
    body = {"harm": context.settings.harm_contact or None, "how": _HOW}
    return reply(request, calling, Answer(json_text(body)))
