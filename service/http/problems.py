"""Failures as RFC 9457 problems: one shape, whatever went wrong and wherever."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from service.errors import (
    INTERNAL,
    INVALID,
    MALFORMED,
    NOT_ALLOWED_METHOD,
    NOT_FOUND,
    NOT_READY,
    RATE_LIMITED,
    Mistake,
    Problem,
    ProblemType,
)
from service.http.contract import contract_of
from service.http.mistakes import Reader
from service.running import metrics
from service.running.logs import told_safely

MEDIA_TYPE = "application/problem+json"

#: Returns a failure as a page, or None for whoever is told it as a problem.
Page = Callable[[Request, Problem], Response | None]

log = structlog.get_logger()

#: What a failure noticed by the framework itself is called in our catalogue.
_BY_STATUS: dict[int, ProblemType] = {
    HTTPStatus.BAD_REQUEST: MALFORMED,
    HTTPStatus.NOT_FOUND: NOT_FOUND,
    HTTPStatus.METHOD_NOT_ALLOWED: NOT_ALLOWED_METHOD,
}


def install(app: FastAPI, page: Page) -> None:
    """Answer every failure of this application as a problem, or as the page that is made of it."""
    app.state.page_of_problem = page

    @app.exception_handler(Problem)
    async def _told(request: Request, problem: Problem) -> Response:
        if problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR and problem.kind is not NOT_READY:  # asked for often
            log.error("failed", **told_safely(problem.__cause__ or problem))
        return problem_response(problem, request)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return problem_response(invalid(Reader(contract_of(request.app).fields).mistakes(error.errors())), request)

    @app.exception_handler(HTTPException)
    async def _refused(request: Request, error: HTTPException) -> Response:
        kind = _BY_STATUS.get(error.status_code, INTERNAL)
        response = problem_response(Problem(kind, _sentence(kind, request, error)), request)
        if kind is NOT_ALLOWED_METHOD:
            response.headers["Allow"] = ", ".join(_allowed(request, error))
        return response


def invalid(mistakes: list[Mistake]) -> Problem:
    """Return the problem of content that reads well but cannot be right."""
    count = len(mistakes)
    detail = mistakes[0].message if count == 1 else f"{count} things have to be mended; each is named under `errors`."
    return Problem(INVALID, detail, errors=[mistake.members() for mistake in mistakes])


def problem_body(problem: Problem, request: Request) -> dict[str, object]:
    """Return the members of a problem; `instance` is the path alone, since a query may hold a name or a place."""
    errors = problem.extra.get("errors")
    return {
        **problem.extra,  # first, so that no kind puts anything in the place of a member of RFC 9457
        "type": f"/problems/{problem.kind.code}",
        "title": problem.kind.title,
        "status": problem.kind.status,
        "detail": problem.detail,
        "instance": request.url.path,
        "code": problem.kind.code,
        "hint": problem.kind.hint,
        "request_id": request_id(request),
        **({"errors": [{"hint": problem.kind.hint, **error} for error in errors]} if errors else {}),
    }


def problem_response(problem: Problem, request: Request) -> Response:
    """Return a problem as a response with the headers that belong to it; as a page to a browser that looks at pages."""
    metrics.PROBLEMS.labels(problem.kind.code).inc()
    response = _as_page(problem, request) or Response(
        orjson.dumps(problem_body(problem, request), default=str), problem.kind.status, media_type=MEDIA_TYPE
    )
    response.headers.update(_headers(problem))
    return response


def _as_page(problem: Problem, request: Request) -> Response | None:
    if "app" not in request.scope:  # a layer that stands before no application of ours
        return None
    page: Page = request.app.state.page_of_problem
    try:
        return page(request, problem)
    except Exception as error:  # noqa: BLE001 - what keeps pages from being made must not keep this from being told
        log.error("failed", **told_safely(error))  # noqa: TRY400 - a traceback would print the values
        return None


def _headers(problem: Problem) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    if problem.kind.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="uncounted"'
    if problem.kind.status in {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE}:
        headers["Retry-After"] = str(problem.extra.get("retry_after", 1))
    if problem.kind is RATE_LIMITED:
        headers["Retry-After"] = str(problem.extra["retry_after"])
    return headers


def request_id(request: Request) -> str:
    """Return the identifier of this request, as in the header `X-Request-ID` and in the logs."""
    return str(request.scope.get("state", {}).get("request_id", ""))


def _allowed(request: Request, error: HTTPException) -> list[str]:
    """Return the methods of an address by the contract; of one that no contract declares as the router knows them."""
    known = {one for one in (error.headers or {}).get("Allow", "").split(", ") if one}
    known |= {"HEAD"} if "GET" in known else set()
    return contract_of(request.app).methods(request.url.path) or sorted(known)


def _sentence(kind: ProblemType, request: Request, error: HTTPException) -> str:
    if kind is NOT_FOUND:
        return f"Nothing is served at {request.url.path}."
    if kind is NOT_ALLOWED_METHOD:
        allowed = " and ".join(_allowed(request, error))
        return f"{request.url.path} takes {allowed or 'another method'}, not {request.method}."
    return f"{kind.title}."
