"""Exports in bulk: all flags that a caller sees and asks for, in one file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.api.layered import FlagsInBox
from service.api.reading import Reader
from service.api.responses import LISTING, problems
from service.api.rows import FLAG_COLUMNS, flag_row
from service.callers.caller import Caller
from service.context import Context
from service.disclosure.unseen import unseen_by, worked_by
from service.http.answers import streamed
from service.http.bodies import NDJSON, Route
from service.http.callers import Calling, Opened
from service.layers import exporting
from service.layers.spot import SpotFilter
from service.store.filters import FlagFilter
from service.writing.spool import Spool

PARQUET = "application/vnd.apache.parquet"

router = APIRouter(prefix="/v1/exports", tags=["maps"], route_class=Route)

_NUMBERS = frozenset({"lat", "lon", "uncertainty_m", "probability", "persons"})
_MOMENTS = frozenset({"created_at", "updated_at"})

#: Columns of the file, by what they hold: those of the table of `/v1/flags?f=csv`.
COLUMNS = {
    name: "number" if name in _NUMBERS else "moment" if name in _MOMENTS else "whole" if name == "version" else "text"
    for name in FLAG_COLUMNS
}


def _file(media_type: str, told: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {media_type: {"schema": {"type": "string", "format": "binary", "description": told}}}}}


@router.get(
    "/flags.parquet",
    operation_id="exportFlagsParquet",
    summary="All flags as GeoParquet",
    response_class=Response,
    responses=problems(LISTING) | _file(PARQUET, "GeoParquet 1.1, compressed with zstd"),
)
def export_flags_parquet(
    request: Request, query: Annotated[FlagsInBox, Query()], calling: Calling, context: Opened
) -> Response:
    """Return flags as one GeoParquet file of points in WGS 84, with the columns of the table of flags.

    Without a key: those that are published, as exact as their communities agreed to. The same flags are the same
    bytes. Remove from copies what `/v1/tombstones` names.
    """
    found = _export(context, query.spots(), calling, parquet=True)
    return _as_file(streamed(request, calling, found, PARQUET), "flags.parquet")


@router.get(
    "/flags.ndjson",
    operation_id="exportFlagsLines",
    summary="All flags as lines of JSON",
    response_class=Response,
    responses=problems(LISTING) | _file(NDJSON, "one flag a line, each as `/v1/flags/{flag_id}` has it"),
)
def export_flags_lines(
    request: Request, query: Annotated[FlagsInBox, Query()], calling: Calling, context: Opened
) -> Response:
    """Return flags as lines of JSON, oldest first, each whole: evidence, decisions and members as the caller sees them.

    Without a key: those that are published, as exact as their communities agreed to.
    """
    found = _export(context, query.spots(), calling, parquet=False)
    return _as_file(streamed(request, calling, found, NDJSON), "flags.ndjson")


def _export(context: Context, asked: SpotFilter, calling: Caller, *, parquet: bool) -> Spool:
    stored = FlagFilter(
        country=asked.country,
        source=asked.source,
        updated_since=asked.updated_since,
        published_or_of=worked_by(calling),
        unseen=unseen_by(calling),
    )
    with context.store.read() as session:
        chunks = exporting.wanted(session, stored, asked, Reader(session, calling).flag)
        if parquet:
            return exporting.parquet(context, chunks, COLUMNS, flag_row)
        return exporting.ndjson(context, chunks)


def _as_file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
