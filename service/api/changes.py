"""Changes: what became of flags since you asked last, so that a copy follows what may be seen."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator, Field, TypeAdapter, ValidationError

from service.api.answers_webhooks import ChangesPage
from service.api.fields import Country, Moment, mistake
from service.api.queries import Query as Parameters
from service.api.responses import LISTING, problems
from service.changes.feed import Change
from service.changes.following import Wish, news
from service.errors import CURSOR_TOO_OLD
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.store.filters import MAX_PAGE
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/changes", tags=["flags"], route_class=Route)

_MOMENT = TypeAdapter[datetime](Moment)
_CURSOR = r"[A-Za-z0-9_-]{59}"
_DATED = r"\d{4}-\d{2}-\d{2}.{1,40}"


def _moment_or_cursor(text: str) -> str:
    if text[:4].isdigit() and text[4:5] == "-" and len(text) < _SHORTER:
        try:
            _MOMENT.validate_python(text)
        except ValidationError:
            message = "This is neither a moment with its zone nor a cursor."
            raise mistake(message, "Write it as 2026-03-31T12:00:00Z, or send the `cursor` of an answer.") from None
    return text


_SHORTER = 59  # than any cursor


class ChangesQuery(Parameters):
    """Which changes."""

    since: (
        Annotated[
            str,
            Field(pattern=rf"^({_CURSOR}|{_DATED})$", max_length=64, json_schema_extra={"format": "since"}),
            AfterValidator(_moment_or_cursor),
        ]
        | None
    ) = Field(default=None, description="the `cursor` of the last answer, or a moment; left out, from the start")
    country: Country | None = Field(default=None, description="ISO 3166 code or English name")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="items on a page")

    def wish(self) -> Wish:
        """Return it as the verb takes it."""
        is_cursor = self.since is not None and len(self.since) == _SHORTER
        since = None if self.since is None or is_cursor else _MOMENT.validate_python(self.since)
        return Wish(self.since if is_cursor else None, since, self.country, self.limit)


@router.get(
    "",
    operation_id="listChanges",
    summary="What became of flags since you asked last",
    response_model=ChangesPage,
    responses=problems((*LISTING, CURSOR_TOO_OLD)),
)
def list_changes(
    request: Request, query: Annotated[ChangesQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return flags that changed for you, as you see them now, and those that you saw and see no longer.

    Begin without `since`, and put what comes into an empty copy; follow `next`, keep `cursor`, and ask with it as
    `since` the next time. What was told may come again, and changes nothing then. `cursor-too-old` says to begin anew.
    A moment in `since` is for a first look: with one, what was just being written can be missed.
    """
    found = news(context, query.wish(), calling)
    following = _address(request, found.cursor) if found.more else None
    body = {"items": [_shown(one) for one in found.changes], "next": following, "cursor": found.cursor}
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return reply(request, calling, Answer(json_text(body), headers=headers))


def _shown(change: Change) -> dict[str, Any]:
    told = asdict(change)
    return {name: told[name] for name in ("type", "flag_id", "at", "flag")}


def _address(request: Request, cursor: str) -> str:
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "since"]
    return f"{request.url.path}?{urlencode([*kept, ('since', cursor)])}"
