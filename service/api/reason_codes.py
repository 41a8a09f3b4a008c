"""Reason codes: what a decision may be given with, for forms and for whoever reads it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_review import ReasonCodesShown
from service.api.queries import Query as Asked
from service.api.responses import LISTING, problems
from service.context import codes_of_reasons
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/reason-codes", tags=["flags"], route_class=Route)


class Language(StrEnum):
    """The languages in which reasons are told."""

    ENGLISH = "en"
    FRENCH = "fr"
    SPANISH = "es"
    SWAHILI = "sw"


class LanguageQuery(Asked):
    """In which language."""

    lang: Language = Field(default=Language.ENGLISH, description="en, fr, es or sw")


@router.get(
    "",
    operation_id="listReasonCodes",
    summary="Why decisions are taken: the code list",
    response_model=ReasonCodesShown,
    responses=problems(LISTING),
)
def list_reason_codes(
    request: Request, query: Annotated[LanguageQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return every reason, for which decisions it may be given, and what has to come with it.

    Installations add codes of their own to those that ship with the service.
    """
    codes = codes_of_reasons(context.settings)
    items = [
        {
            "code": one.code,
            "label": one.label(query.lang.value),
            "labels": dict(one.labels),
            "decisions": list(one.decisions),
            "needs": list(one.needs),
        }
        for one in codes.reasons.values()
    ]
    return reply(request, calling, Answer(json_text({"version": codes.version, "items": items})))
