"""Consultations over HTTP: responses of surveys and meetings of dialogues, in batches, each answered for itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import ValidationError

from service.api import examples_consultations as examples
from service.api.answers_consultations import StatementBatchShown, UngroupedShown
from service.api.collections import Name
from service.api.records import Sender
from service.api.responses import ALWAYS, WRITING, problems
from service.api.statements import MeetingGiven, ResponseGiven
from service.consultations.accepting import Post, Receipt, Sent, accept
from service.errors import INVALID, KEY_NEEDED, MALFORMED, NOT_PERMITTED, TOO_LARGE, Problem
from service.http.answers import MEDIA_TYPES, Answer, Format, reply
from service.http.bodies import Line, Route, is_lines
from service.http.callers import Calling, the_context
from service.http.contract import contract_of
from service.http.mistakes import Reader
from service.http.problems import invalid, problem_body
from service.store import statements
from service.submit import Outcome
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/collections", tags=["consultations"], route_class=Route)

Form = type[ResponseGiven] | type[MeetingGiven]

#: Words shown at once; the most frequent first.
_WORDS = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a batch: a statement, or the problem with it."""

    index: int
    line: int | None
    sent: Sent | None
    problem: Problem | None


async def responses_given(request: Request) -> list[Item]:
    """Return the responses of a body, each checked for itself."""
    return await _items(request, ResponseGiven)


async def meetings_given(request: Request) -> list[Item]:
    """Return the meetings of a body, each checked for itself."""
    return await _items(request, MeetingGiven)


@router.post(
    "/{collection_id}/responses",
    status_code=200,
    operation_id="submitResponses",
    summary="Send responses of a survey",
    response_model=StatementBatchShown,
    responses=problems(WRITING)
    | {
        200: {"model": StatementBatchShown, "description": "All were kept"},
        207: {"model": StatementBatchShown, "description": "Some were kept, the others are explained"},
    },
    openapi_extra=examples.body("ResponseGiven", examples.RESPONSES),
)
def submit_responses(
    request: Request, collection_id: Name, sender: Sender, given: Annotated[list[Item], Depends(responses_given)]
) -> Response:
    """Keep a JSON array or NDJSON of responses: country, area, age band, gender, and what each respondent named.

    Free text is grouped as it comes in and not kept. Under your own `id` a response sent again changes nothing, and one
    that says something else takes its place. Each item is answered in the order sent: `status` 201, 200 when it was
    known word for word, 422 with the problem.
    """
    return _kept(request, given, Post(collection_id, _good(given), sender.caller, sender.key))


@router.post(
    "/{collection_id}/meetings",
    status_code=200,
    operation_id="submitMeetings",
    summary="Send meetings of a dialogue",
    response_model=StatementBatchShown,
    responses=problems(WRITING)
    | {
        200: {"model": StatementBatchShown, "description": "All were kept"},
        207: {"model": StatementBatchShown, "description": "Some were kept, the others are explained"},
    },
    openapi_extra=examples.body("MeetingGiven", examples.MEETINGS),
)
def submit_meetings(
    request: Request, collection_id: Name, sender: Sender, given: Annotated[list[Item], Depends(meetings_given)]
) -> Response:
    """Keep a JSON array or NDJSON of meetings: where and when, participants in numbers, and what they named together.

    Sent again under your own `id` a meeting changes nothing, or takes the place of what was said before.
    """
    return _kept(request, given, Post(collection_id, _good(given), sender.caller, sender.key))


@router.get(
    "/{collection_id}/ungrouped",
    operation_id="listUngrouped",
    summary="Words that nobody could group",
    response_model=UngroupedShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED, INVALID)),
)
def list_ungrouped(
    request: Request,
    collection_id: Name,
    by: Calling,
    limit: Annotated[int, Query(ge=1, le=_WORDS, description="words at most, the most frequent first")] = 100,
) -> Response:
    """Return short answers of your organisation that no list of groups, drivers, goals or priorities knows.

    They are suggestions for a file of groups of your own. Nobody else is shown them, and they stand apart from who
    gave them.
    """
    with the_context(request).store.read() as session:
        found = statements.words(session, by.organisation or "", collection_id, limit)
    return reply(request, by, Answer(json_text({"items": found})))


async def _items(request: Request, form: Form) -> list[Item]:
    body = await request.json()
    given: list[Line] = body if is_lines(body) else [Line(0, value) for value in _array(body)]
    most = the_context(request).settings.max_batch
    if len(given) > most:
        raise Problem(TOO_LARGE, f"The batch holds {len(given):,} items; {most:,} are read at once here.")
    reader = Reader(contract_of(request.app).fields)
    return [_item(index, line, reader, form) for index, line in enumerate(given)]


def _array(body: Any) -> list[Any]:
    if isinstance(body, list) and body:
        return body
    detail = "A batch is a JSON array with at least one item, or NDJSON with one item per line."
    raise Problem(INVALID, detail)


def _item(index: int, line: Line, reader: Reader, form: Form) -> Item:
    number = line.number or None
    if line.problem is not None:
        return Item(index, number, None, Problem(MALFORMED, line.problem))
    try:
        return Item(index, number, form.model_validate(line.value).sent(), None)
    except ValidationError as error:
        return Item(index, number, None, invalid(reader.mistakes(error.errors(), (index,))))


def _good(given: Iterable[Item]) -> list[Sent]:
    return [item.sent for item in given if item.sent is not None]


def _kept(request: Request, given: list[Item], post: Post) -> Response:
    receipts = iter(accept(the_context(request), post)) if post.sent else iter(())
    told = [_told(request, item, receipts) for item in given]
    refused = len(given) - len(post.sent)
    body = {"accepted": len(post.sent), "refused": refused, "items": told}
    return Response(
        json_text(body), 207 if refused else 200, {"Cache-Control": "no-store"}, media_type=MEDIA_TYPES[Format.JSON]
    )


def _told(request: Request, item: Item, receipts: Iterable[Receipt]) -> dict[str, Any]:
    if item.problem is not None:
        problem = problem_body(item.problem, request)
        return {"index": item.index, "line": item.line, "status": 422, "statement": None, "problem": problem}
    receipt = next(iter(receipts))
    status = 200 if receipt.outcome is Outcome.UNCHANGED else 201
    return {"index": item.index, "line": item.line, "status": status, "statement": receipt.plain(), "problem": None}
