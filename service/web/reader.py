"""Who reads a page, and what the API tells them: the one way from a page of findings to what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool

from service.callers.caller import ANONYMOUS, Caller, Right
from service.http.seats import Seat, sitting
from service.login.sessions import FORGERY_FIELD
from service.web.asking import Query, ask, relay
from service.web.page import FORMS, PRIVATE, page


@dataclass(frozen=True, slots=True)
class PageReader:
    """Somebody who looks at a page, or nobody in particular."""

    request: Request
    seat: Seat | None

    @property
    def caller(self) -> Caller:
        """As whom the API is asked."""
        return self.seat.caller if self.seat else ANONYMOUS

    @property
    def sends(self) -> bool:
        """Whether they may send files here, through forms."""
        return self.seat is not None and self.seat.token is not None and self.caller.holds(Right.SEND)

    async def ask(self, path: str, query: Query = ()) -> dict[str, Any]:
        """Return what the API answers them. Raises `Problem` as it does there."""
        return await ask(self.request, self.caller, path, query)

    async def data(self, path: str, query: Query = ()) -> Response:
        """Return the same as data, as the API gives it to them."""
        return await relay(self.request, self.caller, path, query)

    async def show(self, template: str, values: dict[str, Any], *, forms: bool = False, status: int = 200) -> Response:
        """Return a page for them; what is for one reader is kept by no cache."""
        known = {
            "seat": self.seat,
            "caller": self.caller,
            "csrf": self.seat.proof if self.seat else "",
            "field": FORGERY_FIELD,
        }
        headers = PRIVATE if self.seat else FORMS if forms else {}
        answer = await run_in_threadpool(page, self.request, template, known | values, headers=headers)
        answer.status_code = status if answer.status_code == 200 else answer.status_code  # noqa: PLR2004 - not 304
        return answer


async def reader_of(request: Request) -> PageReader:
    """Return who reads. Raises `Problem` (key unknown) for a key that opens nothing."""
    return PageReader(request, await run_in_threadpool(sitting, request))
