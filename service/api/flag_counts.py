"""The counts behind a flag: who counts how many, what that comes to, and how much of it official counts cover."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api import queries
from service.api.answers_counts import CountsShown
from service.api.identifiers import Identifier, known_form
from service.api.reading import Reader
from service.api.responses import FINDING, problems, written_as
from service.errors import INVALID, NOT_ACCEPTABLE
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.plots import counts as plot
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/flags", tags=["flags"], route_class=Route)

_OFFERED = (Format.JSON, Format.SVG)


class CountsQuery(queries.Query):
    """How the counts are written."""

    f: Literal[Format.JSON, Format.SVG] | None = Field(default=None, description="json or svg; else Accept decides")


@router.get(
    "/{flag_id}/counts",
    operation_id="getFlagCounts",
    summary="The counts behind a flag",
    response_model=CountsShown,
    responses=problems((*FINDING, INVALID, NOT_ACCEPTABLE)) | written_as("image/svg+xml"),
)
def get_flag_counts(
    request: Request, flag_id: Identifier, query: Annotated[CountsQuery, Query()], calling: Calling
) -> Response:
    """Return each record's count with its range, the common count, and what official counts cover of it.

    `?f=svg` draws them. Whoever works with records of the community sees the numbers of those; outsiders see official
    numbers only where the community agreed to be shown by name and place.
    """
    form = format_asked(request, query.f, _OFFERED)
    with the_context(request).store.read() as session:
        shown, name = Reader(session, calling).counts_by_id(known_form(flag_id, "flag"))
    if form is Format.SVG:
        return reply(request, calling, Answer(plot.plot(shown, name), MEDIA_TYPES[form]))
    return reply(request, calling, Answer(json_text(shown)))
