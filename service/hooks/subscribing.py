"""Subscribing: an organisation says where it wants to be told of changes, changes that, and takes it back.

A webhook is of the key it was made with: it shows what that key may see, so only its holder, and admins, see or change
it. A key that took the place of another stands in for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from connectors.courier import Unreachable, check
from geodata.kinds import BROADER
from service.callers.caller import Caller, Right
from service.changes.audience import audience_of
from service.changes.feed import ChangeType
from service.configuration.sealing import fingerprint, key_of
from service.context import Context
from service.errors import INVALID, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Mistake, Problem
from service.hooks import giving_up, messages
from service.hooks.giving_up import Reason
from service.hooks.messages import Trial
from service.hooks.signing import PURPOSE, secret_of
from service.running import clock
from service.store import deliveries, events, keys, webhooks
from service.store.deliveries import Delivery, DeliveryState
from service.store.engine import Session
from service.store.events import Event
from service.store.identifiers import new_id
from service.store.touches import Position
from service.store.values import Page
from service.store.webhooks import Standing, Wanted, Webhook

#: Webhooks that one organisation may have.
MOST = 20


@dataclass(frozen=True, slots=True)
class Sight:
    """Which messages of a webhook: in one state or any, after one of them, at most so many."""

    state: DeliveryState | None = None
    after: str | None = None
    limit: int = 100


def subscribe(context: Context, wanted: Wanted, caller: Caller) -> tuple[Webhook, str]:
    """Keep a webhook of the caller's organisation, told of what happens from now on; return it and its secret.

    Raises `Problem`: not permitted for a key of no organisation; invalid for an address that nothing is sent to, for
    filters that mean nothing, and for one webhook too many.
    """
    if caller.organisation is None or caller.key_id is None:
        detail = "A webhook is of an organisation, and a steward's key is of none."
        raise Problem(NOT_PERMITTED, detail)
    _check(context, wanted)
    key, now = key_of(context.settings, PURPOSE), clock.now()
    made = Webhook(
        id=new_id(),
        organisation=caller.organisation,
        key_id=caller.key_id,
        wanted=wanted,
        generation=1,
        sealed_by=fingerprint(key),
        created_at=now,
        updated_at=now,
        audience=audience_of(caller),
    )
    kept = context.store.write(lambda session: _add(session, made, caller))
    return kept, secret_of(key, made.id, 1)


def mine(session: Session, caller: Caller) -> tuple[Webhook, ...]:
    """Return the webhooks that a caller may see, oldest first: of their key; of admins, all."""
    if caller.may(Right.ADMINISTER):
        return webhooks.all(session)
    return tuple(one for one in webhooks.all(session, caller.organisation or "") if _holds(session, one, caller))


def one_of(session: Session, webhook_id: str, caller: Caller, *, lock: bool = False) -> Webhook:
    """Return one webhook. Raises `Problem` (not found) alike for that of another key and one that is not there."""
    found = webhooks.get(session, webhook_id, lock=lock)
    if found is None or not _holds(session, found, caller):
        detail = f"There is no webhook {webhook_id}."
        raise Problem(NOT_FOUND, detail)
    return found


def change(context: Context, webhook_id: str, wanted: Wanted, caller: Caller) -> Webhook:
    """Let a webhook want something else from now on. Raises `Problem`: not found; invalid, as `subscribe` does."""
    with context.store.read() as session:
        one_of(session, webhook_id, caller)
    _check(context, wanted)

    def keep(session: Session) -> Webhook:
        before = one_of(session, webhook_id, caller, lock=True)
        after = replace(before, wanted=wanted, updated_at=clock.now())
        webhooks.change(session, after)
        return _told(session, after, "webhook.changed", caller)

    return context.store.write(keep)


def switch(context: Context, webhook_id: str, caller: Caller, *, on: bool) -> Webhook:
    """Switch a webhook on, so that what waited goes, or off. Raises `Problem` (not found)."""

    def keep(session: Session) -> Webhook:
        before = one_of(session, webhook_id, caller, lock=True)
        if on == (before.standing.disabled_at is None):
            return before
        if on:
            webhooks.stand(session, webhook_id, Standing())
            deliveries.again(session, before, clock.now())
            events.add(session, [Event("webhook.enabled", webhook_id, clock.now(), caller)])
        else:
            giving_up.switch_off(session, before, Reason.ASKED)
        return one_of(session, webhook_id, caller)

    return context.store.write(keep)


def exchange(context: Context, webhook_id: str, overlap: timedelta, caller: Caller) -> tuple[Webhook, str]:
    """Return a webhook and its new secret; the one before it signs too for the time of the overlap.

    Raises `Problem`: not found; stale state while two secrets hold already.
    """
    key = key_of(context.settings, PURPOSE)

    def keep(session: Session) -> Webhook:
        before, now = one_of(session, webhook_id, caller, lock=True), clock.now()
        if before.previous_until is not None and before.previous_until > now:
            detail = f"Two secrets hold until {before.previous_until:%Y-%m-%d %H:%M} UTC; exchange it again after that."
            raise Problem(STALE_STATE, detail)
        known = before.sealed_by == fingerprint(key)  # else the secret before it cannot sign any more
        until = now + overlap if known else None
        after = replace(before, generation=before.generation + 1, previous_until=until, sealed_by=fingerprint(key))
        webhooks.change(session, replace(after, updated_at=now))
        return _told(session, after, "webhook.secret_exchanged", caller)

    kept = context.store.write(keep)
    return kept, secret_of(key, kept.id, kept.generation)


def remove(context: Context, webhook_id: str, caller: Caller) -> None:
    """Forget a webhook with all its messages. Raises `Problem` (not found)."""

    def keep(session: Session) -> None:
        found = one_of(session, webhook_id, caller, lock=True)
        webhooks.remove(session, found)
        events.add(session, [Event("webhook.removed", webhook_id, clock.now(), caller)])

    context.store.write(keep)


def ping(context: Context, webhook_id: str, caller: Caller) -> Delivery:
    """Send a message that tells of nothing, to see whether it is received. Raises `Problem`: not found; stale state."""

    def keep(session: Session) -> Delivery:
        webhook, now = _switched_on(session, webhook_id, caller), clock.now()
        made = Delivery(new_id(), webhook.number + 1, Trial.PING.value, None, created_at=now, due_at=now)
        message = messages.filled(made, None)
        deliveries.add(session, webhook, [message])
        webhooks.move(session, replace(webhook, number=message.number))
        return message

    return context.store.write(keep)


def sent(session: Session, webhook: Webhook, sight: Sight) -> Page[Delivery]:
    """Return messages of a webhook, the newest first. Raises `Problem` (invalid) for a cursor that is none of them."""
    if sight.after is not None and deliveries.get(session, webhook, sight.after) is None:
        detail = "The cursor is not one this service gave out. Start again without it."
        raise Problem(INVALID, detail)
    return deliveries.page(session, webhook, sight.state, (sight.after, sight.limit))


def redeliver(context: Context, webhook_id: str, delivery_id: str, caller: Caller) -> Delivery:
    """Let a message be sent again under its identifier, as far as it may be seen. Raises `Problem` as `ping`."""

    def keep(session: Session) -> Delivery:
        webhook = _switched_on(session, webhook_id, caller)
        if not deliveries.again(session, webhook, clock.now(), delivery_id):
            detail = f"There is no delivery {delivery_id} of this webhook."
            raise Problem(NOT_FOUND, detail)
        found = deliveries.get(session, webhook, delivery_id)
        assert found is not None  # noqa: S101 - it was there in this transaction
        return found

    return context.store.write(keep)


def _add(session: Session, made: Webhook, caller: Caller) -> Webhook:
    keys.lock_organisation(session, made.organisation)
    if webhooks.number_of(session, made.organisation) >= MOST:
        wrong = Mistake("", f"An organisation has {MOST} webhooks at most.", "Remove one that nobody needs.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    webhooks.add(session, replace(made, position=Position(events.mark(session))))
    events.add(session, [Event("webhook.made", made.id, made.created_at, caller)])
    found = webhooks.get(session, made.id)
    assert found is not None  # noqa: S101 - it was just kept
    return found


def _told(session: Session, webhook: Webhook, kind: str, caller: Caller) -> Webhook:
    events.add(session, [Event(kind, webhook.id, clock.now(), caller)])
    return webhook


def _switched_on(session: Session, webhook_id: str, caller: Caller) -> Webhook:
    webhook = one_of(session, webhook_id, caller, lock=True)
    if webhook.standing.disabled_at is not None:
        detail = "This webhook is switched off. Switch it on first."
        raise Problem(STALE_STATE, detail)
    return webhook


def _holds(session: Session, webhook: Webhook, caller: Caller) -> bool:
    if caller.may(Right.ADMINISTER):
        return True
    own = caller.organisation is not None and caller.organisation == webhook.organisation
    return own and caller.key_id is not None and keys.same_hand(session, caller.key_id, webhook.key_id)


def _check(context: Context, wanted: Wanted) -> None:
    """Raise `Problem` (invalid), with everything that is wrong with what is wanted."""
    mistakes = [
        Mistake(f"/types/{at}", f"There is no message {one!r}.", f"Write one of {', '.join(sorted(_TYPES))}.")
        for at, one in enumerate(wanted.types)
        if one not in _TYPES
    ] + [
        Mistake(f"/kinds/{at}", f"{one!r} is no kind of place.", f"Write one of {', '.join(sorted(BROADER))}.")
        for at, one in enumerate(wanted.kinds)
        if one not in BROADER
    ]
    try:
        check(wanted.url, context.settings.allowed)
    except Unreachable as error:
        mistakes.append(Mistake("/url", str(error), error.hint))
    if mistakes:
        raise Problem(INVALID, "The webhook was not kept.", errors=[one.members() for one in mistakes])


_TYPES = frozenset(one.value for one in ChangeType)
