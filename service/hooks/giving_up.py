"""Giving up: a webhook is switched off, which its organisation is told with the reason."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from service.running import clock
from service.store import deliveries, events, webhooks
from service.store.engine import Session
from service.store.events import Event
from service.store.webhooks import Standing, Webhook


class Reason(StrEnum):
    """Why a webhook is switched off."""

    ASKED = "asked"  # by its organisation
    FAILING = "failing"  # it did not answer for three days
    GONE = "gone"  # it answered 410
    KEY_ENDED = "key_ended"  # the key that it was made with opens nothing any more
    SECRET_LOST = "secret_lost"  # noqa: S105 - a reason; the service has another secret key now: exchange the secret


#: The same in words, for people.
WORDS = {
    Reason.ASKED: "Switched off by its organisation.",
    Reason.FAILING: "No message was received for three days. Mend the receiver, then switch it on.",
    Reason.GONE: "The receiver answered 410, that it wants nothing more.",
    Reason.KEY_ENDED: "The key it was made with opens nothing any more. Make a webhook with another key.",
    Reason.SECRET_LOST: "The service has another secret key than when the secret was made. Exchange the secret.",
}


def switch_off(session: Session, webhook: Webhook, reason: Reason, standing: Standing | None = None) -> None:
    """Send nothing more to a webhook; what waits goes when it is switched on again."""
    now = clock.now()
    webhooks.stand(
        session, webhook.id, replace(standing or webhook.standing, disabled_at=now, disabled_for=reason.value)
    )
    deliveries.give_up(session, webhook, now)
    events.add(session, [Event("webhook.disabled", webhook.id, now, data={"reason": reason.value})])
