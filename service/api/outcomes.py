"""Outcomes: what was decided about the communities that somebody sent or speaks for, whether they agree or not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_review import OutcomesShown
from service.api.fields import Moment
from service.api.listing import next_address
from service.api.queries import Paging
from service.api.reason_codes import Language
from service.api.responses import LISTING, problems
from service.configuration.settings import Settings
from service.context import codes_of_reasons
from service.disclosure.outcomes import Telling, redact_outcome
from service.disclosure.unseen import spoken_for
from service.errors import KEY_NEEDED, NOT_PERMITTED
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.store import outcomes
from service.store.stretches import Asked
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/outcomes", tags=["flags"], route_class=Route)


def telling_of(settings: Settings, language: Language = Language.ENGLISH) -> Telling:
    """Return how outcomes are told in an installation."""
    return Telling(codes_of_reasons(settings), language.value, settings.appeal_days)


class OutcomeQuery(Paging):
    """Which outcomes, in which language."""

    since: Moment | None = Field(default=None, description="only those decided at this moment or later")
    lang: Language = Field(default=Language.ENGLISH, description="of the reasons: en, fr, es or sw")


@router.get(
    "",
    operation_id="listOutcomes",
    summary="What was decided about what you sent or speak for",
    response_model=OutcomesShown,
    responses=problems((*LISTING, KEY_NEEDED, NOT_PERMITTED)),
)
def list_outcomes(
    request: Request, query: Annotated[OutcomeQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return the decisions about communities of which your organisation sent a record, in the order they were taken.

    To a steward: about those that a record in their charge is of. Each says why, by which office, what it wrote to you,
    and whether and until when you can appeal. Keep `cursor` and ask with it the next time: what comes then is new to
    you.
    """
    telling = telling_of(context.settings, query.lang)
    with context.store.read() as session:
        asked = Asked(query.since, query.cursor, query.limit)
        found = outcomes.stretch(session, spoken_for(calling), asked)
    following = next_address(request, found.cursor if found.more else None)
    body = {
        "items": [redact_outcome(one, telling) for one in found.items],
        "next": following,
        "cursor": found.cursor,
    }
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return reply(request, calling, Answer(json_text(body), headers=headers))
