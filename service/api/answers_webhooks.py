"""What answers about changes and webhooks look like, declared for the OpenAPI document."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from service.api.answers import Shown
from service.api.answers_flag import FlagShown
from service.changes.feed import ChangeType
from service.hooks.giving_up import Reason
from service.store.webhook_tables import DeliveryState


class ChangeShown(Shown):
    """One piece of news about a flag."""

    type: ChangeType = Field(description="where the flag stands now; flag.gone: remove it from your copy")
    flag_id: str
    at: datetime = Field(description="of what is told")
    flag: FlagShown | None = Field(description="as you see it now, in the form of /v1/flags; null: gone")


class ChangesPage(Shown):
    """News in the order in which it happened."""

    items: list[ChangeShown]
    next: str | None = Field(description="address of what there is already beyond; null: nothing")
    cursor: str = Field(description="to ask with the next time, as `since`")


class DisabledShown(Shown):
    """Since when and why nothing is sent."""

    at: datetime
    reason: Reason
    message: str = Field(description="the same in words")


class WebhookShown(Shown):
    """A webhook, without its secret."""

    id: str
    organisation: str
    url: str
    label: str
    types: list[str] = Field(description="of messages; none: all")
    countries: list[str] = Field(description="ISO 3166-1 alpha-3; none: all")
    kinds: list[str] = Field(description="of place; none: all")
    active: bool
    disabled: DisabledShown | None
    failures: int = Field(description="attempts that failed since one succeeded")
    failing_since: datetime | None
    rests_until: datetime | None = Field(description="nothing is sent before")
    previous_secret_until: datetime | None = Field(description="the secret before signs too until then; null: no more")
    created_at: datetime
    updated_at: datetime


class WebhooksShown(Shown):
    """Webhooks, oldest first."""

    items: list[WebhookShown]


class WebhookMade(WebhookShown):
    """A webhook with a secret that was just made."""

    secret: str = Field(description="to check signatures with: shown this once, and kept nowhere")


class WebhookRemoved(Shown):
    """A webhook that is there no more."""

    id: str
    removed: bool


class DeliveryShown(Shown):
    """One message, and what became of it; nothing of what was answered but its status."""

    id: str = Field(description="the same however often it is sent: the header webhook-id")
    sequence: int = Field(description="rises by one within the webhook; messages may arrive in another order")
    type: str
    flag_id: str | None = Field(description="null: it tells of no flag")
    state: DeliveryState
    attempts: int
    status: int | None = Field(description="of the last answer; null: none came")
    milliseconds: int | None = Field(description="that it took")
    failure: str | None = Field(description="why no answer came: forbidden, unreachable, timeout or broken")
    created_at: datetime = Field(description="of what it tells")
    attempted_at: datetime | None
    next_attempt_at: datetime | None = Field(description="null: it waits for none")
    ended_at: datetime | None


class DeliveriesPage(Shown):
    """Messages of a webhook, the newest first."""

    numberReturned: int  # noqa: N815 - as every list names it
    next: str | None
    items: list[DeliveryShown]
