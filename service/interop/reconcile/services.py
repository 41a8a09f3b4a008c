"""The databases that columns can be reconciled with, and what the routes of both versions share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from service.callers.caller import ANONYMOUS
from service.errors import NOT_FOUND, Problem
from service.http.answers import MEDIA_TYPES, Answer, Format, reply
from service.http.callers import Calling, Opened
from service.http.pathkeys import room_address
from service.interop.reconcile.groups import Groups
from service.interop.reconcile.places import OfficialPlaces
from service.interop.reconcile.preview import POLICY, preview_page
from service.interop.reconcile.told import named, suggested
from service.interop.reconcile.values import Asking, Entity, Named, Service
from service.writing.formats import json_text

ROOM = "/reconcile"


class Which(StrEnum):
    """A database, as addresses name it."""

    PLACES = "official-places"
    GROUPS = "groups"


class What(StrEnum):
    """What somebody is typing."""

    ENTITY = "entity"
    PROPERTY = "property"
    TYPE = "type"


SERVICES: dict[Which, Service] = {Which.PLACES: OfficialPlaces(), Which.GROUPS: Groups()}

Kind = Annotated[What, Path(alias="what", description="what is being typed", examples=["entity"])]
Id = Annotated[str, Query(alias="id", max_length=400, description="identifier of an entity, type or property")]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for one database: who asks, and how they came here."""

    request: Request
    service: Service
    by: Asking


def asked(
    request: Request,
    database: Annotated[Which, Path(description="what to reconcile with", examples=["official-places"])],
    calling: Calling,
    context: Opened,
) -> Asked:
    """Return who asks which database."""
    return Asked(request, SERVICES[database], Asking(context, calling))


Question = Annotated[Asked, Depends(asked)]


class Typed(BaseModel):
    """What somebody typed so far. Clients send further parameters, which are passed over."""

    prefix: str = Field(max_length=400, description="what somebody typed so far")
    cursor: int = Field(default=0, ge=0, le=1_000, description="how many to pass over")
    limit: int = Field(default=10, ge=1, le=100, description="how many at most")


class Proposing(BaseModel):
    """For which entities properties are wanted."""

    type: str | None = Field(default=None, max_length=100, description="their type; properties are the same for all")
    limit: int = Field(default=100, ge=1, le=100, description="how many at most")


def rooms(request: Request) -> tuple[str, str]:
    """Return the address of all reconciliation as everybody may know it, and as this caller asks it."""
    return f"{str(request.base_url).rstrip('/')}{ROOM}", room_address(request, ROOM)


def told(body: Any) -> Response:
    """Return an answer that depends on who asks and is worth keeping to nobody."""
    return Response(json_text(body), headers={"Cache-Control": "no-store"}, media_type=MEDIA_TYPES[Format.JSON])


def known(entity: Entity | None, entity_id: str) -> Entity:
    """Return an entity that was found. Raises `Problem` (not found) where none was."""
    if entity is None:
        detail = f"There is no entity {entity_id[:100]!r}."
        raise Problem(NOT_FOUND, detail)
    return entity


def page(question: Asked, entity_id: str) -> Response:
    """Return the preview of an entity, which any page may frame. Raises `Problem` (not found)."""
    entity = known(question.service.entity(question.by, entity_id), entity_id)
    answer = Answer(preview_page(entity), MEDIA_TYPES[Format.HTML], {"Content-Security-Policy": POLICY})
    return reply(question.request, question.by.caller, answer)


def suggestions(question: Asked, what: What, typed: Typed) -> Response:
    """Return what somebody may be typing."""
    service, most = question.service, typed.cursor + typed.limit
    if what is What.ENTITY:
        return told(suggested(service.suggest(question.by, typed.prefix, most)[typed.cursor :]))
    found = named(service.types if what is What.TYPE else properties(service), typed.prefix, most)
    return public(question.request, {"result": found[typed.cursor :]})


def proposals(question: Asked, wanted: Proposing) -> Response:
    """Return the properties that entities can be extended with."""
    found = [one.told() for one in question.service.offered[: wanted.limit]]
    of_type = {"type": wanted.type} if wanted.type else {}
    return public(question.request, {"properties": found, "limit": wanted.limit, **of_type})


def properties(service: Service) -> tuple[Named, ...]:
    """Return all properties, each once: those that help to find an entity first."""
    evidence = {one.id for one in service.evidence}
    return (*service.evidence, *(one for one in service.offered if one.id not in evidence))


def public(request: Request, body: Any) -> Response:
    """Return an answer that is the same for everybody."""
    return reply(request, ANONYMOUS, Answer(json_text(body)))
