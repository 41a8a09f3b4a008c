"""Tombstones: what you may have copied and have to remove."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_rights import TombstonesShown
from service.api.fields import Moment
from service.api.listing import next_address
from service.api.queries import Paging
from service.api.responses import LISTING, problems
from service.disclosure.gone import readers
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.store import tombstones
from service.store.stretches import Asked
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/tombstones", tags=["rights"], route_class=Route)


class TombstoneQuery(Paging):
    """Which tombstones."""

    since: Moment | None = Field(default=None, description="only those laid at this moment or later")


@router.get(
    "",
    operation_id="listTombstones",
    summary="What is gone, so that copies can be removed",
    response_model=TombstonesShown,
    responses=problems(LISTING),
)
def list_tombstones(
    request: Request, query: Annotated[TombstoneQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return identifiers of flags and records that you could read and cannot any more, in the order they went.

    Whoever keeps a copy, an export or tiles removes them. Keep `cursor` and ask with it the next time; a moment in
    `since` can miss what was just being written. One that came back stands in its list again.
    """
    with context.store.read() as session:
        found = tombstones.stretch(session, readers(calling), Asked(query.since, query.cursor, query.limit))
    following = next_address(request, found.cursor if found.more else None)
    body = {"items": [asdict(one) for one in found.items], "next": following, "cursor": found.cursor}
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return reply(request, calling, Answer(json_text(body), headers=headers))
