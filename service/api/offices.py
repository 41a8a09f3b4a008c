"""Offices: how each answers what is put before it, for everybody to read."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_review import OfficesShown
from service.api.queries import Query as Asked
from service.api.responses import FORMATTED, problems, written_as
from service.disclosure.offices import register
from service.http.answers import MEDIA_TYPES, Answer, Format, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.writing.formats import csv_text, json_text

router = APIRouter(prefix="/v1/offices", tags=["flags"], route_class=Route)

_COLUMNS = ("office", "matters", "share_answered", "share_confirmed", "median_days", "withheld")


class OfficesQuery(Asked):
    """In which format."""

    f: Literal[Format.JSON, Format.CSV] | None = Field(
        default=None, description="json or csv; without it, Accept decides"
    )


@router.get(
    "",
    operation_id="listOffices",
    summary="How each office answers",
    response_model=OfficesShown,
    responses=problems(FORMATTED) | written_as("text/csv"),
)
def list_offices(
    request: Request, query: Annotated[OfficesQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return how many matters were put before each office, how many it answered and confirmed, and how soon.

    No places and no communities; numbers are rounded, and small ones withheld. What is still open counts as having
    waited until today.
    """
    form = format_asked(request, query.f, (Format.JSON, Format.CSV))
    told = register(context.store)
    if form is Format.CSV:
        return reply(request, calling, Answer(csv_text(_COLUMNS, told.items), MEDIA_TYPES[form]))
    return reply(request, calling, Answer(json_text(told.as_dict())))
