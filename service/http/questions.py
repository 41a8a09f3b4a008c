"""Questions that are too long for an address: bodies that ask and keep nothing, so that no key is needed to send one.

As many are answered at once at one address as of those that write: a long question takes a processor for seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request, Response
from fastapi.routing import APIRoute

from service.errors import MALFORMED, UNSUPPORTED, Problem
from service.http.bodies import Route, within
from service.http.contract import refuse_unknown_parameters

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 10


class Question(Route):
    """A route of the API whose JSON body is a question."""

    needs_key = False


class FormQuestion(APIRoute):
    """A route of the API whose question is a form; `form_of` gives its fields."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Read the form before the framework answers."""
        answer = super().get_route_handler()
        template = self.path_format

        async def handle(request: Request) -> Response:
            given = [name for name, _ in request.query_params.multi_items()]
            refuse_unknown_parameters(request.app, template, (request.method, given))
            most: int = request.app.state.context.settings.max_body_bytes
            with request.app.state.held.body() as share:
                request.state.form = await within(request, most, share)
                async with request.app.state.writing[template]:
                    return await answer(request)

        return handle


def form_of(request: Request) -> dict[str, str]:
    """Return the fields of the form that came; of one that came twice the last. Raises `Problem` for what is no form.

    Called once it is known who asks: what a body is like is nobody's business who may not send one.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        named = f"{kind!r} is not read here" if kind else "The header Content-Type is missing"
        raise Problem(UNSUPPORTED, f"{named}; send {FORM}.")
    raw: bytes = request.state.form
    try:
        return dict(
            parse_qsl(raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
        )
    except ValueError:  # of another encoding, or of more fields than any form here has
        raise Problem(MALFORMED, f"The body cannot be read as {FORM} in UTF-8.") from None
