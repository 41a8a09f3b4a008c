"""Limits: a collection or a record is shown less from now on, whatever is said of it besides."""

from __future__ import annotations

from typing import Any, Self

from fastapi import APIRouter, Request, Response
from pydantic import Field, model_validator

from service.access import limiting
from service.access.limiting import Lowered
from service.accounts.account import Consent, Sensitivity
from service.api.answers_access import LimitShown
from service.api.fields import Line, Word, mistake
from service.api.identifiers import Identifier, known_form
from service.api.reading import Reader
from service.api.responses import DECIDING, FINDING, problems
from service.api.submission import Given
from service.callers.caller import Caller
from service.errors import KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Problem
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.store import limits
from service.store.limits import Limit
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/limits", tags=["rights"], route_class=Route)
lifting = APIRouter(prefix="/v1/limits", tags=["rights"], route_class=Bodiless)


class LimitGiven(Given):
    """What is shown less, and how far at most."""

    reason_code: Word = Field(description="why, in a word of your own code list, such as community_asked")
    collection: Line | None = Field(default=None, description="every record of it, also those still to come")
    organisation: Line | None = Field(default=None, description="whose collection; left out, that of your key")
    record: Line | None = Field(default=None, description="one record, by the id the service gave out")
    consent: Consent | None = Field(default=None, description="no wider than this; left out, as it is")
    sensitivity: Sensitivity | None = Field(default=None, description="at least this; left out, as it is")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.collection is None) == (self.record is None):
            message = "This has to name either a collection, or a record."
            raise mistake(message, "Send one of the two.")
        return self

    def lowered(self, by: Caller) -> Lowered:
        """Return it as the verb takes it."""
        key = None if self.collection is None else (self.organisation or by.acts_for or "", self.collection)
        return Lowered(
            self.reason_code,
            self.record,
            key,
            self.consent or Consent.PUBLIC_EXACT,
            self.sensitivity or Sensitivity.OPEN,
        )


@router.post(
    "",
    status_code=201,
    operation_id="limitExposure",
    summary="Show less of a collection or a record",
    response_model=LimitShown,
    responses=problems(DECIDING),
)
def limit_exposure(request: Request, given: LimitGiven, by: Calling) -> Response:
    """Narrow its consent, raise its class, or both, at once and for good: nothing that is said later widens it.

    For stewards, for the organisation that sent it, and for admins, who alone lift a limit. What others had seen and
    see no longer leaves tombstones.
    """
    context = the_context(request)
    if given.record is not None:
        with context.store.read() as session:  # a record that is hidden from this caller does not exist for them
            Reader(session, by).record_by_id(known_form(given.record, "record"))
    limit_id = limiting.lower(context, given.lowered(by), by)
    with context.store.read() as session:
        made = limits.of(session, limit_id)
    if made is None:
        raise Problem(NOT_FOUND, f"There is no limit {limit_id}.")
    return created(json_text(_shown(limit_id, made)), f"/v1/limits/{limit_id}")


@lifting.post(
    "/{limit_id}/lift",
    status_code=200,
    operation_id="liftLimit",
    summary="Lift a limit",
    response_model=LimitShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED, STALE_STATE)),
)
def lift_limit(request: Request, limit_id: Identifier, by: Calling) -> Response:
    """Let it hold no more, because those who asked for it agree again. For admins."""
    lifted = limiting.lift(the_context(request), known_form(limit_id, "limit"), by)
    return reply(request, by, Answer(json_text(_shown(limit_id, lifted))))


def _shown(limit_id: str, limit: Limit) -> dict[str, Any]:
    return {
        "id": limit_id,
        "organisation": limit.organisation,
        "collection": limit.collection,
        "record": limit.record_id,
        "consent": limit.consent.value,
        "sensitivity": limit.sensitivity.value,
    }
