"""Health: is the process alive, and can it do its work."""

from __future__ import annotations

from typing import Any

import structlog
from fastapi import APIRouter, Response

from service.api.answers_official import AliveShown, ReadyShown
from service.api.responses import BEING, problems
from service.context import Context
from service.errors import NOT_READY, Problem
from service.formats import json_text
from service.http.bodies import Route
from service.http.callers import Opened
from service.logs import told_safely
from service.store.migrate import require_current

_FAILED, _LOADING = "failed", "loading"

router = APIRouter(tags=["health"], route_class=Route)
log = structlog.get_logger()


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
def is_ready(context: Opened) -> Response:
    """Answer 200 when the database is reachable and migrated and the official lists are loaded, else 503."""
    checks = {"database": _database(context), "lists": _lists(context)}
    waiting = [name for name, state in checks.items() if state in {_FAILED, _LOADING}]
    if waiting:
        raise Problem(NOT_READY, f"The service cannot work yet: {' and '.join(waiting)}.", checks=checks)
    body: dict[str, Any] = {"status": "ready", "checks": checks}
    return Response(json_text(body), media_type="application/json", headers={"Cache-Control": "no-store"})


def _database(context: Context) -> str:
    try:
        require_current(context.store)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("ready.database", **told_safely(error))
        return _FAILED
    return "reachable and migrated"


def _lists(context: Context) -> str:
    if context.lists.loading:  # whoever asks again and again must not take every thread while a long list is read
        return _LOADING
    try:
        count = len(context.lists.current())
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is: not ready
        log.warning("ready.lists", **told_safely(error))
        return _FAILED
    return f"{count} loaded"
