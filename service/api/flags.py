"""Flags: the open matters about communities, to read, to filter, to decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import AfterValidator, Field

from service import review
from service.api import examples
from service.api.answers_flag import FlagPage, FlagShown
from service.api.answers_review import BesideShown
from service.api.fields import SEEN, Ahead, Line, Word, impersonal, seen
from service.api.identifiers import Identifier, known_form
from service.api.listing import Rows, Shelf, answer_page, answers, visible
from service.api.queries import FlagQuery
from service.api.reading import Reader
from service.api.responses import DECIDING, FINDING, FORMATTED, problems, written_as
from service.api.rows import FLAG_COLUMNS, flag_row
from service.api.submission import Given
from service.callers.caller import Caller, Right
from service.disclosure.tags import askable, has_tags
from service.disclosure.unseen import unseen_by, worked_by
from service.errors import CLAIMED, INVALID, KEY_NEEDED, NOT_PERMITTED, Mistake, Problem
from service.http.answers import Answer, created, format_asked, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.review.beside import beside
from service.ruling import Rulings
from service.store import flags
from service.store.filters import FlagFilter
from service.store.values import FlagStatus
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/flags", tags=["flags"], route_class=Route)

#: Our own ETag, or the bare version.
_VERSION = re.compile(r'(?:W/)?"?(\d{1,9})(?:\.[0-9a-f]+)?"?')

_Version = Annotated[str, Field(max_length=200, json_schema_extra={"pattern": rf"^ *(\*|{_VERSION.pattern}) *$"})]
IfMatch = Annotated[_Version | None, Header(alias="If-Match", description="the ETag of the flag you looked at")]

EntryId = Annotated[str, Field(min_length=1, max_length=200, json_schema_extra=SEEN), AfterValidator(seen)]
EntryIds = Annotated[list[EntryId], Field(max_length=20)]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, and on which version of the flag."""

    caller: Caller
    version: int | None


def deciding(calling: Calling, if_match: IfMatch = None) -> Deciding:
    """Return who decides. Raises `invalid` for an If-Match that is none of our ETags."""
    if if_match is None or if_match.strip() == "*":
        return Deciding(calling, None)
    form = _VERSION.fullmatch(if_match.strip())
    if form is None:
        wrong = Mistake("?If-Match", "This is not the ETag of a flag.", "Send back the ETag you got with the flag.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return Deciding(calling, int(form[1]))


Identifying = Annotated[str, Field(min_length=1, max_length=100, json_schema_extra=SEEN), AfterValidator(seen)]
Told = Annotated[
    str, Field(min_length=1, max_length=2_000, json_schema_extra=SEEN), AfterValidator(seen), AfterValidator(impersonal)
]


class ReviewGiven(Given):
    """A decision about a flag, and why."""

    decision: FlagStatus | None = Field(
        default=None,
        description="what the flag becomes; publishing needs a confirmed flag and another key. Left out only with "
        "`supersedes`, where the flag stands again as it did before",
    )
    reason_code: Word = Field(description="why: a code that `/v1/reason-codes` has for this decision")
    note: Annotated[str, Field(max_length=4_000, json_schema_extra=SEEN), AfterValidator(seen)] | None = Field(
        default=None, description="in your own words; never published"
    )
    expected_version: int | None = Field(
        default=None, ge=1, le=2**31, description="the version you looked at; refused when it has changed since"
    )
    official_id: EntryId | None = Field(
        default=None, description="the entry of the list that the community is; goes with matched_existing"
    )
    not_official_ids: EntryIds = Field(default=[], description="entries that are other places")
    none_of_these: bool = Field(default=False, description="it is none of the candidates shown with the flag")
    reconsider_official_ids: EntryIds = Field(default=[], description="entries about which an answer is taken back")
    source: Line | None = Field(
        default=None, description="the list these entries are of; left out, the one the flag was raised against"
    )
    supersedes: Identifying | None = Field(default=None, description="the decision that is taken back: the latest one")
    until: Ahead | None = Field(default=None, description="with deferred: the day on which it is open again, UTC")
    message: Told | None = Field(default=None, description="to those who sent the records; name no person")
    question: Told | None = Field(default=None, description="with needs_field_check: what you have to know of them")
    blind: bool | None = Field(
        default=None,
        description="whether you judged without seeing verdict and scores (`blind=1`); what was handed to you is blind",
    )

    def taken(self, expected: int | None) -> review.Decision:
        """Return it as the verb takes it, on the version that was looked at."""
        return review.Decision(
            decision=self.decision,
            reason_code=self.reason_code,
            note=self.note,
            expected_version=expected,
            rulings=self.rulings(),
            supersedes=self.supersedes,
            until=self.until,
            message=self.message,
            question=self.question,
            blind=self.blind,
        )

    def rulings(self) -> Rulings:
        """Return what is said about entries of the list."""
        return Rulings(
            same=self.official_id,
            different=tuple(self.not_official_ids),
            unsure=tuple(self.reconsider_official_ids),
            none_of_these=self.none_of_these,
            source=self.source,
        )


@router.get(
    "",
    operation_id="listFlags",
    summary="Flags, filtered",
    response_model=FlagPage,
    responses=problems(FORMATTED) | written_as("application/geo+json", "text/csv"),
)
def list_flags(request: Request, query: Annotated[FlagQuery, Query()], calling: Calling, context: Opened) -> Response:
    """Return flags, oldest first. Without a key: those that are published, as exact as their communities agreed to.

    `?f=geojson` gives a layer of points for a map, `?f=csv` a table for a spreadsheet. Follow `next`, or the `Link`
    header, until there is none.
    """
    form = format_asked(request, query.f)
    with context.store.read() as session:
        reader = Reader(session, calling)
        page = visible(
            Shelf(
                read=lambda cursor, limit: flags.page(session, _filter(query, calling), cursor, limit),
                show=lambda flag: _asked_for(query, reader.flag(flag), inside=calling.may(Right.READ)),
                place=reader.place_of_flag,
            ),
            query.cursor,
            query.limit,
        )
    return reply(request, calling, answer_page(request, page, form, Rows(FLAG_COLUMNS, flag_row)))


@router.get(
    "/{flag_id}",
    operation_id="getFlag",
    summary="One flag",
    response_model=FlagShown,
    responses=problems(FINDING),
)
def get_flag(request: Request, flag_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return one flag. Its ETag begins with its version; send it back in `If-Match` when you decide."""
    with context.store.read() as session:
        shown = Reader(session, calling).flag_by_id(known_form(flag_id, "flag"))
    return reply(request, calling, Answer(json_text(shown), version=shown["version"]))


@router.post(
    "/{flag_id}/reviews",
    status_code=201,
    operation_id="reviewFlag",
    summary="Decide about a flag",
    response_model=FlagShown,
    responses=problems((*DECIDING, CLAIMED)),
    openapi_extra=examples.body(examples.REVIEWS),
)
def review_flag(
    request: Request, flag_id: Identifier, given: ReviewGiven, by: Annotated[Deciding, Depends(deciding)]
) -> Response:
    """Keep a decision and return the flag as it stands then. Decisions are only ever added, never edited.

    What is said about entries of the list is remembered: nobody is asked about the same pair again until either side
    says something else. The record is compared again at once, so the verdict in the answer already follows from it.
    """
    context = the_context(request)
    with context.store.read() as session:  # a flag that is hidden from this reviewer does not exist for them
        Reader(session, by.caller).flag_by_id(known_form(flag_id, "flag"))
    expected = given.expected_version if by.version is None else by.version
    review.decide(context, flag_id, given.taken(expected), by.caller)
    with context.store.read() as session:
        shown = Reader(session, by.caller).flag_by_id(flag_id)
    return created(json_text(shown), f"/v1/flags/{flag_id}")


@router.get(
    "/{flag_id}/beside",
    operation_id="listFlagsBeside",
    summary="Other open matters about the same place",
    response_model=BesideShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def list_flags_beside(request: Request, flag_id: Identifier, calling: Calling, context: Opened) -> Response:
    """Return what else is open about this place. Once one of them is settled, the others are compared anew."""
    with context.store.read() as session:
        Reader(session, calling).flag_by_id(known_form(flag_id, "flag"))
    linked = beside(context, flag_id)
    with context.store.read() as session:
        reader = Reader(session, calling)
        items = [shown for one in linked.flag_ids if (shown := reader.flag(flags.get(session, one))) is not None]
    return reply(request, calling, Answer(json_text({"items": items})))


def _filter(query: FlagQuery, calling: Caller) -> FlagFilter:
    inside = calling.may(Right.READ)
    return FlagFilter(
        country=query.country,
        verdicts=tuple(verdict.value for verdict in query.verdict),
        statuses=tuple(query.status),
        admin=query.admin if inside else None,  # of others only what is shown to them counts (`answers`)
        source=query.source,
        bbox=query.box if inside else None,
        q=query.q if inside else None,
        min_probability=query.min_probability,
        updated_since=query.updated_since,
        tags=askable(query.tags, calling) if inside else None,
        published_or_of=worked_by(calling),
        unseen=unseen_by(calling),
    )


def _asked_for(query: FlagQuery, shown: dict[str, Any] | None, *, inside: bool) -> dict[str, Any] | None:
    if shown is None or (query.status and shown["status"] not in query.status):
        return None  # what somebody judges blind is not found by what others decided
    community = shown["community"]
    return shown if (has_tags(query.tags, community["tags"]) if inside else answers(query, community)) else None
