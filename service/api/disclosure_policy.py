"""The policy of disclosure, for everybody to read: what is shown of which community, and why."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.api.answers_policy import PolicyShown
from service.api.responses import READING, problems
from service.disclosure.rules import redact_policy
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/disclosure-policy", tags=["flags"], route_class=Route)


@router.get(
    "",
    operation_id="getDisclosurePolicy",
    summary="What is shown of whom",
    response_model=PolicyShown,
    responses=problems(READING),
)
def get_disclosure_policy(request: Request, calling: Calling) -> Response:
    """Return the classes and rules by which communities are shown coarsely, in totals only, or not at all.

    They stand in a file that ships with the service and can only be raised by an installation; who lowered anything is
    named under `boards`.
    """
    return reply(request, calling, Answer(json_text(redact_policy())))
