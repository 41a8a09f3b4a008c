"""Not-founds leave at even moments, so that how long one took does not tell whether the thing exists.

Whether something does not exist or is hidden from the caller, the same is answered (`service.disclosure`). Finding out
takes longer where there is something to hide: it is read and judged. So the answer waits for the next multiple of
`EVERY_S` after the request arrived; both kinds take well below one. Nothing is held meanwhile but the connection.

What this does not do: where the service is so busy that reading takes longer than one step, the step in which an answer
leaves says something again, in rare cases that many questions are needed for (`docs/alike.md` has the figures). Who may
see the thing is answered at once, because for them there is nothing to hide.
"""

from __future__ import annotations

from http import HTTPStatus
from math import ceil
from time import monotonic

from anyio import sleep
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Seconds between the moments at which not-founds leave. On a quiet machine one takes 2 to 8 ms without waiting; on one
#: with six times more to do than processors, ninety-eight of a hundred take less than this.
EVERY_S = 0.1


class Evenly:
    """ASGI middleware: lets a 404 of an address that names something wait for the next even moment."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap an application."""
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        arrived = monotonic()

        async def send_evenly(message: Message) -> None:
            if message["type"] == "http.response.start" and _tells_of_something(scope, message["status"]):
                await sleep(_until_even(monotonic() - arrived))
            await send(message)

        await self.app(scope, receive, send_evenly)


def _tells_of_something(scope: Scope, status: int) -> bool:
    """Return whether an answer says of a thing named in the address, or in a cursor, that it does not exist."""
    if status == HTTPStatus.NOT_FOUND:
        return bool(scope.get("path_params"))
    return status == HTTPStatus.UNPROCESSABLE_ENTITY and b"cursor=" in scope["query_string"]


def _until_even(passed_s: float) -> float:
    return ceil(passed_s / EVERY_S) * EVERY_S - passed_s
