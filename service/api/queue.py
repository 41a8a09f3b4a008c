"""The queue: what waits for reviewers, in order, and the next flag for whoever asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from matchers.base import Verdict
from service.api.answers_desk import NextShown, QueuePage
from service.api.fields import Line
from service.api.listing import next_address
from service.api.queries import CommunityFilter, Cursor
from service.api.responses import LISTING, WRITING, problems
from service.callers.caller import Caller
from service.desk import case, claiming, queue
from service.disclosure.tags import askable
from service.errors import KEY_NEEDED, NOT_PERMITTED
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, Opened, the_context
from service.running import clock
from service.store.filters import FlagFilter
from service.store.queue import Assigned
from service.store.values import FlagStatus
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/queue", tags=["review"], route_class=Route)
taking = APIRouter(prefix="/v1/queue", tags=["review"], route_class=Bodiless)

Blind = Annotated[bool, Field(description="leave out what the machine made of it, and what others decided")]


class QueueFilters(CommunityFilter):
    """Which part of the queue."""

    limit: int = Field(default=50, ge=1, le=200, description="items on a page")
    cursor: Cursor | None = Field(default=None, description="from `next` of the page before")
    verdict: list[Verdict] = Field(default=[], max_length=20, description="may be repeated")
    status: list[FlagStatus] = Field(
        default=[],
        max_length=20,
        description="instead of what waits: such as confirmed, for what waits to be published. May be repeated",
    )
    source: Line | None = Field(default=None, description="identifier of the list it was raised against")
    organisation: Line | None = Field(default=None, description="whose account speaks")
    collection: Line | None = Field(default=None, description="of which survey or project")
    assigned: Assigned | None = Field(default=None, description="me: claimed by you; nobody: claimed by nobody")
    min_probability: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False, description="of absence")
    max_probability: float | None = Field(default=None, ge=0, le=1, allow_inf_nan=False, description="of absence")
    blind: Blind = False

    def asked(self, caller: Caller) -> queue.Asked:
        """Return what of the queue is asked for. Raises `Problem` (invalid) for tags that nobody may ask for."""
        flags = FlagFilter(
            country=self.country,
            verdicts=tuple(verdict.value for verdict in self.verdict),
            statuses=tuple(self.status),
            admin=self.admin,
            source=self.source,
            organisation=self.organisation,
            collection=self.collection,
            bbox=self.box,
            q=self.q,
            min_probability=self.min_probability,
            max_probability=self.max_probability,
            updated_since=self.updated_since,
            tags=askable(self.tags, caller),
        )
        return queue.Asked(flags, self.assigned, self.blind, self.cursor, self.limit)


@router.get(
    "",
    operation_id="listQueue",
    summary="What waits for reviewers, the most urgent first",
    response_model=QueuePage,
    responses=problems((*LISTING, KEY_NEEDED, NOT_PERMITTED)),
)
def list_queue(
    request: Request, query: Annotated[QueueFilters, Query()], calling: Calling, context: Opened
) -> Response:
    """Return flags in order of what it is expected to cost that nobody looks at them, with who is at work on which.

    That order moves for a flag only when the flag itself does: a walk along `next` sees every flag once, whatever is
    raised meanwhile. For reviewers.
    """
    page = queue.page(context, query.asked(calling), calling)
    following = next_address(request, page.next_cursor)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    body = {"numberReturned": len(page.items), "next": following, "items": page.items}
    return reply(request, calling, Answer(json_text(body), headers=headers))


@taking.post(
    "/next",
    status_code=201,
    operation_id="claimNext",
    summary="Claim the most urgent flag that nobody holds",
    response_model=NextShown,
    responses={**problems(WRITING), 200: {"model": NextShown, "description": "Nothing is left"}},
)
def claim_next(request: Request, query: Annotated[QueueFilters, Query()], by: Calling) -> Response:
    """Take the first flag of the queue, narrowed as asked, that nobody else is at work on, and return it as a case.

    However many reviewers ask at once, no two are given the same. Where nothing is left, `case` is null.
    """
    context = the_context(request)
    asked = query.asked(by)
    found = claiming.claim_next(context, queue.wanted_by(asked, by, clock.now()), by)
    if found is None:
        return created(json_text({"case": None}), "/v1/queue", anew=False)
    flag_id = found[0].id
    shown = case.case(context, flag_id, by, blind=query.blind)
    return created(json_text({"case": shown}), f"/v1/flags/{flag_id}")
