"""Frame updates: confirmed gaps as a file for those who keep the census frame."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service import frames
from service.api import queries
from service.api.fields import Country, Line
from service.api.responses import ASKING, problems, written_as
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened

ZIP = "application/zip"

router = APIRouter(prefix="/v1/frame-updates", tags=["gap reports"], route_class=Route)


class FrameQuery(queries.Query):
    """Which part of the frame."""

    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value")
    source: Line | None = Field(default=None, description="identifier of one list")


@router.get(
    "",
    operation_id="getFrameUpdate",
    summary="A frame update for census cartography",
    response_class=Response,
    responses=problems(ASKING) | written_as(ZIP),
)
def get_frame_update(
    request: Request, query: Annotated[FrameQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return confirmed and published gaps as a zip: GeoPackage, CSV and a text that says what is in them.

    Each community has its temporary code, the official unit it is proposed under with its code as text, a suggested
    enumeration area where a list has such a level, place, counts and evidence. Communities whose consent or
    sensitivity keeps them from files that travel are left out.
    """
    scope = frames.FrameScope(query.country, query.admin, query.source)
    name = {"Content-Disposition": 'attachment; filename="frame-updates.zip"'}
    return reply(request, calling, Answer(frames.pack(context, scope, calling), ZIP, name))
