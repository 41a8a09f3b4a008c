"""One decision about many flags: previewed first, then done about exactly those that were shown."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, Self

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field, model_validator

from service.api import examples
from service.api.answers_deciding import TogetherShown
from service.api.fields import SEEN, Ahead, Word, mistake, seen
from service.api.responses import DECIDING, problems
from service.api.submission import Given
from service.api.wanted_flags import FlagsAsked, wanted_flags
from service.callers.caller import Caller
from service.context import Context
from service.deciding.asking import Asked, Outcome, What, counted
from service.deciding.carrying_out import carry_out
from service.deciding.checking import Deciding
from service.deciding.foreseeing import foresee
from service.deciding.telling import refusal_told
from service.deciding.tokens import token_of
from service.errors import STALE_STATE, TOO_LARGE, Problem
from service.http.answers import MEDIA_TYPES, Format
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.store.values import FlagStatus
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/reviews", tags=["flags"], route_class=Route)

#: Flags decided about at once: as many as somebody can look through.
MOST_TOGETHER = 1_000

FlagId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,100}$", description="of a flag")]


class FilterGiven(FlagsAsked, Given):
    """Which flags, by what they are; at least one thing."""


class FlagGiven(Given):
    """One flag, at the version that somebody looked at."""

    flag_id: FlagId
    version: int = Field(ge=1, le=2**31, description="that was looked at; refused when it has changed since")


class TogetherGiven(Given):
    """A decision about many flags, and why."""

    filter: FilterGiven | None = Field(default=None, description="the flags that fit; or name them under `flags`")
    flags: Annotated[list[FlagGiven], Field(min_length=1, max_length=MOST_TOGETHER)] | None = Field(
        default=None, description="these flags; or say under `filter` which"
    )
    decision: FlagStatus = Field(description="what each becomes; publishing needs confirmed flags and another key")
    reason_code: Word = Field(description="why, in a code of the list")
    note: Annotated[str, Field(max_length=4_000, json_schema_extra=SEEN), AfterValidator(seen)] | None = Field(
        default=None, description="in your own words, kept with each; never published"
    )
    until: Ahead | None = Field(default=None, description="with deferred: the day on which they are open again, UTC")
    preview: bool = Field(default=True, description="true: say what would become of each, and keep nothing")
    token: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(
        default=None, description="that the preview gave; needed to have it done"
    )

    @model_validator(mode="after")
    def _said(self) -> Self:
        if (self.filter is None) is (self.flags is None):
            message = "This has to say which flags, by `filter` or by `flags`."
            raise mistake(message, "Send one of the two.")
        if not self.preview and self.token is None:
            message = "Nothing is done that was not previewed."
            raise mistake(message, "Send it with preview=true first, and then with the token of that answer.", "token")
        return self


@router.post(
    "/bulk",
    operation_id="decideTogether",
    summary="Decide about many flags",
    response_model=TogetherShown,
    responses=problems(DECIDING)
    | {
        200: {"model": TogetherShown, "description": "A preview, or all went through"},
        207: {"model": TogetherShown, "description": "Some went through, the others are explained"},
    },
    openapi_extra=examples.body(examples.TOGETHER),
)
def decide_together(request: Request, given: TogetherGiven, by: Calling) -> Response:
    """Say what would become of each flag, or with `preview: false` and the preview's token decide so about each.

    The token stands for the flags, their versions, the decision, its reason and its note. Where a filter finds other
    flags by then, nothing is changed: send the `flags` of the preview (`flag_id` and, as `version`, `decided_on`), or
    preview again. Each decision is taken for itself; the others go through whatever is refused.
    """
    context = the_context(request)
    asked = _asked(context, given, by)
    token = token_of(asked, by)
    if not given.preview and given.token != token:
        detail = (
            "This is not what the preview showed: the flags, their versions, the decision, its reason or its note are "
            "others. Nothing was changed."
        )
        raise Problem(STALE_STATE, detail)
    became = list((foresee if given.preview else carry_out)(context, asked, Deciding.here(context, by)))
    counts = {what.value: number for what, number in counted(became).items()}
    items = [_item(index, one) for index, one in enumerate(became)]
    body = json_text({"preview": given.preview, "token": token, **counts, "items": items})
    status = 207 if counts[What.REFUSED.value] and not given.preview else 200
    return Response(body, status, {"Cache-Control": "no-store"}, media_type=MEDIA_TYPES[Format.JSON])


def _asked(context: Context, given: TogetherGiven, by: Caller) -> Sequence[Asked]:
    if given.flags is not None:
        named = [(one.flag_id, one.version) for one in given.flags]
    else:
        found = wanted_flags(context, given.filter or FilterGiven(), by)
        named = [(one.flag["id"], one.flag["version"]) for one in islice(found, MOST_TOGETHER + 1)]
    if len(named) > MOST_TOGETHER:
        detail = f"More than {MOST_TOGETHER:,} flags fit, the most that are decided about at once. Narrow the filter."
        raise Problem(TOO_LARGE, detail)
    return [
        Asked(f"item {index}", flag_id, version, given.decision, given.reason_code, given.note, until=given.until)
        for index, (flag_id, version) in enumerate(named)
    ]


def _item(index: int, one: Outcome) -> dict[str, Any]:
    return {
        "index": index,
        "flag_id": one.asked.flag_id,
        "decided_on": one.asked.version,
        "name": one.name,
        "outcome": one.what.value,
        "status_before": one.before.value if one.before else None,
        "version": one.version,
        "problem": refusal_told(one.problem),
    }
