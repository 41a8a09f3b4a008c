"""Invitations: to let somebody in with a token that makes one key, once."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.access import inviting
from service.api.answers_access import InvitationMade, InvitationShown, InvitationsShown, KeyMade
from service.api.fields import Country, Line, Moment, SayingShort
from service.api.identifiers import Identifier, known_form
from service.api.keys import shown as shown_key
from service.api.responses import ALWAYS, FINDING, WRITING, problems
from service.api.submission import Given
from service.callers.caller import Caller, Charge, Right, Role
from service.callers.territory import Area, plain
from service.errors import KEY_NEEDED, KEY_UNKNOWN, NOT_PERMITTED, STALE_STATE
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, sent_key, the_context
from service.store import invitations, keys
from service.store.invitations import Invitation, Offer
from service.store.keys import Wanted
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/invitations", tags=["access"], route_class=Route)
bare = APIRouter(prefix="/v1/invitations", tags=["access"], route_class=Bodiless)


class AreaGiven(Given):
    """A country, or a unit of one."""

    country: Country = Field(description="name or ISO 3166-1 code")
    admin: Line | None = Field(default=None, description="code or name of a unit, or level=value; left out, all of it")


class ChargeGiven(Given):
    """What a steward speaks for: a collection, or one record."""

    collection: Line | None = Field(default=None, description="every record of it, also those still to come")
    record: Line | None = Field(default=None, description="one record, by the id the service gave out")
    organisation: Line | None = Field(default=None, description="whose; left out, of the organisation invited")


class InvitationGiven(Given):
    """Whom to let in: as what, where, and for how long."""

    role: Role = Field(description="what the key will be for")
    organisation: Line | None = Field(default=None, description="whose key; left out, of your own. Others: for admins")
    label: SayingShort = Field(description="whose key it will be, to know later which one to revoke; no personal data")
    areas: Annotated[list[AreaGiven], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="its territory, for readers, reviewers and publishers; left out, everywhere"
    )
    steward_of: Annotated[list[ChargeGiven], Field(max_length=100)] = Field(
        default=[], description="what a steward speaks for"
    )
    key_days: int | None = Field(default=None, ge=1, le=3_650, description="days that the key opens; left out, no end")
    expires_at: Moment | None = Field(default=None, description="30 days from now at most; left out, in 7 days")

    def offer(self, by: Caller) -> Offer:
        """Return it as the verb takes it."""
        organisation = self.organisation or by.organisation or ""
        charges = tuple(Charge(one.organisation or organisation, one.collection, one.record) for one in self.steward_of)
        areas = None if self.areas is None else tuple(Area(one.country, one.admin) for one in self.areas)
        wanted = Wanted(organisation, self.role, self.label, areas=areas, charges=charges)
        lasts = None if self.key_days is None else timedelta(days=self.key_days)
        return Offer(wanted, lasts, self.expires_at or datetime.now(UTC) + inviting.USUAL)


@router.post(
    "",
    status_code=201,
    operation_id="createInvitation",
    summary="Invite somebody",
    response_model=InvitationMade,
    responses=problems(WRITING),
)
def create_invitation(request: Request, given: InvitationGiven, by: Calling) -> Response:
    """Return a token that makes one key, once. An organisation invites contributors and stewards; an admin anybody."""
    context = the_context(request)
    invitation_id, token = inviting.invite(context, given.offer(by), by)
    with context.store.read() as session:
        made = invitations.get(session, invitation_id)
    assert made is not None  # noqa: S101 - it was just kept
    return created(json_text({**_shown(made), "token": token}), "/v1/invitations")


@router.get(
    "",
    operation_id="listInvitations",
    summary="Invitations of your organisation",
    response_model=InvitationsShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_invitations(request: Request, by: Calling) -> Response:
    """Return every invitation to your organisation, the newest first, without tokens; to admins all."""
    with the_context(request).store.read() as session:
        found = invitations.all(session, None if by.may(Right.ADMINISTER) else by.organisation or "")
    return reply(request, by, Answer(json_text({"items": [_shown(one) for one in found]})))


@bare.post(
    "/{invitation_id}/revoke",
    status_code=200,
    operation_id="revokeInvitation",
    summary="Take an invitation back",
    response_model=InvitationShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED, STALE_STATE)),
)
def revoke_invitation(request: Request, invitation_id: Identifier, by: Calling) -> Response:
    """Let an invitation that was not accepted yet open nothing any more."""
    revoked = inviting.revoke(the_context(request), known_form(invitation_id, "invitation"), by)
    return reply(request, by, Answer(json_text(_shown(revoked))))


@bare.post(
    "/accept",
    status_code=201,
    operation_id="acceptInvitation",
    summary="Accept an invitation",
    response_model=KeyMade,
    responses=problems((*ALWAYS, KEY_NEEDED, KEY_UNKNOWN)),
)
def accept_invitation(request: Request) -> Response:
    """Return the key of an invitation, shown this once. Send its token as a key: `Authorization: Bearer TOKEN`."""
    context = the_context(request)
    key_id, secret = inviting.accept(context, sent_key(request) or "")
    request.state.key_id = key_id  # what was sent is no guess
    with context.store.read() as session:
        made = keys.entry(session, key_id)
    assert made is not None  # noqa: S101 - it was just made
    return created(json_text({**shown_key(made), "key": secret}), "/v1/keys")


def _shown(invitation: Invitation) -> dict[str, Any]:
    names = ("id", "organisation", "role", "label", "by_organisation", "created_at", "expires_at", "ended_at")
    return {
        **{name: getattr(invitation, name) for name in names},
        "areas": None if invitation.areas is None else plain(invitation.areas),
        "steward_of": [asdict(charge) for charge in invitation.charges],
        "key_days": None if invitation.lasts is None else invitation.lasts.days,
        "accepted": invitation.key_id is not None,
    }
