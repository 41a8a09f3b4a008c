"""Records: to send one and be told whether it is on the list, and to read back what was sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import Field, ValidationError
from starlette.concurrency import run_in_threadpool

from service import submit
from service.accounts.account import Account
from service.api import examples
from service.api.answers import RecordPage, RecordShown, SubmittedShown
from service.api.fields import Word
from service.api.identifiers import Identifier, known_form
from service.api.listing import Rows, Shelf, Shown, answer_page, answers, visible
from service.api.outcomes import telling_of
from service.api.queries import RecordQuery
from service.api.reading import Reader
from service.api.responses import DECIDING, FINDING, FORMATTED, SENDING, problems, written_as
from service.api.rows import RECORD_COLUMNS, record_row
from service.api.submission import Given, RecordGiven
from service.aside import quarantine
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure import redact_record
from service.disclosure.openness import open_now
from service.disclosure.outcomes import redact_outcome
from service.disclosure.tags import askable, has_tags
from service.disclosure.unseen import unseen_by, worked_by
from service.errors import KEY_UNKNOWN, Problem
from service.http.answers import Answer, created, format_asked, reply
from service.http.bodies import InLine, ReadRequest, Route
from service.http.callers import Calling, Opened, forget, remembered, the_context
from service.posting import alone
from service.posting.alone import Kept
from service.posting.line import Line
from service.store import flags, outcomes, records
from service.store.filters import FlagFilter, RecordFilter, Worked
from service.store.values import Flag, Record
from service.submit import Post
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/records", tags=["records"], route_class=Route)

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]+$",
        max_length=200,
        description="any text of yours; a retry under it is kept only once",
    ),
]


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sends, and under which idempotency key."""

    caller: Caller
    key: str | None


async def sending(calling: Calling, idempotency_key: IdempotencyKey = None) -> Sending:
    """Return who sends."""
    return Sending(calling, idempotency_key)


Sender = Annotated[Sending, Depends(sending)]


class OneRecord(InLine):
    """The route of a record by itself, which waits in the line with the others (`service.posting.line`)."""

    async def direct(self, request: ReadRequest) -> Response | None:
        """Answer a record that reads well, sent without an idempotency key."""
        if "idempotency-key" in request.headers:
            return None
        calling = await remembered(request)
        try:
            given = RecordGiven.model_validate(request.parsed)
            return await submit_record(request, given, Sending(calling, None))
        except ValidationError:
            return None
        except Problem as problem:
            if problem.kind is KEY_UNKNOWN:  # it was revoked
                forget(request)
            raise


sending_one = APIRouter(prefix="/v1/records", tags=["records"], route_class=OneRecord)


@sending_one.post(
    "",
    status_code=201,
    operation_id="submitRecord",
    summary="Send one record",
    response_model=SubmittedShown,
    responses=problems(SENDING) | {200: {"model": SubmittedShown, "description": "It was sent before, word for word"}},
    openapi_extra=examples.body(examples.RECORDS),
)
async def submit_record(request: Request, given: RecordGiven, sender: Sender) -> Response:
    """Keep a record, compare it with the official lists, and say with reasons whether they name the community.

    The record is on the disk before it is compared; should the comparison fail, the answer says `pending` and nothing
    is lost. Sent again under the same `id`, it is a correction; under the same `Idempotency-Key`, the same record.
    """
    line: Line[Post, Kept] = request.app.state.line
    kept = await line.send(submit.posted([given.account()], sender.caller, sender.key))
    body = await _shown(the_context(request), kept, sender.caller)
    return created(body, f"/v1/records/{kept.record.id}", anew=kept.outcome is not submit.Outcome.UNCHANGED)


@router.get(
    "",
    operation_id="listRecords",
    summary="Records, filtered",
    response_model=RecordPage,
    responses=problems(FORMATTED) | written_as("application/geo+json", "text/csv"),
)
def list_records(
    request: Request, query: Annotated[RecordQuery, Query()], calling: Calling, context: Opened
) -> Response:
    """Return records, oldest first: to a contributor its organisation's, to a reviewer all, else what is public."""
    form = format_asked(request, query.f)
    with context.store.read() as session:
        reader = Reader(session, calling)
        page = _published(query, reader) if worked_by(calling) == Worked() else _worked_with(query, reader)
    return reply(request, calling, answer_page(request, page, form, Rows(RECORD_COLUMNS, record_row)))


@router.get(
    "/{record_id}",
    operation_id="getRecord",
    summary="One record",
    response_model=RecordShown,
    responses=problems(FINDING),
)
def get_record(request: Request, record_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return one record with the verdict on it. One you may not see answers like one that does not exist."""
    with context.store.read() as session:
        shown = Reader(session, calling).record_by_id(known_form(record_id, "record"))
        if calling.organisation is not None and shown["organisation"] == calling.organisation and shown["flag_id"]:
            told = outcomes.latest(session, calling.organisation, shown["flag_id"])
            shown["decided"] = redact_outcome(told, telling_of(context.settings)) if told else None
    return reply(request, calling, Answer(json_text(shown), version=shown["revision"]))


class ReleaseGiven(Given):
    """Why a record may leave quarantine."""

    reason_code: Word = Field(description="why, in a word of your own code list, such as checked_with_sender")


@router.post(
    "/{record_id}/release",
    status_code=200,
    operation_id="releaseRecord",
    summary="Let a record out of quarantine",
    response_model=RecordShown,
    responses=problems(DECIDING),
    openapi_extra=examples.body(examples.RELEASES),
)
def release_record(
    request: Request,
    record_id: Identifier,
    given: ReleaseGiven,
    by: Calling,
) -> Response:
    """Let a record out that was set aside, compare it, and return it with the verdict. For reviewers.

    What is waiting for this is listed by `GET /v1/records?state=quarantined`.
    """
    context = the_context(request)
    with context.store.read() as session:  # a record that is hidden from this reviewer does not exist for them
        Reader(session, by).record_by_id(known_form(record_id, "record"))
    quarantine.release(context, record_id, given.reason_code, by)
    with context.store.read() as session:
        shown = Reader(session, by).record_by_id(record_id)
    return reply(request, by, Answer(json_text(shown), version=shown["revision"]))


def keep(context: Context, accounts: Sequence[Account], sender: Sending) -> list[dict[str, Any]]:
    """Keep accounts, compare them, and return each as its sender may see it, with what became of it."""
    kept = alone.keep(context, submit.posted(accounts, sender.caller, sender.key))
    with context.store.read() as session:
        reader = Reader(session, sender.caller, {official.snapshot: official for official in context.lists.held()})
        return [{**_own(reader, one.record), "outcome": one.outcome.value} for one in kept]


async def _shown(context: Context, kept: Kept, calling: Caller) -> bytes:
    """Return one record that was kept, as its sender may see it; the catalogue is asked only for lists of before."""
    lists = {official.snapshot: official for official in context.lists.held()}
    named = {sha256 for one in kept.record.findings for sha256 in (one.snapshot, one.holds_at) if sha256}
    if named <= lists.keys():
        return _answer(redact_record(kept.record, calling, lists, published=False), kept)
    return await run_in_threadpool(_looked_up, context, kept, calling)


def _looked_up(context: Context, kept: Kept, calling: Caller) -> bytes:
    with context.store.read() as session:
        return _answer(Reader(session, calling).record(kept.record), kept)


def _answer(shown: dict[str, Any] | None, kept: Kept) -> bytes:
    assert shown is not None  # noqa: S101 - an organisation always sees its own record
    return json_text({**shown, "outcome": kept.outcome.value})


def _own(reader: Reader, record: Record) -> dict[str, Any]:
    shown = reader.record(record)
    assert shown is not None  # noqa: S101 - an organisation always sees its own record
    return shown


def _worked_with(query: RecordQuery, reader: Reader) -> Shown:
    inside = reader.calling.may(Right.READ)
    own = worked_by(reader.calling) == Worked(reader.calling.organisation)
    wanted = RecordFilter(
        worked=worked_by(reader.calling),
        country=query.country,
        state=query.state,
        verdict=query.verdict.value if query.verdict else None,
        collection=query.collection,
        own_id=query.id,
        admin=query.admin,
        bbox=query.box,
        q=query.q,
        updated_since=query.updated_since,
        tags=askable(query.tags, reader.calling) if inside or own else None,
        unseen=unseen_by(reader.calling),
    )

    def show(record: Record) -> dict[str, Any] | None:
        shown = reader.record(record)
        return shown if shown is not None and has_tags(query.tags, shown["tags"]) else None

    shelf = Shelf(
        read=lambda cursor, limit: records.page(reader.session, wanted, cursor, limit),
        show=show,
        place=reader.place_of_record,
    )
    return visible(shelf, query.cursor, query.limit)


def _published(query: RecordQuery, reader: Reader) -> Shown:
    """Return what the public may read: records behind published flags, filtered by what is shown of them."""
    wanted = FlagFilter(
        country=query.country,
        verdicts=(query.verdict.value,) if query.verdict else (),
        published_only=True,
        unseen=unseen_by(reader.calling),
    )

    def show(flag: Flag) -> dict[str, Any] | None:
        shown = reader.record(flag.record, published=open_now(flag))
        return shown if shown is not None and _answers(query, shown) else None

    shelf = Shelf(
        read=lambda cursor, limit: flags.page(reader.session, wanted, cursor, limit),
        show=show,
        place=lambda record_id: reader.place_of_record(record_id, among_flags=True),
    )
    return visible(shelf, query.cursor, query.limit)


def _answers(query: RecordQuery, shown: dict[str, Any]) -> bool:
    exact = (("state", query.state), ("collection", query.collection), ("own_id", query.id))
    same = all(wanted is None or shown[name] == wanted for name, wanted in exact)
    recent = query.updated_since is None or shown["updated_at"] >= query.updated_since
    return same and recent and answers(query, shown)
