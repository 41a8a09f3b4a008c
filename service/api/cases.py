"""Cases: one flag with both sides beside one another, and who is at work on it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api import queries
from service.api.answers_desk import CaseShown, ClaimGivenShown, ReleasedShown
from service.api.identifiers import Identifier, known_form
from service.api.queue import Blind
from service.api.responses import DECIDING, FINDING, WRITING, problems
from service.api.submission import Given
from service.desk import case, claiming
from service.desk.queue import claim_shown
from service.errors import CLAIMED, INVALID, KEY_NEEDED, NOT_FOUND, NOT_PERMITTED
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/flags", tags=["review"], route_class=Route)
releasing = APIRouter(prefix="/v1/flags", tags=["review"], route_class=Bodiless)


class CaseQuery(queries.Query):
    """How a case is shown."""

    blind: Blind = False


class ClaimGiven(Given):
    """For how long a flag is claimed."""

    minutes: int | None = Field(
        default=None, ge=1, le=claiming.LONGEST_MINUTES, description="from now on; left out, as long as is usual here"
    )


@router.get(
    "/{flag_id}/case",
    operation_id="getCase",
    summary="One flag as a case: both sides beside one another",
    response_model=CaseShown,
    responses=problems((*FINDING, INVALID, KEY_NEEDED, NOT_PERMITTED)),
)
def get_case(request: Request, flag_id: Identifier, query: Annotated[CaseQuery, Query()], calling: Calling) -> Response:
    """Return every account of the community, the candidates of the list with what differs, and what happened so far.

    Its ETag begins with the version of the flag; send it back in `If-Match` when you decide. For reviewers.
    """
    shown = case.case(the_context(request), known_form(flag_id, "flag"), calling, blind=query.blind)
    return reply(request, calling, Answer(json_text(shown), version=shown["version"]))


@router.post(
    "/{flag_id}/claims",
    status_code=201,
    operation_id="claimFlag",
    summary="Claim a flag for some time, or longer",
    response_model=ClaimGivenShown,
    responses=problems((*DECIDING, CLAIMED)),
)
def claim_flag(request: Request, flag_id: Identifier, given: ClaimGiven, by: Calling) -> Response:
    """Let others see that you are at work on a flag, and until when; nobody else decides about it before.

    Claim it again to hold it for longer. It is let go by itself when the time is over, and when you decide.
    """
    claim = claiming.claim(the_context(request), known_form(flag_id, "flag"), by, given.minutes)
    return created(json_text({"flag_id": flag_id, **(claim_shown(claim, by) or {})}), f"/v1/flags/{flag_id}/case")


@releasing.post(
    "/{flag_id}/claims/release",
    status_code=200,
    operation_id="releaseFlag",
    summary="Let go of a flag you claimed",
    response_model=ReleasedShown,
    responses=problems((*WRITING, NOT_FOUND)),
)
def release_flag(request: Request, flag_id: Identifier, by: Calling) -> Response:
    """Let others take it at once."""
    claiming.release(the_context(request), known_form(flag_id, "flag"), by)
    return reply(request, by, Answer(json_text({"flag_id": flag_id, "released": True})))
