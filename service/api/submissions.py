"""Submissions: the address that KoboToolbox posts each submission to, as its REST services do."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query, Request, Response
from pydantic import Field
from starlette.background import BackgroundTask

from service.api.answers_import import SubmissionShown
from service.api.collections import Name
from service.api.examples import SUBMISSIONS
from service.api.fields import Line
from service.api.queries import Query as Asked
from service.api.responses import WRITING, problems
from service.disclosure.imports import redact_dropped, redact_fault
from service.http.answers import created
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.live.receiving import Address, Fate, Received, receive, settle
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/collections", tags=["imports"], route_class=Route)


class SubmissionQuery(Asked):
    """How a submission is read."""

    profile: Line | None = Field(default=None, description="a saved mapping by its name; else the one that fits")


def _address(collection_id: Name, query: Annotated[SubmissionQuery, Query()]) -> Address:
    return Address(collection_id, query.profile)


@router.post(
    "/{collection_id}/submissions",
    status_code=201,
    operation_id="receiveSubmission",
    summary="Take one submission from KoboToolbox",
    response_model=SubmissionShown,
    responses=problems(WRITING)
    | {200: {"model": SubmissionShown, "description": "No new record: revised, unchanged or left out"}},
    openapi_extra={"requestBody": {"content": {"application/json": {"examples": SUBMISSIONS}}}},
)
def receive_submission(
    request: Request,
    address: Annotated[Address, Depends(_address)],
    submission: Annotated[dict[str, Any], Body(description="as KoboToolbox posts it, with `_id`")],
    by: Calling,
) -> Response:
    """Keep one submission as KoboToolbox posts it to a REST service; it is verified after the answer.

    `_id` is the record's own id: the same again changes nothing, other content is the next revision. One that is not
    approved is left out, and withdrawn if it was kept before. The key may come as the password of HTTP Basic. Edits
    and deletions are not posted by KoboToolbox; `uncounted pull` brings them.
    """
    context = the_context(request)
    received = receive(context, submission, address, by)
    body = json_text(_shown(received))
    where = f"/v1/records/{received.record_id}" if received.record_id else request.url.path
    answer = created(body, where, anew=received.fate is Fate.CREATED)
    if received.waiting:
        answer.background = BackgroundTask(settle, context, received)
    return answer


def _shown(received: Received) -> dict[str, Any]:
    """Return what the sender is told, member by member; nothing of what the submission says."""
    return {
        "outcome": received.fate.value,
        "own_id": received.own_id,
        "record_id": received.record_id,
        "revision": received.revision,
        "quarantined": received.quarantined,
        "why": received.why,
        "withdrawn": received.withdrawn,
        "problems": [redact_fault(fault) for fault in received.faults],
        "dropped": redact_dropped(asdict(one) for one in received.dropped),
    }
