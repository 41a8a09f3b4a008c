"""The pages of official lists: every source that is followed, and of one all that it has said so far."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from service.errors import NOT_FOUND, Problem
from service.web.reader import reader_of

router = APIRouter(prefix="/sources", include_in_schema=False)

_SNAPSHOTS = 50


@router.get("")
async def sources_page(request: Request) -> Response:
    """List the sources, with what each says at present and how old it is."""
    reader = await reader_of(request)
    told = await reader.ask("/v1/sources")
    return await reader.show("sources.html", {"items": told["items"], "now": datetime.now(UTC)})


@router.get("/{source_id}")
async def source_page(request: Request, source_id: str) -> Response:
    """Show one source: its present snapshot, what that covers, and the snapshots before it."""
    reader = await reader_of(request)
    told = await reader.ask("/v1/sources")
    source = next((one for one in told["items"] if one["id"] == source_id), None)
    if source is None:
        detail = f"There is no source {source_id[:100]}."
        raise Problem(NOT_FOUND, detail)
    snapshots = await reader.ask("/v1/snapshots", [("source", source_id), ("limit", str(_SNAPSHOTS))])
    return await reader.show("source.html", {"source": source, "list": source["current"], "snapshots": snapshots})
