"""The outbox: what happened becomes messages, each frozen as whoever asked may see it, and kept until it is sent.

Written down by one process at a time, soon after it happened. What happened to one flag in between is one message.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.callers.caller import Caller
from service.changes.audience import audience_of
from service.changes.feed import Asked, ChangeType, Stretch, stretch
from service.changes.showing import Showing
from service.context import Context
from service.hooks import messages
from service.hooks.giving_up import Reason, switch_off
from service.running import clock
from service.store import deliveries, faces, keys, webhooks
from service.store.engine import Session
from service.store.touches import Position
from service.store.webhooks import Webhook

#: Messages written down in one transaction.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _News:
    """What a webhook is to be told, and what its key could see then."""

    webhook: Webhook
    audience: str
    found: Stretch


def write_down(context: Context, webhook_id: str) -> int:
    """Write down everything that a webhook is to be told by now, and return how many messages these are.

    Where its key opens nothing any more it is switched off; where that key sees other things than before, all that it
    sees is held against what it was told.
    """
    written = 0
    while True:
        news = _read(context, webhook_id)
        if news is None:
            return written
        written += context.store.write(lambda session, news=news: _keep(session, news))  # type: ignore[misc]
        if not news.found.more:
            return written


def _read(context: Context, webhook_id: str) -> _News | None:
    with context.store.read() as session:
        webhook = webhooks.get(session, webhook_id)
        if webhook is None or webhook.standing.disabled_at is not None:
            return None
        caller = keys.acting_for(session, webhook.key_id)
        news = None if caller is None else _found(session, webhook, caller)
    if news is None:
        context.store.write(lambda session: switch_off(session, webhook, Reason.KEY_ENDED))
    return news


def _found(session: Session, webhook: Webhook, caller: Caller) -> _News:
    audience = audience_of(caller)
    begins = webhook.position if audience == webhook.audience else Position()
    showing = Showing(session, caller, messages.fitting(webhook.wanted))
    asked = Asked(begins, AT_ONCE, repeats=False)
    return _News(webhook, audience, stretch(showing, webhook.memory, asked))


def _keep(session: Session, news: _News) -> int:
    """Keep messages and the place up to which they tell; nothing where somebody else did meanwhile."""
    before, found, now = news.webhook, news.found, clock.now()
    webhook = webhooks.get(session, before.id, lock=True)
    if webhook is None or (webhook.position, webhook.number) != (before.position, before.number):
        return 0
    wanted = [change for change in found.changes if messages.wants(webhook.wanted, change)]
    made = [messages.told(change, webhook.number + at, now) for at, change in enumerate(wanted, 1)]
    deliveries.empty(session, webhook, [one.flag_id for one in found.changes if one.type is ChangeType.GONE])
    deliveries.add(session, webhook, made)
    faces.put(session, webhook.memory, found.faces)
    ends = found.ends if found.more else found.read_to
    moved = replace(webhook, audience=news.audience, position=ends, number=webhook.number + len(made))
    webhooks.move(session, moved)
    return len(made)
