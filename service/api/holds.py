"""Emergency holds: one call hides everything of a country, unit, group, organisation, collection or area."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from service.api.answers_rights import HoldBegun, HoldShown, HoldsShown
from service.api.fields import SEEN, Country, Line, Moment, Phrase, seen
from service.api.identifiers import Identifier, known_form
from service.api.queries import BoxText, numbers
from service.api.responses import ALWAYS, FINDING, WRITING, problems
from service.api.submission import Given
from service.errors import KEY_NEEDED, NOT_PERMITTED, STALE_STATE
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, Opened, the_context
from service.rights import holding
from service.store import holds
from service.store.holds import Hold
from service.store.reach import Scope
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/holds", tags=["rights"], route_class=Route)
lifting = APIRouter(prefix="/v1/holds", tags=["rights"], route_class=Bodiless)


class HoldGiven(Given):
    """What is to be hidden: everything that fits all that is named here."""

    reason: Annotated[str, Field(min_length=1, max_length=1_000, json_schema_extra=SEEN), AfterValidator(seen)] = Field(
        description="why; told to admins alone"
    )
    country: Country | None = Field(default=None, description="name or ISO 3166-1 code")
    admin: Line | None = Field(
        default=None,
        description="code or name of a unit, or level=value, in that country; records that name no unit are held too",
    )
    people: Phrase | None = Field(default=None, description="a group of people, by any of its names; its parts too")
    organisation: Line | None = Field(default=None, description="whose records")
    collection: Line | None = Field(default=None, description="of which collection")
    bbox: BoxText | None = Field(
        default=None,
        description="west,south,east,north in degrees; give it a margin. With a country, records without a point too",
    )
    until: Moment | None = Field(default=None, description="when it ends by itself; left out, when it is lifted")

    def scope(self) -> Scope:
        """Return what it hides."""
        west, south, east, north = numbers(self.bbox) if self.bbox else (0.0, 0.0, 0.0, 0.0)
        return Scope(
            country=self.country,
            admin=self.admin,
            people=self.people,
            organisation=self.organisation,
            collection=self.collection,
            bbox=(west, south, east, north) if self.bbox else None,
        )


@router.get(
    "",
    operation_id="listHolds",
    summary="Emergency holds",
    response_model=HoldsShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_holds(request: Request, by: Calling, context: Opened) -> Response:
    """Return every hold there ever was, the newest first. For admins."""
    with context.store.read() as session:
        found = holds.all(session)
    return reply(request, by, Answer(json_text({"items": [_shown(one) for one in found]})))


@router.post(
    "",
    status_code=201,
    operation_id="hold",
    summary="Hide everything of a country, unit, group, organisation, collection or area",
    response_model=HoldBegun,
    responses=problems(WRITING),
)
def begin(request: Request, given: HoldGiven, by: Calling) -> Response:
    """Hide it at once, in every process, from everybody but its own organisation and admins: alone and in numbers.

    Nothing is lost or changed; lifting the hold shows it as before. What everybody could read leaves tombstones.
    """
    context = the_context(request)
    made = holding.hold(context, holding.Asked(given.scope(), given.reason, given.until), by)
    body = _shown(made) | {"records_held": holding.reached(context)}
    return created(json_text(body), f"/v1/holds/{made.id}")


@router.get(
    "/{hold_id}",
    operation_id="getHold",
    summary="One emergency hold",
    response_model=HoldShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def get_hold(request: Request, hold_id: Identifier, by: Calling, context: Opened) -> Response:
    """Return one hold. For admins."""
    with context.store.read() as session:
        found = holds.get(session, known_form(hold_id, "hold"))
    return reply(request, by, Answer(json_text(_shown(found))))


@lifting.post(
    "/{hold_id}/lift",
    status_code=200,
    operation_id="liftHold",
    summary="Lift an emergency hold",
    response_model=HoldShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED, STALE_STATE)),
)
def lift(request: Request, hold_id: Identifier, by: Calling) -> Response:
    """Show again what it hid, unless another hold hides it. For admins."""
    lifted = holding.lift(the_context(request), known_form(hold_id, "hold"), by)
    return reply(request, by, Answer(json_text(_shown(lifted))))


def _shown(hold: Hold) -> dict[str, Any]:
    """Return a hold as admins see it, member by member."""
    names = ("id", "reason", "until", "by_organisation", "created_at", "lifted_at")
    told = {name: getattr(hold, name) for name in names}
    return {**told, **asdict(hold.scope), "in_force": hold.in_force(datetime.now(UTC))}
