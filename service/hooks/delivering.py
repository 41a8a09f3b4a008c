"""Delivering: one attempt with one message.

That it is attempted is noted before it is, and how it went after: a process that dies in between leaves a message that
goes again, under the same identifier. At least once is all that can be promised; receivers keep the identifiers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from connectors.courier import Courier, Message, Received
from service.callers.caller import Caller
from service.changes.feed import ChangeType
from service.changes.showing import Showing
from service.configuration.sealing import fingerprint, key_of
from service.context import Context
from service.hooks import messages, patience
from service.hooks.giving_up import Reason, switch_off
from service.hooks.signing import PURPOSE, Signed, headers, secret_of
from service.running import clock
from service.store import deliveries, keys, webhooks
from service.store.deliveries import Attempt, Delivery, DeliveryState, Due
from service.store.engine import Session
from service.store.webhooks import Standing, Webhook

_GONE = 410


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message about to be sent."""

    webhook: Webhook
    message: Delivery
    body: bytes
    at: datetime


def attempt(context: Context, courier: Courier, due: Due) -> Received | None:
    """Send one message once, as far as it may be seen now; None where it does not go."""
    key = key_of(context.settings, PURPOSE)
    ready = context.store.write(lambda session: _prepare(session, due, fingerprint(key)))
    if ready is None:
        return None
    secrets = [secret_of(key, ready.webhook.id, one) for one in _generations(ready.webhook, ready.at)]
    signed = headers(Signed(ready.message.id, ready.at, ready.body), secrets)
    received = courier.take(Message(ready.webhook.wanted.url, signed, ready.body))
    context.store.write(lambda session: _note(session, ready, received))
    return received


def _prepare(session: Session, due: Due, sealed_by: str) -> _Ready | None:
    now = clock.now()
    webhook = webhooks.get(session, due.webhook_id)
    message = None if webhook is None else deliveries.get(session, webhook, due.delivery_id)
    if webhook is None or message is None or webhook.standing.disabled_at is not None:
        return None
    caller = keys.acting_for(session, webhook.key_id)
    if caller is None or webhook.sealed_by != sealed_by:
        switch_off(session, webhook, Reason.KEY_ENDED if caller is None else Reason.SECRET_LOST)
        return None
    looked = _looked_at(session, webhook, message, caller)
    attempts = message.attempts + 1
    again = patience.wait(attempts) or patience.WAITS[-1]
    noted = replace(looked, attempts=attempts, due_at=now + again, attempted_at=now)
    if not deliveries.claim(session, noted):
        return None
    return _Ready(webhook, noted, (noted.body or "").encode(), now)


def _looked_at(session: Session, webhook: Webhook, message: Delivery, caller: Caller) -> Delivery:
    """Return a message as it may be sent now: frozen as it was, unless less is shown by now, or nothing."""
    if message.flag_id is None or message.type == ChangeType.GONE.value:
        return message if message.body is not None else messages.filled(message, None)
    showing = Showing(session, caller, messages.fitting(webhook.wanted))
    flag = showing.of([message.flag_id]).get(message.flag_id)
    if flag is not None and message.body is not None and message.exposure == messages.exposure(flag):
        return message
    return messages.filled(message, flag)


def _note(session: Session, ready: _Ready, received: Received) -> None:
    now = clock.now()
    webhook = webhooks.get(session, ready.webhook.id, lock=True)
    if webhook is None:
        return
    again = patience.wait(ready.message.attempts, received.retry_after_s)
    state = _state(received, last=again is None)
    how = received.status, received.milliseconds, received.failure
    deliveries.note(session, ready.message.id, Attempt(state, now + (again or patience.WAITS[0]), now, *how))
    if received.well:
        webhooks.stand(session, webhook.id, replace(webhook.standing, failures=0, failing_since=None, rests_until=None))
        return
    before = webhook.standing
    failures = before.failures + 1
    standing = Standing(
        failures=failures,
        failing_since=before.failing_since or now,
        rests_until=now + patience.rest(failures, received.retry_after_s),
        disabled_at=before.disabled_at,
        disabled_for=before.disabled_for,
    )
    reason = _given_up(received, standing, last=again is None)
    if reason is not None and before.disabled_at is None:
        switch_off(session, webhook, reason, standing)
    else:
        webhooks.stand(session, webhook.id, standing)


def _state(received: Received, *, last: bool) -> DeliveryState:
    if received.well:
        return DeliveryState.DELIVERED
    return DeliveryState.FAILED if last or received.status == _GONE else DeliveryState.WAITING


def _given_up(received: Received, standing: Standing, *, last: bool) -> Reason | None:
    """Return why an address is given up: it says so, or received nothing for as long as its oldest message waited."""
    if received.status == _GONE:
        return Reason.GONE
    return Reason.FAILING if last and standing.failures >= patience.ATTEMPTS else None


def _generations(webhook: Webhook, at: datetime) -> tuple[int, ...]:
    """Return the secrets that sign: the present one, and the one before it while both hold."""
    both = webhook.previous_until is not None and webhook.previous_until > at
    return (webhook.generation, webhook.generation - 1) if both else (webhook.generation,)
