"""The crawl of what is sent: no webhook of any audience carries anything of a record that they may not see."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from functools import partial

from starlette.testclient import TestClient

from service.app import create_app
from service.hooks import subscribing
from service.http import callers
from service.rights import holding
from service.store import deliveries, events, webhooks
from service.store.reach import Scope
from service.store.webhooks import Wanted
from tests.crawl.canaries import Maker, some
from tests.crawl.ground import ASKING
from tests.crawl.oracle import Audience
from tests.crawl.planting import plant, settle
from tests.crawl.scanning import Hidden
from tests.service.hooks.receiving import listening, until

TELLING = [who for who in ASKING if who not in {Audience.ANONYMOUS, Audience.WRONG_KEY, Audience.STEWARD}]
WITHIN_S = 120


def drained(context):
    """Return whether everything that happened was sent."""
    with context.store.read() as session:
        head, hooks = events.mark(session), webhooks.all(session)
        waiting, _ = deliveries.waiting(session)
    return waiting == 0 and all(hook.position.event >= head - 1 for hook in hooks)


def told_to(receiver):
    """Return the types of message that a receiver was sent."""
    return {one["type"] for one in receiver.messages}


def test_no_message_tells_what_its_receiver_may_not_see(listed_on_both):
    """Planted records of every class, consent and state, then a hold over them: headers and bodies are searched."""
    context = listed_on_both
    with ExitStack() as stack:
        stack.enter_context(TestClient(create_app(context)))
        for thread in threading.enumerate():
            if thread.name == "catch-up":
                thread.join()
        world = settle(context, [])
        receivers = {who: stack.enter_context(listening()) for who in TELLING}
        for who, receiver in receivers.items():
            caller = callers.of_key(context, world.keys[who])
            subscribing.subscribe(context, Wanted(receiver.url), caller)
        world.canaries = some(Maker())
        plant(world, world.canaries)
        until(partial(drained, context), WITHIN_S)
        asked = holding.Asked(Scope(country="KEN"), "unrest")
        holding.hold(context, asked, world.callers[0])
        until(lambda: {"flag.gone"} <= told_to(receivers[Audience.STRANGER]), WITHIN_S)
        until(partial(drained, context), WITHIN_S)
    for who, receiver in receivers.items():
        hidden = Hidden.of(who, world.canaries)
        for headers, body in receiver.requests:
            leaks = hidden.search((headers, body), headers["host"])
            assert leaks == [], (who, leaks)
    told = {who: told_to(receiver) for who, receiver in receivers.items()}
    assert "flag.published" in told[Audience.STRANGER]
    assert "flag.gone" in told[Audience.STRANGER] & told[Audience.REVIEWER]
    assert {"flag.raised", "flag.published"} <= told[Audience.OWN] | told[Audience.ADMIN]
