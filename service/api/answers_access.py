"""What answers about keys, invitations, organisations and limits look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from service.accounts.account import Consent, Sensitivity
from service.api.answers import Shown
from service.callers.caller import Right, Role
from service.store.tables import OrganisationKind


class AreaShown(Shown):
    """A country, or a unit of one."""

    country: str = Field(description="ISO 3166-1 alpha-3")
    admin: str | None = Field(description="a code or name, or level=value; null: all of the country")


class ChargeShown(Shown):
    """What a steward speaks for: one of the two."""

    organisation: str = Field(description="whose records")
    collection: str | None
    record: str | None


class KeyShown(Shown):
    """A key, without its secret."""

    id: str
    organisation: str
    role: Role
    rights: list[Right] = Field(description="what the role may")
    areas: list[AreaShown] | None = Field(description="its territory; null: everywhere")
    steward_of: list[ChargeShown]
    label: str
    created_at: datetime
    expires_at: datetime | None = Field(description="from then on it opens nothing; null: without end")
    revoked_at: datetime | None
    last_used_on: date | None = Field(description="UTC")


class KeysShown(Shown):
    """The keys of an organisation, oldest first."""

    items: list[KeyShown]


class KeyMade(KeyShown):
    """A key that was just made."""

    key: str = Field(description="the secret: shown this once, and kept nowhere")


class InvitationShown(Shown):
    """An invitation, without its token."""

    id: str
    organisation: str
    role: Role
    areas: list[AreaShown] | None = Field(description="its territory; null: everywhere")
    steward_of: list[ChargeShown]
    label: str
    key_days: int | None = Field(description="days that the key will open; null: without end")
    by_organisation: str | None = Field(description="null: the operator of the machine")
    created_at: datetime
    expires_at: datetime = Field(description="until when it may be accepted")
    ended_at: datetime | None = Field(description="when it was accepted or revoked")
    accepted: bool


class InvitationsShown(Shown):
    """Invitations, the newest first."""

    items: list[InvitationShown]


class InvitationMade(InvitationShown):
    """An invitation that was just made."""

    token: str = Field(description="shown this once; send it to whom you invite over a line you trust")


class PartnerShown(Shown):
    """How your organisation and another one stand."""

    organisation: str
    shared: bool = Field(description="both agreed, so each sees the other's records")
    given_at: datetime | None = Field(description="when yours agreed; null: it does not")
    received_at: datetime | None = Field(description="when the other agreed; null: it does not")


class PartnersShown(Shown):
    """Your coalition, and who is asked or asks."""

    items: list[PartnerShown]


class OrganisationShown(Shown):
    """An organisation, and whom to ask there."""

    id: str = Field(description="its short name")
    name: str | None
    kind: OrganisationKind | None
    contact: str | None


class OrganisationsShown(Shown):
    """The organisations that you know of."""

    items: list[OrganisationShown]


class LimitShown(Shown):
    """How far a collection, or one record, is shown at most."""

    id: str
    organisation: str
    collection: str | None
    record: str | None
    consent: Consent = Field(description="no wider than this")
    sensitivity: Sensitivity = Field(description="at least this")
