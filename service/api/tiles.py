"""Vector tiles: what a map draws of flags and of official places, square by square."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from geodata.tiles.mercator import FINEST, Tile
from service.api import queries
from service.api.fields import Line
from service.api.layered import FlagsWanted, Layered
from service.api.responses import ASKING, problems
from service.errors import INVALID, NOT_FOUND, Mistake, Problem
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.layers.official import OfficialLayers
from service.layers.tiles import flag_tile, official_tile

MVT = "application/vnd.mapbox-vector-tile"

router = APIRouter(prefix="/v1/tiles", tags=["maps"], route_class=Route)

_TILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {MVT: {"schema": {"type": "string", "format": "binary", "description": "Mapbox Vector Tile 2.1"}}}}
}


class OfficialQuery(queries.Query):
    """Which official places."""

    source: Line | None = Field(default=None, description="identifier of one list; all without it")


def the_tile(
    z: Annotated[int, Path(ge=0, le=FINEST, description="zoom")],
    x: Annotated[int, Path(ge=0, lt=1 << FINEST, description="column, from the west")],
    y: Annotated[int, Path(ge=0, lt=1 << FINEST, description="row, from the north")],
) -> Tile:
    """Return the tile of an address. Raises `Problem` (not found) where there is none."""
    tile = Tile(z, x, y)
    if not tile.exists:
        detail = f"There is no tile {x}, {y} at zoom {z}: columns and rows end at {(1 << z) - 1:,}."
        raise Problem(NOT_FOUND, detail)
    return tile


@router.get(
    "/flags/{z}/{x}/{y}.mvt",
    operation_id="getFlagTile",
    summary="A vector tile of flags",
    response_class=Response,
    responses=problems(ASKING) | _TILE,
)
def get_flag_tile(
    request: Request, tile: Annotated[Tile, Depends(the_tile)], query: Annotated[FlagsWanted, Query()], seen: Layered
) -> Response:
    """Return the flags of one tile in Web Mercator: the layer `flags`, as exact as whoever asks may see them.

    A flag has `id`, `verdict`, `status`, `country`, `kind`, `groups`, `sdg` and `radius_m`, the circle in metres that
    holds the true place. Up to zoom 9 those that lie close are one mark with their `count`. A tile in which nothing
    lies is empty. What is withdrawn or held is in no tile from then on; ask again with the ETag, and keep no copies.
    """
    return reply(request, seen.by, Answer(flag_tile(seen.layer, query.spots(), tile), MVT))


@router.get(
    "/official/{z}/{x}/{y}.mvt",
    operation_id="getOfficialTile",
    summary="A vector tile of official places",
    response_class=Response,
    responses=problems(ASKING) | _TILE,
)
def get_official_tile(
    request: Request,
    tile: Annotated[Tile, Depends(the_tile)],
    query: Annotated[OfficialQuery, Query()],
    calling: Calling,
) -> Response:
    """Return the places of the official lists in force in one tile: the layer `official` with `id`, `name` and `kind`.

    Up to zoom 9 places of a list that lie close are one mark with their `count`. Lists of millions of places are not
    drawn; search them with `/v1/places`.
    """
    drawn: OfficialLayers = request.app.state.official_layers
    chosen = drawn.of(the_context(request).lists.current(), query.source)
    if query.source is not None and not chosen:
        wrong = Mistake("?source", f"There is no list {query.source!r} that can be drawn.", "See /v1/sources.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return reply(request, calling, Answer(official_tile(chosen, tile), MVT))
