"""Collections: what organisations declare about how their records were made, and what that makes these worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Body, Path, Query, Request, Response
from pydantic import AfterValidator
from starlette.background import BackgroundTask

from service import collections
from service.api.answers_quality import CollectionPage, CollectionShown, DeclaredShown
from service.api.fields import SEEN, Line, seen
from service.api.passports import body
from service.api.responses import ALWAYS, FINDING, WRITING, problems
from service.callers.caller import Caller, Right
from service.context import Context
from service.disclosure import Audience, own_collection, redact_collection, seen_inside, seen_outside
from service.errors import INVALID, NOT_FOUND, Mistake, Problem
from service.http.answers import Answer, created, reply
from service.http.bodies import Route
from service.http.callers import Calling, Opened, the_context
from service.store.passports import Key
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/collections", tags=["collections"], route_class=Route)

Name = Annotated[
    str,
    Path(
        min_length=1,
        max_length=200,
        description="as its records name it; `default` for those that name none",
        json_schema_extra=SEEN,
    ),
    AfterValidator(seen),
]
Whose = Annotated[
    Line | None, Query(description="the organisation whose collection it is; left out, your own before others")
]


@router.put(
    "/{collection_id}/passport",
    operation_id="declareCollection",
    summary="Declare how a collection was made",
    response_model=DeclaredShown,
    responses=problems(WRITING) | {201: {"model": DeclaredShown, "description": "A further version was kept"}},
    openapi_extra=body(),
)
def declare_collection(
    request: Request, collection_id: Name, given: Annotated[dict[str, Any], Body()], by: Calling
) -> Response:
    """Keep the quality passport of one of your organisation's collections, and verify its records again.

    A passport that says something new becomes its next version; the same content changes nothing. What is left out is
    not refused: the answer says what it costs, and what to declare first.
    """
    context = the_context(request)
    declared = collections.declare(context, collection_id, given, by)
    key = (by.organisation or "", collection_id)
    shown = redact_collection(collections.described(context, key), Audience.INSIDE) or {}
    where = f"/v1/collections/{quote(collection_id, safe='')}"
    answer = created(json_text({**shown, "waiting": declared.waiting}), where, anew=declared.anew)
    if declared.waiting:
        answer.background = BackgroundTask(collections.verify_again, context, key)
    return answer


@router.get(
    "",
    operation_id="listCollections",
    summary="Collections and their quality",
    response_model=CollectionPage,
    responses=problems(ALWAYS),
)
def list_collections(request: Request, calling: Calling, context: Opened) -> Response:
    """Return collections with their grades: your organisation's, to reviewers all, else those with published flags."""
    return reply(request, calling, Answer(json_text({"items": list(_visible(context, calling))})))


@router.get(
    "/{collection_id}",
    operation_id="getCollection",
    summary="One collection and its quality",
    response_model=CollectionShown,
    responses=problems((*FINDING, INVALID)),
)
def get_collection(request: Request, collection_id: Name, calling: Calling, organisation: Whose = None) -> Response:
    """Return one collection: its passport, its grade with the reason of each score, and what would raise it.

    Collections of several organisations may bear one name; name the `organisation` then. One you may not see answers
    like one that does not exist.
    """
    context = the_context(request)
    found = [one for one in _visible(context, calling, collection_id) if organisation in {None, one["organisation"]}]
    own = [one for one in found if one["organisation"] == calling.organisation] or found
    if not own:
        detail = f"There is no collection {collection_id}."
        raise Problem(NOT_FOUND, detail)
    if len(own) > 1:
        wrong = Mistake("?organisation", "Several organisations have a collection of this name.", "Name one of them.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return reply(request, calling, Answer(json_text(own[0])))


def _visible(context: Context, calling: Caller, name: str | None = None) -> Iterator[dict[str, Any]]:
    published = collections.published(context, lambda record: seen_outside(record, calling))
    everybody = calling.may(Right.READ)
    for key in collections.named(context, None if everybody else calling.organisation, published):
        audience = _audience(context, key, calling, published) if name in {None, key[1]} else Audience.NOBODY
        if audience is not Audience.NOBODY:
            shown = redact_collection(collections.described(context, key), audience)
            if shown is not None:
                yield shown


def _audience(context: Context, key: Key, calling: Caller, published: frozenset[Key]) -> Audience:
    if own_collection(key[0], calling):
        return Audience.INSIDE
    if calling.may(Right.READ) and collections.any_record(context, key, lambda one: seen_inside(one, calling)):
        return Audience.INSIDE
    return Audience.OUTSIDE if key in published else Audience.NOBODY
