"""Health: is the process alive, and can it do its work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from service.api.answers_official import AliveShown, ReadyShown
from service.api.responses import BEING, problems
from service.errors import NOT_READY, Problem
from service.health.readiness import Stands, readiness
from service.http.bodies import Route
from service.http.callers import Opened
from service.writing.formats import json_text

router = APIRouter(tags=["health"], route_class=Route)


@router.get("/healthz", operation_id="isAlive", summary="Alive?", response_model=AliveShown, responses=problems(BEING))
async def is_alive() -> Response:
    """Answer as long as the process does."""
    return Response(b'{"status":"ok"}', media_type="application/json", headers={"Cache-Control": "no-store"})


@router.get(
    "/readyz",
    operation_id="isReady",
    summary="Ready?",
    response_model=ReadyShown,
    responses=problems((*BEING, NOT_READY)),
)
def is_ready(request: Request, context: Opened) -> Response:
    """Answer 200 when the service can be asked, else 503, with what it needs by name.

    `reading only` means that what is there is served, and nothing new can be kept: a disk that is full or read-only.
    """
    found = readiness(context, stopping=request.app.state.stopping.begun)
    if found.stands is Stands.NOT_READY:
        detail = f"The service cannot work now: {' and '.join(found.waiting)}."
        raise Problem(NOT_READY, detail, checks=found.checks)
    body: dict[str, Any] = {"status": found.stands.value, "checks": found.checks}
    return Response(json_text(body), media_type="application/json", headers={"Cache-Control": "no-store"})
