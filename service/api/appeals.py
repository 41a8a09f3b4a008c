"""Appeals: those who sent a record say why a decision about it is wrong, and another reviewer looks again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from service.api import examples
from service.api.answers_review import AppealShown, AppealsShown
from service.api.fields import SEEN, Day, Line, Link, Number, Word, impersonal, seen
from service.api.identifiers import Identifier, known_form
from service.api.reading import Reader
from service.api.responses import DECIDING, FINDING, problems
from service.api.submission import Given
from service.callers.caller import Caller
from service.context import Context
from service.disclosure.outcomes import redact_appeal, redact_appeals
from service.disclosure.unseen import worked_by
from service.errors import KEY_NEEDED, NOT_PERMITTED
from service.http.answers import Answer, created, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.review.appealing import Grounds, appeal
from service.store import appeals, flags
from service.store.values import Flag
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/flags", tags=["flags"], route_class=Route)

Words = Annotated[
    str,
    Field(min_length=1, max_length=4_000, json_schema_extra=SEEN),
    AfterValidator(seen),
    AfterValidator(impersonal),
]


class NewCountGiven(Given):
    """A count that the first reviewer did not have."""

    value: Number = Field(ge=0, le=1e9, description="how many")
    unit: Word = Field(default="persons", description="persons, households or dwellings")
    date: Day | None = Field(default=None, description="when it was counted")


class EvidenceGiven(Given):
    """What is new."""

    records: list[Line] = Field(default=[], max_length=20, description="ids of your records that say it")
    counts: list[NewCountGiven] = Field(default=[], max_length=20, description="counts made since")
    documents: list[Link] = Field(default=[], max_length=20, description="addresses of documents or pictures")


class AppealGiven(Given):
    """Why a decision is wrong, and what is new."""

    grounds: Words = Field(description="why it is wrong, for the reviewer who looks again; name no person")
    evidence: EvidenceGiven | None = Field(default=None, description="what the first reviewer did not have")

    def taken(self) -> Grounds:
        """Return it as the verb takes it; evidence that names nothing is none."""
        told = self.evidence.model_dump(mode="json", exclude_defaults=True) if self.evidence else {}
        return Grounds(self.grounds, told or None, tuple(self.evidence.records) if self.evidence else ())


@router.post(
    "/{flag_id}/appeals",
    status_code=201,
    operation_id="appealFlag",
    summary="Appeal against a decision",
    response_model=AppealShown,
    responses=problems(DECIDING),
    openapi_extra=examples.body(examples.APPEALS),
)
def appeal_flag(request: Request, flag_id: Identifier, given: AppealGiven, by: Calling) -> Response:
    """Have the decision about a community of which you sent a record looked at again, by somebody who took no part.

    It can be rejected, matched_existing, unverifiable or deferred. `/v1/outcomes` says until when, and then what came
    of it.
    """
    context = the_context(request)
    _seen(context, flag_id, by)
    made = appeal(context, flag_id, given.taken(), by)
    return created(json_text(redact_appeal(made)), f"/v1/flags/{flag_id}/appeals")


@router.get(
    "/{flag_id}/appeals",
    operation_id="listAppeals",
    summary="Appeals about a flag",
    response_model=AppealsShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def list_appeals(request: Request, flag_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return the appeals about a flag, the oldest first: yours, and to reviewers all."""
    flag = _seen(context, flag_id, calling)
    with context.store.read() as session:
        items = redact_appeals(appeals.of(session, flag_id), flag, calling)
    return reply(request, calling, Answer(json_text({"items": items})))


def _seen(context: Context, flag_id: str, calling: Caller) -> Flag:
    """Return a flag; one that is hidden from this caller does not exist for them."""
    with context.store.read() as session:
        Reader(session, calling).flag_by_id(known_form(flag_id, "flag"))
        return flags.get(session, flag_id, worked_by(calling))
