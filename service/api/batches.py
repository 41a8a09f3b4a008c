"""Batches: many records in one call, each answered for itself, in the order sent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from service.accounts.account import Account
from service.api import examples
from service.api.answers import BatchShown
from service.api.records import Sender, keep
from service.api.responses import SENDING, problems
from service.api.submission import RecordGiven
from service.context import Context
from service.errors import INVALID, MALFORMED, TOO_LARGE, WITHDRAWN, Problem
from service.http.answers import MEDIA_TYPES, Format
from service.http.bodies import Line, Route, is_lines
from service.http.callers import the_context
from service.http.contract import contract_of
from service.http.mistakes import Reader
from service.http.problems import invalid, problem_body
from service.store import withdrawals
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/records", tags=["records"], route_class=Route)

_WITHDRAWN = "This record was withdrawn, and is not taken in again by being sent once more."


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a batch: an account, or the problem with it."""

    index: int
    line: int | None
    account: Account | None
    problem: Problem | None


async def items(request: Request) -> list[Item]:
    """Return the items of a body, each checked for itself. Raises a problem only when the whole cannot be read."""
    body = await request.json()
    given: list[Line] = body if is_lines(body) else [Line(0, value) for value in _array(body)]
    most = the_context(request).settings.max_batch
    if len(given) > most:
        raise Problem(TOO_LARGE, f"The batch holds {len(given):,} records; {most:,} are read at once here.")
    reader = Reader(contract_of(request.app).fields)
    return [_item(index, line, reader) for index, line in enumerate(given)]


@router.post(
    "/batch",
    status_code=200,
    operation_id="submitRecords",
    summary="Send many records",
    response_model=BatchShown,
    responses=problems(SENDING)
    | {
        200: {"model": BatchShown, "description": "All were kept"},
        207: {"model": BatchShown, "description": "Some were kept, the others are explained"},
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"type": "array", "items": {"$ref": "#/components/schemas/RecordGiven"}, "minItems": 1},
                    "examples": examples.BATCHES,
                },
                "application/x-ndjson": {
                    "schema": {"type": "string", "description": "one record per line"},
                    "examples": {"two": {"summary": "Two lines", "value": examples.LINES}},
                },
            },
        }
    },
)
def submit_records(request: Request, sender: Sender, given: Annotated[list[Item], Depends(items)]) -> Response:
    """Keep a JSON array or NDJSON of records. Good ones are kept whatever is wrong with others.

    Every item is answered in the order sent: `status` 201 with the record, 200 when it was known word for word, 422
    with the problem, whose pointers begin with the item's position, 409 when it was withdrawn. The whole answers 207
    when any item was refused.
    """
    context = the_context(request)
    given = _admitted(context, given, sender.caller.organisation or "")
    good = [item.account for item in given if item.account is not None]
    kept = iter(keep(context, good, sender)) if good else iter(())
    told = [_told(request, item, kept) for item in given]
    refused = len(given) - len(good)
    body = {"accepted": len(good), "refused": refused, "items": told}
    headers = {"Cache-Control": "no-store"}
    return Response(json_text(body), 207 if refused else 200, headers, media_type=MEDIA_TYPES[Format.JSON])


def _admitted(context: Context, given: list[Item], organisation: str) -> list[Item]:
    """Return the items, with a problem those that were withdrawn and are not to come back."""
    named = {item.account.own_id for item in given if item.account is not None and item.account.own_id is not None}
    with context.store.read() as session:
        gone = withdrawals.refused(session, organisation, named) if named else frozenset()
    return [
        Item(item.index, item.line, None, Problem(WITHDRAWN, _WITHDRAWN))
        if item.account is not None and item.account.own_id in gone
        else item
        for item in given
    ]


def _array(body: Any) -> list[Any]:
    if isinstance(body, list) and body:
        return body
    detail = "A batch is a JSON array with at least one record, or NDJSON with one record per line."
    raise Problem(INVALID, detail)


def _item(index: int, line: Line, reader: Reader) -> Item:
    number = line.number or None
    if line.problem is not None:
        return Item(index, number, None, Problem(MALFORMED, line.problem))
    try:
        return Item(index, number, RecordGiven.model_validate(line.value).account(), None)
    except ValidationError as error:
        return Item(index, number, None, invalid(reader.mistakes(error.errors(), (index,))))


def _told(request: Request, item: Item, kept: Iterable[dict[str, Any]]) -> dict[str, Any]:
    if item.problem is not None:
        problem = problem_body(item.problem, request)
        return {
            "index": item.index,
            "line": item.line,
            "status": 409 if item.problem.kind is WITHDRAWN else 422,
            "record": None,
            "problem": problem,
        }
    record = next(iter(kept))
    status = 200 if record["outcome"] == "unchanged" else 201
    return {"index": item.index, "line": item.line, "status": status, "record": record, "problem": None}
