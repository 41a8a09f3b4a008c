"""Embargoes of flags: until when a flag stays with its organisation and community."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.api.answers_flag import FlagShown
from service.api.fields import Moment, Word
from service.api.identifiers import Identifier, known_form
from service.api.reading import Reader
from service.api.responses import DECIDING, problems
from service.api.submission import Given
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.rights.embargo import Ending, set_embargo
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/flags", tags=["rights"], route_class=Route)


class EmbargoGiven(Given):
    """When the embargo of a flag ends, and why then."""

    reason_code: Word = Field(description="why, in a word of your own code list, such as community_agreed")
    until: Moment | None = Field(
        default=None, description="sooner or later than by itself, two years from now at most; left out, it ends now"
    )


@router.post(
    "/{flag_id}/embargo",
    status_code=200,
    operation_id="setEmbargo",
    summary="End the embargo of a flag, or move its end",
    response_model=FlagShown,
    responses=problems(DECIDING),
)
def set_embargo_of(
    request: Request,
    flag_id: Identifier,
    given: EmbargoGiven,
    by: Calling,
) -> Response:
    """Let everybody read a published flag sooner, or later. For the organisation whose record speaks, and admins.

    By itself a published flag is open 30 days after it was raised, 90 where its class is restricted.
    """
    context = the_context(request)
    with context.store.read() as session:  # a flag that is hidden from this caller does not exist for them
        Reader(session, by).flag_by_id(known_form(flag_id, "flag"))
    set_embargo(context, flag_id, Ending(given.reason_code, given.until), by)
    with context.store.read() as session:
        shown = Reader(session, by).flag_by_id(flag_id)
    return reply(request, by, Answer(json_text(shown), version=shown["version"]))
