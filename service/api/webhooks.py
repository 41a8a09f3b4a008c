"""Webhooks: where an organisation wants to be told of changes, and with which secret that is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from service.api import examples_webhooks
from service.api.answers_webhooks import WebhookMade, WebhookRemoved, WebhookShown, WebhooksShown
from service.api.fields import Country, SayingShort, Word
from service.api.identifiers import Identifier, known_form
from service.api.responses import ALWAYS, FINDING, WRITING, problems
from service.api.submission import Given
from service.errors import FORGED, KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, STALE_STATE
from service.hooks import subscribing
from service.hooks.giving_up import WORDS, Reason
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.store.webhooks import Wanted, Webhook
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=Route)
removing = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=Bodiless)

Url = Annotated[str, Field(min_length=1, max_length=2_000, json_schema_extra={"format": "receiver"})]
Types = Annotated[list[Word], Field(max_length=10)]
Countries = Annotated[list[Country], Field(max_length=250)]
Kinds = Annotated[list[Word], Field(max_length=30)]

_URL = "https:// address of a receiver that the whole internet reaches"
_TYPES = "messages, such as flag.published; left out, all. That a flag is gone is always told"
_COUNTRIES = "only flags of these; left out, all"
_KINDS = "only communities of these kinds, such as settlement; left out, all"


class WebhookGiven(Given):
    """Where to tell of changes, and of which."""

    url: Url = Field(description=_URL)
    label: SayingShort | None = Field(default=None, description="what it is for; no personal data")
    types: Types = Field(default=[], description=_TYPES)
    countries: Countries = Field(default=[], description=_COUNTRIES)
    kinds: Kinds = Field(default=[], description=_KINDS)

    def wanted(self) -> Wanted:
        """Return it as the verb takes it."""
        named = tuple(self.types), tuple(self.countries), tuple(self.kinds)
        return Wanted(self.url, self.label or "", *named)


class WebhookChange(Given):
    """What becomes different; the rest stays."""

    url: Url | None = Field(default=None, description=_URL)
    label: SayingShort | None = Field(default=None, description="what it is for; no personal data")
    types: Types | None = Field(default=None, description=_TYPES)
    countries: Countries | None = Field(default=None, description=_COUNTRIES)
    kinds: Kinds | None = Field(default=None, description=_KINDS)
    active: bool | None = Field(default=None, description="false: send nothing; true: send, and what waited too")

    def wanted(self, before: Wanted) -> Wanted:
        """Return what is wanted then."""
        named = ("types", "countries", "kinds")
        said: dict[str, Any] = {
            **{name: value for name in ("url", "label") if (value := getattr(self, name)) is not None},
            **{name: tuple(value) for name in named if (value := getattr(self, name)) is not None},
        }
        return replace(before, **said)


class SecretGiven(Given):
    """How long the secret that is exchanged signs too."""

    overlap_hours: int = Field(default=24, ge=0, le=720, description="hours in which both sign; 30 days at most")


@router.post(
    "",
    status_code=201,
    operation_id="createWebhook",
    summary="Be told of changes",
    response_model=WebhookMade,
    responses=problems(WRITING),
    openapi_extra=examples_webhooks.MADE,
)
def create_webhook(request: Request, given: WebhookGiven, by: Calling) -> Response:
    """Return a webhook and its secret, shown this once. It is told of what happens from now on, as your key sees it.

    Only addresses that everybody can reach are taken. Ping it to see whether it receives; docs/webhooks.md says how a
    receiver checks signatures.
    """
    made, secret = subscribing.subscribe(the_context(request), given.wanted(), by)
    return created(json_text({**shown(made), "secret": secret}), f"/v1/webhooks/{made.id}")


@router.get(
    "",
    operation_id="listWebhooks",
    summary="Your webhooks",
    response_model=WebhooksShown,
    responses=problems((*ALWAYS, KEY_NEEDED, NOT_PERMITTED)),
)
def list_webhooks(request: Request, by: Calling) -> Response:
    """Return the webhooks of your key, oldest first; to admins all."""
    with the_context(request).store.read() as session:
        found = subscribing.mine(session, by)
    return reply(request, by, Answer(json_text({"items": [shown(one) for one in found]})))


@router.post(
    "/{webhook_id}/secret",
    status_code=201,
    operation_id="exchangeWebhookSecret",
    summary="Exchange the secret of a webhook",
    response_model=WebhookMade,
    responses=problems((*WRITING, NOT_FOUND, STALE_STATE)),
)
def exchange_webhook_secret(request: Request, webhook_id: Identifier, given: SecretGiven, by: Calling) -> Response:
    """Return a new secret, shown this once. For the time of the overlap each message is signed with both."""
    overlap = timedelta(hours=given.overlap_hours)
    made, secret = subscribing.exchange(the_context(request), known_form(webhook_id, "webhook"), overlap, by)
    return created(json_text({**shown(made), "secret": secret}), f"/v1/webhooks/{made.id}")


@router.get(
    "/{webhook_id}",
    operation_id="getWebhook",
    summary="One webhook",
    response_model=WebhookShown,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED)),
)
def get_webhook(request: Request, webhook_id: Identifier, by: Calling) -> Response:
    """Return one webhook: what it is told, how well its address answers, and why it is switched off, if it is."""
    with the_context(request).store.read() as session:
        found = subscribing.one_of(session, known_form(webhook_id, "webhook"), by)
    return reply(request, by, Answer(json_text(shown(found))))


@router.patch(
    "/{webhook_id}",
    operation_id="changeWebhook",
    summary="Change a webhook, or switch it on or off",
    response_model=WebhookShown,
    responses=problems((*WRITING, NOT_FOUND)),
    openapi_extra=examples_webhooks.CHANGED,
)
def change_webhook(request: Request, webhook_id: Identifier, given: WebhookChange, by: Calling) -> Response:
    """Return the webhook as it stands then. What was frozen before goes to the new address."""
    context = the_context(request)
    with context.store.read() as session:
        before = subscribing.one_of(session, known_form(webhook_id, "webhook"), by)
    after, wanted = before, given.wanted(before.wanted)
    if wanted != before.wanted:
        after = subscribing.change(context, webhook_id, wanted, by)
    if given.active is not None:
        after = subscribing.switch(context, webhook_id, by, on=given.active)
    return reply(request, by, Answer(json_text(shown(after))))


@removing.delete(
    "/{webhook_id}",
    status_code=200,
    operation_id="removeWebhook",
    summary="Remove a webhook",
    response_model=WebhookRemoved,
    responses=problems((*FINDING, KEY_NEEDED, NOT_PERMITTED, FORGED)),
)
def remove_webhook(request: Request, webhook_id: Identifier, by: Calling) -> Response:
    """Forget a webhook, its messages and its secret. Nothing is sent from then on."""
    subscribing.remove(the_context(request), known_form(webhook_id, "webhook"), by)
    return reply(request, by, Answer(json_text({"id": webhook_id, "removed": True})))


def shown(webhook: Webhook) -> dict[str, Any]:
    """Return a webhook as the holder of its key sees it, member by member."""
    wanted, standing = webhook.wanted, webhook.standing
    off = None
    if standing.disabled_at is not None and standing.disabled_for is not None:
        reason = Reason(standing.disabled_for)
        off = {"at": standing.disabled_at, "reason": reason.value, "message": WORDS[reason]}
    return {
        "id": webhook.id,
        "organisation": webhook.organisation,
        "url": wanted.url,
        "label": wanted.label,
        "types": list(wanted.types),
        "countries": list(wanted.countries),
        "kinds": list(wanted.kinds),
        "active": off is None,
        "disabled": off,
        "failures": standing.failures,
        "failing_since": standing.failing_since,
        "rests_until": standing.rests_until,
        "previous_secret_until": webhook.previous_until,
        "created_at": webhook.created_at,
        "updated_at": webhook.updated_at,
    }
