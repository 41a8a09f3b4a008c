"""Organisations: what each says about itself, for itself, its coalition and admins."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import AfterValidator, Field

from service.access import describing
from service.api.answers_access import OrganisationShown, OrganisationsShown
from service.api.fields import SEEN, Line, seen
from service.api.responses import ALWAYS, WRITING, problems
from service.api.submission import Given
from service.errors import KEY_NEEDED, NOT_FOUND, NOT_PERMITTED
from service.http.answers import Answer, reply
from service.http.bodies import Route
from service.http.callers import Calling, the_context
from service.store.organisations import Organisation
from service.store.tables import OrganisationKind
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/organisations", tags=["access"], route_class=Route)

Short = Annotated[
    str,
    Path(min_length=1, max_length=200, description="its short name", json_schema_extra=SEEN),
    AfterValidator(seen),
]


class OrganisationGiven(Given):
    """What an organisation says about itself; what is left out is not said any more."""

    name: Line | None = Field(default=None, description="as it writes itself")
    kind: OrganisationKind | None = Field(default=None, description="what it is")
    contact: Line | None = Field(default=None, description="whom to ask: an address of the office, not of a person")


@router.get(
    "",
    operation_id="listOrganisations",
    summary="Organisations",
    response_model=OrganisationsShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_organisations(request: Request, by: Calling) -> Response:
    """Return your own organisation and those of your coalition; to admins all."""
    found = describing.seen(the_context(request), by)
    return reply(request, by, Answer(json_text({"items": [asdict(one) for one in found]})))


@router.put(
    "/{organisation}",
    operation_id="describeOrganisation",
    summary="Say what an organisation is",
    response_model=OrganisationShown,
    responses=problems((*WRITING, NOT_FOUND)),
)
def describe_organisation(request: Request, organisation: Short, given: OrganisationGiven, by: Calling) -> Response:
    """Keep what your organisation says about itself, in the place of what it said before. Admins describe any."""
    said = Organisation(organisation, given.name, given.kind, given.contact)
    return reply(request, by, Answer(json_text(asdict(describing.describe(the_context(request), said, by)))))
