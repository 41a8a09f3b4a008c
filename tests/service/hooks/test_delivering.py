"""Delivering: at least once, as frozen, and no more than may be seen when it goes."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from connectors.courier import Courier
from service import submit, verify
from service.callers.caller import Role
from service.hooks import outbox, patience, subscribing
from service.hooks.delivering import attempt
from service.hooks.giving_up import Reason
from service.hooks.sender import Sender
from service.running import clock
from service.store import deliveries, keys, leases, webhooks
from service.store.webhook_tables import DeliveryState
from service.store.webhooks import Wanted
from tests.service.hooks.receiving import listening, until

ROOT = Path(__file__).parents[3]

#: Takes a message to its receiver, and dies before anybody notes that it arrived.
DYING = """
import os, signal, sys
from pathlib import Path
from connectors.courier import Courier
from service.context import open_context
from service.hooks.delivering import attempt
from service.configuration.settings import Settings
from service.store.deliveries import Due

class Dying(Courier):
    def take(self, message):
        super().take(message)
        os.kill(os.getpid(), signal.SIGKILL)

directory, url, webhook, message = sys.argv[1:]
settings = Settings(data_dir=Path(directory), database_url=url, allowed_networks=("127.0.0.0/8",), _env_file=None)
context = open_context(settings)
attempt(context, Dying("", context.settings.allowed), Due(webhook, message))
"""


@pytest.fixture
def receiver():
    """Give a receiver."""
    with listening() as one:
        yield one


@pytest.fixture
def sending(context, receiver):
    """Give the receiver, and a courier that reaches it."""
    with Courier("", context.settings.allowed) as one:
        yield receiver, one


@pytest.fixture
def hook(context, scene, receiver):
    """Give a webhook of an organisation, and publish a list that lacks one village."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    caller = scene.caller(context.store)
    made, secret = subscribing.subscribe(context, Wanted(receiver.url), caller)
    receiver.secrets.append(secret)
    return made, caller


def raised(context, scene, caller, **parts):
    """Send a community that no list names, and return its record."""
    place = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
    said = scene.account("Bondeni", lat=place[0], lon=place[1], own_id="b", **parts)
    (receipt,) = submit.accept(context, [said], caller)
    verify.verify(context, [receipt.record_id])
    return receipt.record_id


def due(context):
    """Return what may be sent now."""
    with context.store.read() as session:
        return deliveries.due(session, clock.now())


def kept(context, hook):
    """Return the messages of a webhook, the newest first."""
    with context.store.read() as session:
        return deliveries.page(session, webhooks.get(session, hook.id), None, (None, 100)).items


def become(context, caller, role):
    """Let a key have another role."""
    with context.store.begin() as session:
        session.execute(update(keys.KEYS).where(keys.KEYS.c.id == caller.key_id).values(role=role.value))


def test_what_happened_while_nobody_sent_is_told_later(context, scene, hook, sending):
    """The log of events is the outbox: a service that was away tells what came about without it."""
    receiver, courier = sending
    made, caller = hook
    record = raised(context, scene, caller)
    assert kept(context, made) == ()
    assert outbox.write_down(context, made.id) == 1
    assert outbox.write_down(context, made.id) == 0
    attempt(context, courier, due(context)[0])
    (message,) = receiver.messages
    assert message["data"]["flag"]["record_id"] == record
    assert receiver.verified(*receiver.requests[0])
    (told,) = kept(context, made)
    assert (told.state, told.body) == (DeliveryState.DELIVERED, None)


def test_killed_after_sending_it_sends_again_under_the_same_identifier(context, scene, hook, sending):
    """A process that dies between the attempt and its note leaves a message that waits, with the attempt counted."""
    receiver, courier = sending
    made, caller = hook
    raised(context, scene, caller)
    outbox.write_down(context, made.id)
    (message,) = kept(context, made)
    url = context.store.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", DYING, str(context.settings.data_dir), url, made.id, message.id]
    died = subprocess.run(command, cwd=ROOT, check=False, timeout=60, capture_output=True)  # noqa: S603 - our own
    assert died.returncode == -signal.SIGKILL, died.stderr
    (after,) = kept(context, made)
    assert (after.state, after.attempts, after.body) == (DeliveryState.WAITING, 1, message.body)
    assert due(context) == []
    until(lambda: due(context))
    attempt(context, courier, due(context)[0])
    (first, body), (second, again) = receiver.requests
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert kept(context, made)[0].state is DeliveryState.DELIVERED


def test_what_is_corrected_meanwhile_leaves_what_was_frozen(context, scene, hook, sending):
    """Each attempt sends the same bytes; the correction is a message of its own."""
    receiver, courier = sending
    made, caller = hook
    receiver.answers = [(500, {})]
    raised(context, scene, caller)
    outbox.write_down(context, made.id)
    attempt(context, courier, due(context)[0])
    raised(context, scene, caller, groups=("pastoralists",))
    outbox.write_down(context, made.id)
    first = kept(context, made)[-1].id
    until(lambda: [one for one in due(context) if one.delivery_id == first])
    attempt(context, courier, due(context)[0])
    assert receiver.requests[0][1] == receiver.requests[1][1]
    assert receiver.requests[0][0]["webhook-id"] == receiver.requests[1][0]["webhook-id"]
    newest = kept(context, made)[0]
    assert (newest.state, newest.number) == (DeliveryState.WAITING, 2)
    assert "pastoralists" in newest.body


def test_two_who_send_the_same_send_it_once(context, scene, hook, sending):
    """Of two processes that both believe they lead, one notes the attempt, and the other leaves it."""
    receiver, courier = sending
    made, caller = hook
    raised(context, scene, caller)
    outbox.write_down(context, made.id)
    (one,) = due(context)
    assert attempt(context, courier, one).well
    assert attempt(context, courier, one) is None
    assert len(receiver.requests) == 1


def test_ten_attempts_end_it_and_the_webhook(context, scene, hook, sending):
    """When the last attempt with a message failed and none succeeded since, it is switched off and says why."""
    receiver, courier = sending
    made, caller = hook
    receiver.answers = [(500, {})] * patience.ATTEMPTS
    raised(context, scene, caller)
    outbox.write_down(context, made.id)
    (message,) = due(context)
    for number in range(patience.ATTEMPTS):
        with context.store.begin() as session:
            session.execute(update(deliveries.DELIVERIES).values(attempts=number))
            standing = webhooks.get(session, made.id).standing
            webhooks.stand(session, made.id, replace(standing, rests_until=None))
        attempt(context, courier, message)
    with context.store.read() as session:
        standing = webhooks.get(session, made.id).standing
    assert (standing.failures, standing.disabled_for) == (patience.ATTEMPTS, Reason.FAILING)
    assert kept(context, made)[0].state is DeliveryState.FAILED
    subscribing.switch(context, made.id, caller, on=True)
    attempt(context, courier, due(context)[0])
    assert kept(context, made)[0].state is DeliveryState.DELIVERED


def test_another_secret_key_sends_nothing(context, scene, hook, sending):
    """A machine that would sign wrongly switches the webhook off and says so; an exchange mends it."""
    receiver, courier = sending
    made, caller = hook
    raised(context, scene, caller)
    outbox.write_down(context, made.id)
    (context.settings.data_dir / "secret.key").write_bytes(b"another one, of thirty-two letters or more")
    assert attempt(context, courier, due(context)[0]) is None
    with context.store.read() as session:
        assert webhooks.get(session, made.id).standing.disabled_for == Reason.SECRET_LOST
    _, secret = subscribing.exchange(context, made.id, patience.LONGEST_ASKED, caller)
    subscribing.switch(context, made.id, caller, on=True)
    attempt(context, courier, due(context)[0])
    receiver.secrets = [secret]
    assert receiver.verified(*receiver.requests[0])
    assert receiver.requests[0][0]["webhook-signature"].count("v1,") == 1


def test_a_key_that_sees_more_is_told_of_it(context, scene, hook, receiver):
    """When rights become others, what is seen then is held against what was told."""
    made, caller = hook
    raised(context, scene, scene.caller(context.store, "another-group"), consent="partners")
    assert outbox.write_down(context, made.id) == 0
    become(context, caller, Role.READER)
    assert outbox.write_down(context, made.id) == 1
    become(context, caller, Role.CONTRIBUTOR)
    assert outbox.write_down(context, made.id) == 1
    assert [one.type for one in kept(context, made)] == ["flag.gone", "flag.raised"]
    assert receiver.requests == []


def test_of_several_processes_one_sends(context, scene, hook, receiver):
    """The others look on; where it ends, another takes over."""
    made, caller = hook
    senders = [Sender(context, 0.05) for _ in range(3)]
    for one in senders:
        one.start()
    raised(context, scene, caller)
    until(lambda: receiver.requests)
    with context.store.read() as session:
        assert leases.get(session, "webhooks") is not None
    for one in senders[:2]:
        one.end()
        one.thread.join(10)
    subscribing.ping(context, made.id, caller)
    until(lambda: len(receiver.requests) == 2)
    senders[2].end()
    senders[2].thread.join(10)
    time.sleep(0.1)
    assert len(receiver.requests) == 2


def test_what_ended_long_ago_is_forgotten(context, hook, sending):
    """Of the log only the last thirty days are kept."""
    receiver, courier = sending
    made, caller = hook
    subscribing.ping(context, made.id, caller)
    attempt(context, courier, due(context)[0])
    subscribing.ping(context, made.id, caller)
    assert context.store.write(lambda session: deliveries.forget(session, clock.now())) == 1
    assert [one.state for one in kept(context, made)] == [DeliveryState.WAITING]
    assert len(receiver.requests) == 1


def test_an_exchanged_key_acts_for_the_one_before(context, scene):
    """The newest key of a line that opens anything is whose rights hold."""
    caller = scene.caller(context.store)
    with context.store.begin() as session:
        made, _ = keys.rotate(session, caller.key_id, patience.LONGEST_ASKED)
    with context.store.read() as session:
        assert keys.acting_for(session, caller.key_id).key_id == made
        assert keys.acting_for(session, "nobody's") is None
