"""Metrics for operators: nothing here names anybody, and still nobody else reads it."""

from __future__ import annotations

from hmac import compare_digest

from fastapi import APIRouter, Request, Response

from service.api.responses import ALWAYS, problems
from service.errors import KEY_NEEDED, KEY_UNKNOWN, NOT_FOUND, Problem
from service.health.vitals import VitalSigns
from service.http.bodies import Route
from service.http.callers import Opened
from service.running import metrics

router = APIRouter(tags=["health"], route_class=Route)


@router.get(
    "/metrics",
    operation_id="getMetrics",
    summary="Metrics for operators",
    response_class=Response,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_FOUND))
    | {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
def get_metrics(request: Request, context: Opened) -> Response:
    """Return counts, times and sizes in Prometheus' text format, to whoever sends `UNCOUNTED_METRICS_TOKEN` as Bearer.

    Where no token is set there is no such address.
    """
    token = context.settings.metrics_token
    if token is None:
        raise Problem(NOT_FOUND, "Nothing is served at /metrics.")
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if not given:
        raise Problem(KEY_NEEDED, "Send the token of the metrics as `Authorization: Bearer TOKEN`.")
    if scheme.lower() != "bearer" or not compare_digest(given.strip().encode(), token.encode()):
        raise Problem(KEY_UNKNOWN, "This is not the token of the metrics.")
    body = metrics.exposition([VitalSigns(context)])
    return Response(body, media_type=metrics.MEDIA_TYPE, headers={"Cache-Control": "no-store"})
