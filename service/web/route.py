"""The route of a page: what goes wrong is told to a browser as a page, to a program as a problem."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from service.errors import Problem
from service.http.problems import problem_response
from service.web.page import page

_NOT_OF_PAGES = frozenset({"content-length", "content-type"})


class PageRoute(APIRoute):
    """A route whose answer is a page."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put our own telling of failures around the framework's answer."""
        answer = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                return await answer(request)
            except Problem as problem:
                ours = problem.kind.status >= HTTPStatus.INTERNAL_SERVER_ERROR
                if ours or "text/html" not in request.headers.get("accept", ""):
                    raise
                return await run_in_threadpool(refused, request, problem)

        return handle


def refused(request: Request, problem: Problem) -> Response:
    """Return a failure as a page, with its status and what a program would be told in headers."""
    told = problem_response(problem, request).headers
    headers = {name: value for name, value in told.items() if name not in _NOT_OF_PAGES}
    answer = page(request, "refused.html", {"problem": problem}, headers=headers)
    answer.status_code = problem.kind.status
    return answer
