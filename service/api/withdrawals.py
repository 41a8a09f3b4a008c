"""Withdrawals: what was said about a community is taken back, with everything that was made of it."""

from __future__ import annotations

from typing import Annotated, Any, Self

from fastapi import APIRouter, Request, Response
from pydantic import Field, model_validator

from service.api.answers_rights import AdmittedShown, WithdrawnPage, WithdrawnShown
from service.api.fields import Line, Word, mistake
from service.api.identifiers import Identifier, known_form
from service.api.reading import Reader
from service.api.responses import DECIDING, FINDING, WRITING, problems
from service.api.submission import Given
from service.errors import KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, Problem
from service.http.answers import MEDIA_TYPES, Format
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.rights import withdrawal
from service.rights.withdrawal import Outcome, Reason
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/records", tags=["rights"], route_class=Route)
admitting = APIRouter(prefix="/v1/records", tags=["rights"], route_class=Bodiless)
several = APIRouter(prefix="/v1/withdrawals", tags=["rights"], route_class=Route)

Ids = Annotated[list[Line], Field(min_length=1, max_length=1_000)]


class WithdrawalGiven(Given):
    """Why a record is withdrawn, and whether its content goes too."""

    reason_code: Word = Field(description="why, in a word of your own code list, such as consent_withdrawn")
    erase: bool = Field(
        default=False, description="erase what it said: names, places, counts, findings. This cannot be undone"
    )

    def reason(self) -> Reason:
        """Return it as the verb takes it."""
        return Reason(self.reason_code, self.erase)


class WithdrawalsGiven(WithdrawalGiven):
    """Which records are withdrawn: a collection, records, or records by your own identifiers."""

    collection: Line | None = Field(default=None, description="every record of this collection of yours")
    organisation: Line | None = Field(default=None, description="whose collection; left out, yours. For admins")
    ids: Ids | None = Field(default=None, description="records by the ids the service gave out")
    own_ids: Ids | None = Field(default=None, description="records by your own ids")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(part is not None for part in (self.collection, self.ids, self.own_ids)) != 1:
            message = "This has to name either a collection, or ids, or own_ids."
            raise mistake(message, "Send one of the three.")
        return self


@router.post(
    "/{record_id}/withdrawal",
    status_code=200,
    operation_id="withdrawRecord",
    summary="Withdraw one record",
    response_model=WithdrawnShown,
    responses=problems(DECIDING),
)
def withdraw_record(request: Request, record_id: Identifier, given: WithdrawalGiven, by: Calling) -> Response:
    """Take a record back: from then on nobody outside reads it, alone or in a number, and its flag closes.

    For the organisation that sent it, and admins. It is not taken in again by being sent or pulled once more, until it
    is admitted (`/v1/records/{record_id}/withdrawal/lift`). Again, with `erase`, it also erases what was withdrawn.
    """
    context = the_context(request)
    with context.store.read() as session:  # a record that is hidden from this caller does not exist for them
        Reader(session, by).record_by_id(known_form(record_id, "record"))
    (outcome,) = withdrawal.withdraw(context, [record_id], given.reason(), by).outcomes.values()
    if outcome is Outcome.NOT_FOUND:  # seen, but not theirs
        detail = "A record is withdrawn by the organisation that sent it, by its steward, or by an admin."
        raise Problem(NOT_PERMITTED, detail)
    return _told({"id": record_id, "outcome": outcome.value})


@admitting.post(
    "/{record_id}/withdrawal/lift",
    status_code=200,
    operation_id="admitRecord",
    summary="Let a withdrawn record come back when it is sent again",
    response_model=AdmittedShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def admit_record(request: Request, record_id: Identifier, by: Calling) -> Response:
    """Let its organisation send it again. Nothing is shown before that; what was erased stays erased."""
    withdrawal.admit(the_context(request), known_form(record_id, "record"), by)
    return _told({"id": record_id, "outcome": "admitted"})


@several.post(
    "",
    status_code=200,
    operation_id="withdrawRecords",
    summary="Withdraw a collection, or several records",
    response_model=WithdrawnPage,
    responses=problems((*WRITING, NOT_FOUND)),
)
def withdraw_records(request: Request, given: WithdrawalsGiven, by: Calling) -> Response:
    """Take records back as `/v1/records/{record_id}/withdrawal` does, five hundred at once or none of these.

    What is not there, or not yours, is `not_found` and keeps nothing else from being withdrawn.
    """
    context, reason = the_context(request), given.reason()
    if given.collection is not None:
        key = (given.organisation or by.acts_for or "", given.collection)
        done = withdrawal.withdraw_collection(context, key, reason, by)
        return _told({"withdrawn": done.withdrawn, "items": []})
    if given.ids is not None:
        outcomes = withdrawal.withdraw(context, given.ids, reason, by).outcomes
    else:
        outcomes = withdrawal.withdraw_own(context, given.own_ids or [], reason, by)
    gone = sum(one in {Outcome.WITHDRAWN, Outcome.ERASED} for one in outcomes.values())
    return _told({"withdrawn": gone, "items": [{"id": one, "outcome": said.value} for one, said in outcomes.items()]})


def _told(body: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(json_text(body), headers=headers, media_type=MEDIA_TYPES[Format.JSON])
