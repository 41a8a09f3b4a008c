"""Deliveries: the messages of a webhook, what became of each, and sending one again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from service.api.answers_webhooks import DeliveriesPage, DeliveryShown
from service.api.identifiers import Identifier, known_form
from service.api.listing import next_address
from service.api.queries import Cursor
from service.api.queries import Query as Parameters
from service.api.responses import FINDING, LISTING, problems
from service.errors import FORGED, KEY_NEEDED, NOT_FOUND, NOT_PERMITTED, STALE_STATE
from service.hooks import subscribing
from service.hooks.subscribing import Sight
from service.http.answers import Answer, created, reply
from service.http.bodies import Bodiless, Route
from service.http.callers import Calling, the_context
from service.store.deliveries import Delivery
from service.store.filters import MAX_PAGE
from service.store.webhook_tables import DeliveryState
from service.writing.formats import json_text

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=Route)
sending = APIRouter(prefix="/v1/webhooks", tags=["webhooks"], route_class=Bodiless)

_ACTING = (*FINDING, KEY_NEEDED, NOT_PERMITTED, FORGED, STALE_STATE)


class DeliveryQuery(Parameters):
    """Which messages."""

    state: DeliveryState | None = Field(default=None, description="waiting, delivered or failed")
    limit: int = Field(default=100, ge=1, le=MAX_PAGE, description="items on a page")
    cursor: Cursor | None = Field(default=None, description="from `next` of the page before")


@router.get(
    "/{webhook_id}/deliveries",
    operation_id="listDeliveries",
    summary="Messages of a webhook",
    response_model=DeliveriesPage,
    responses=problems((*LISTING, KEY_NEEDED, NOT_PERMITTED, NOT_FOUND)),
)
def list_deliveries(
    request: Request, webhook_id: Identifier, query: Annotated[DeliveryQuery, Query()], by: Calling
) -> Response:
    """Return what became of each message of the last 30 days, the newest first. What they said is not kept."""
    with the_context(request).store.read() as session:
        webhook = subscribing.one_of(session, known_form(webhook_id, "webhook"), by)
        page = subscribing.sent(session, webhook, Sight(query.state, query.cursor, query.limit))
    last = page.items[-1].id if page.next_cursor is not None else None
    following = next_address(request, last)
    body = {"numberReturned": len(page.items), "next": following, "items": [_shown(one) for one in page.items]}
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return reply(request, by, Answer(json_text(body), headers=headers))


@sending.post(
    "/{webhook_id}/ping",
    status_code=201,
    operation_id="pingWebhook",
    summary="Send a message to see whether it is received",
    response_model=DeliveryShown,
    responses=problems(_ACTING),
)
def ping_webhook(request: Request, webhook_id: Identifier, by: Calling) -> Response:
    """Return a message of the type webhook.ping that is sent at once; look it up to see what became of it."""
    made = subscribing.ping(the_context(request), known_form(webhook_id, "webhook"), by)
    return created(json_text(_shown(made)), f"/v1/webhooks/{webhook_id}/deliveries")


@sending.post(
    "/{webhook_id}/deliveries/{delivery_id}/redeliver",
    status_code=200,
    operation_id="redeliver",
    summary="Send a message again",
    response_model=DeliveryShown,
    responses=problems(_ACTING),
)
def redeliver(request: Request, webhook_id: Identifier, delivery_id: Identifier, by: Calling) -> Response:
    """Return a message that is sent again under its identifier.

    Of what was delivered no copy is kept: it says what you may see now, or that the flag is gone.
    """
    found = known_form(webhook_id, "webhook"), known_form(delivery_id, "delivery")
    return reply(request, by, Answer(json_text(_shown(subscribing.redeliver(the_context(request), *found, by)))))


def _shown(one: Delivery) -> dict[str, Any]:
    names = ("id", "type", "flag_id", "attempts", "status", "milliseconds", "failure", "created_at", "attempted_at")
    waits = one.state is DeliveryState.WAITING
    return {
        **{name: getattr(one, name) for name in names},
        "sequence": one.number,
        "state": one.state.value,
        "next_attempt_at": one.due_at if waits else None,
        "ended_at": one.ended_at,
    }
