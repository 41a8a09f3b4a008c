"""Webhooks through the API: who is told what, signed how, and what is said of it."""

from __future__ import annotations

import random
import re
import threading
from contextlib import ExitStack

import pytest

from service.callers.caller import Role
from service.store import keys
from tests.service.hooks.receiving import listening, recipe, until


@pytest.fixture
def receiver():
    """Give a receiver."""
    with listening() as one:
        yield one


def made(api, receiver, who="contributor", **parts):
    """Make a webhook, teach the receiver its secret, and return it."""
    answer = api.post("/v1/webhooks", {"url": receiver.url, **parts}, who)
    assert answer.status_code == 201, answer.text
    receiver.secrets.append(answer.json()["secret"])
    return answer.json()


def test_a_flag_is_told_as_its_organisation_sees_it(api, receiver):
    """Raised, confirmed, published: each is one signed message with the flag as the API shows it to that key."""
    hook = made(api, receiver)
    flag_id = api.published()
    until(lambda: receiver.messages and receiver.messages[-1]["type"] == "flag.published")
    assert all(receiver.verified(*one) for one in receiver.requests)
    last = receiver.messages[-1]
    assert last["data"]["flag"] == api.get(f"/v1/flags/{flag_id}", "contributor").json()
    assert [one["sequence"] for one in receiver.messages] == list(range(1, len(receiver.messages) + 1))
    log = until(lambda: settled(api, hook))
    assert {one["status"] for one in log} == {204}


def settled(api, hook, who="contributor"):
    """Return the messages of a webhook once none waits, the newest first."""
    items = api.get(f"/v1/webhooks/{hook['id']}/deliveries", who).json()["items"]
    return items if items and all(one["state"] != "waiting" for one in items) else None


def deliveries(api, hook, who="contributor", **params):
    """Return the messages of a webhook, oldest first."""
    return api.get(f"/v1/webhooks/{hook['id']}/deliveries", who, params=params).json()["items"][::-1]


def ping(api, hook, who="contributor"):
    """Send a message that tells of nothing, and return it."""
    answer = api.post(f"/v1/webhooks/{hook['id']}/ping", None, who)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_the_secret_is_shown_once_and_kept_nowhere(api, receiver):
    """No later answer and no table holds it; a new one is told once too, and both sign until the old one ends."""
    hook = made(api, receiver)
    seen = api.get("/v1/webhooks", "contributor").text + api.get(f"/v1/webhooks/{hook['id']}", "contributor").text
    with api.context.store.read() as session:
        kept = str(session.exec_driver_sql("SELECT * FROM webhooks").all())
    assert hook["secret"] not in seen + kept
    new = api.post(f"/v1/webhooks/{hook['id']}/secret", {"overlap_hours": 1}).json()
    ping(api, hook)
    until(lambda: receiver.requests)
    signatures = receiver.requests[0][0]["webhook-signature"].split()
    assert len(signatures) == 2
    for secret in (hook["secret"], new["secret"]):
        receiver.secrets = [secret]
        assert receiver.verified(*receiver.requests[0])
    assert api.post(f"/v1/webhooks/{hook['id']}/secret", {"overlap_hours": 1}).status_code == 409


def test_an_exchange_without_overlap_ends_the_old_secret_at_once(sqlite_api, receiver):
    """A secret that leaked signs nothing more from the answer on."""
    hook = made(sqlite_api, receiver)
    new = sqlite_api.post(f"/v1/webhooks/{hook['id']}/secret", {"overlap_hours": 0}).json()
    ping(sqlite_api, hook)
    until(lambda: receiver.requests)
    assert not receiver.verified(*receiver.requests[0])
    receiver.secrets = [new["secret"]]
    assert receiver.verified(*receiver.requests[0])


def test_a_message_that_was_changed_on_its_way_is_known(sqlite_api, receiver):
    """Neither another body, another identifier, nor an old moment passes the check of the recipe."""
    hook = made(sqlite_api, receiver)
    ping(sqlite_api, hook)
    until(lambda: receiver.requests)
    headers, body = receiver.requests[0]
    assert receiver.verified(headers, body)
    assert not receiver.verified(headers, body.replace(b"ping", b"pong"))
    assert not receiver.verified(headers | {"webhook-id": "0" * 32}, body)
    assert not receiver.verified(headers, body, now=int(headers["webhook-timestamp"]) + 301)


def test_outsiders_are_told_what_is_published_as_they_may_see_it(api, receiver):
    """A stranger's webhook hears nothing before publication, and then of a masked place without its exact point."""
    made(api, receiver, "stranger")
    flag_id = api.published(consent="public_masked")
    until(lambda: receiver.messages)
    (message,) = receiver.messages
    assert (message["type"], message["data"]["flag_id"]) == ("flag.published", flag_id)
    assert message["data"]["flag"]["organisation"] is None
    assert b"0.536" not in receiver.requests[0][1]


def test_what_was_told_and_is_withdrawn_is_told_to_be_gone(api, receiver):
    """Whoever was told of a flag is told that it is gone, by its identifier and nothing else."""
    hook = made(api, receiver, "stranger")
    flag_id = api.published()
    until(lambda: receiver.messages)
    record = api.get(f"/v1/flags/{flag_id}").json()["record_id"]
    api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn", "erase": True})
    last = until(lambda: receiver.messages[1:])[0]
    assert (last["type"], last["data"]) == ("flag.gone", {"flag_id": flag_id, "flag": None})
    assert {one["state"] for one in until(lambda: settled(api, hook, "stranger"))} == {"delivered"}


def test_what_is_withdrawn_before_it_is_received_is_never_sent(api, receiver):
    """A message that waits for its next attempt says that the flag is gone, and what it held is forgotten."""
    hook = made(api, receiver, "stranger")
    receiver.answers = [(500, {"Retry-After": "2"})]
    flag_id = api.published()
    until(lambda: deliveries(api, hook, "stranger") and deliveries(api, hook, "stranger")[0]["status"] == 500)
    record = api.get(f"/v1/flags/{flag_id}").json()["record_id"]
    api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn", "erase": True})
    until(lambda: all(one["state"] == "delivered" for one in deliveries(api, hook, "stranger")), 60)
    assert {one["type"] for one in receiver.messages[1:]} == {"flag.gone"}
    assert receiver.messages[0]["id"] in {one["id"] for one in receiver.messages[1:]}
    with api.context.store.read() as session:
        assert session.exec_driver_sql("SELECT count(*) FROM webhook_deliveries WHERE body IS NOT NULL").scalar() == 0


def test_what_is_not_received_goes_again_under_the_same_identifier(api, receiver):
    """After an error the same body comes again, no earlier than asked for, and the log tells of the last attempt."""
    hook = made(api, receiver)
    receiver.answers = [(503, {"Retry-After": "6"})]
    message = ping(api, hook)
    until(lambda: len(receiver.requests) == 2, 60)
    (first, body), (second, again) = receiver.requests
    assert first["webhook-id"] == second["webhook-id"] == message["id"]
    assert body == again
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) >= 5
    (told,) = until(lambda: settled(api, hook))
    assert (told["state"], told["attempts"], told["status"]) == ("delivered", 2, 204)
    assert told["milliseconds"] >= 0
    assert api.get(f"/v1/webhooks/{hook['id']}", "contributor").json()["failures"] == 0


def test_a_receiver_that_wants_nothing_more_is_told_nothing_more(api, receiver):
    """410 switches the webhook off, with the reason; switched on, what was given up goes."""
    hook = made(api, receiver)
    receiver.answers = [(410, {})]
    ping(api, hook)
    until(lambda: not api.get(f"/v1/webhooks/{hook['id']}", "contributor").json()["active"])
    off = api.get(f"/v1/webhooks/{hook['id']}", "contributor").json()["disabled"]
    assert off["reason"] == "gone"
    assert "410" in off["message"]
    assert api.post(f"/v1/webhooks/{hook['id']}/ping", None).status_code == 409
    on = api.client.patch(f"/v1/webhooks/{hook['id']}", json={"active": True}, headers=api.key("contributor"))
    assert on.json()["active"] is True
    until(lambda: settled(api, hook))
    assert len(receiver.requests) == 2


def test_redirects_are_not_followed(sqlite_api, receiver):
    """A receiver that points elsewhere is one that did not receive."""
    hook = made(sqlite_api, receiver)
    with listening() as elsewhere:
        receiver.answers = [(307, {"Location": elsewhere.url})]
        ping(sqlite_api, hook)
        until(lambda: deliveries(sqlite_api, hook)[0]["status"] == 307)
        assert elsewhere.requests == []


def test_a_message_is_sent_again_when_somebody_says_so(sqlite_api, receiver):
    """Under its identifier; one that tells of a flag tells what may be seen now."""
    hook = made(sqlite_api, receiver)
    flag_id = sqlite_api.published()
    log = until(lambda: settled(sqlite_api, hook))
    number = len(receiver.requests)
    first = log[-1]
    answer = sqlite_api.post(f"/v1/webhooks/{hook['id']}/deliveries/{first['id']}/redeliver", None)
    assert (answer.status_code, answer.json()["state"]) == (200, "waiting")
    until(lambda: len(receiver.requests) > number)
    again = receiver.messages[-1]
    assert (again["id"], again["data"]["flag_id"]) == (first["id"], flag_id)
    assert again["data"]["flag"] == sqlite_api.get(f"/v1/flags/{flag_id}", "contributor").json()


def test_filters_choose_what_is_told(sqlite_api, receiver):
    """By type, country and kind of place; that something is gone is told whatever was chosen."""
    made(sqlite_api, receiver, types=["flag.published"], countries=["KE"], kinds=["settlement"])
    with listening() as other:
        made(sqlite_api, other, countries=["TZA"])
        flag_id = sqlite_api.published()
        until(lambda: receiver.messages)
        record = sqlite_api.get(f"/v1/flags/{flag_id}").json()["record_id"]
        body = {**sqlite_api.absent, "kind": "school", "consent": "public_exact"}
        revised = sqlite_api.client.post("/v1/records", json={**body, "id": "x"}, headers=sqlite_api.key("contributor"))
        assert revised.status_code == 201
        sqlite_api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn", "erase": True})
        until(lambda: receiver.messages[-1]["type"] == "flag.gone")
        assert receiver.messages[0]["type"] == "flag.published"
        assert {one["type"] for one in other.messages} <= {"flag.gone"}  # everybody could have a copy


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/x", "not found from here|https:// only|Nothing is sent"),
        ("ftp://example.org/x", "not the address"),
        ("https://user:word@127.0.0.1/x", "a name, a password"),
        ("https://169.254.169.254/latest/meta-data", "Nothing is sent there"),
        ("https://10.0.0.1/", "Nothing is sent there"),
        ("https://[::ffff:10.0.0.1]/", "Nothing is sent there"),
        ("https://[fe80::1]/", "Nothing is sent there"),
        ("http://8.8.8.8/", "https:// only"),
        ("https://8.8.8.8:25/", "none of the web"),
        ("https://", "not the address"),
        ("https://[::1", "not the address"),
    ],
)
def test_addresses_that_nobody_else_reaches_are_refused(sqlite_api, url, said):
    """Private, link-local and metadata addresses, other schemes and ports, and names in the address."""
    answer = sqlite_api.post("/v1/webhooks", {"url": url})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/url"
    assert re.search(said, error["message"]), error


def test_a_webhook_is_for_the_holder_of_its_key_and_admins(api, receiver):
    """To others of the same organisation, too, it answers like one that is not there."""
    hook = made(api, receiver, "reviewer")
    address = f"/v1/webhooks/{hook['id']}"
    with api.context.store.begin() as session:
        api.keys["colleague"] = keys.create(session, "statistics-office", Role.CONTRIBUTOR, "test")
    for who in ("stranger", "colleague"):
        assert api.get("/v1/webhooks", who).json()["items"] == []
        told = [api.get(address, who), api.get(f"{address}/deliveries", who), api.post(f"{address}/ping", None, who)]
        told += [
            api.client.patch(address, json={"url": "https://8.8.8.8/"}, headers=api.key(who)),
            api.client.delete(address, headers=api.key(who)),
            api.post(f"{address}/secret", {}, who),
        ]
        assert {one.status_code for one in told} == {404}
    assert [one["id"] for one in api.get("/v1/webhooks", "admin").json()["items"]] == [hook["id"]]
    assert api.get(address).status_code == 401


def test_an_exchanged_key_goes_on_and_a_revoked_one_ends_it(api, receiver):
    """The key that took its place sees the webhook; once no key opens anything, nothing is sent, and that is said."""
    hook = made(api, receiver)
    new = api.post("/v1/keys/rotate", {}).json()
    api.keys["newer"] = new["key"]
    ping(api, hook, "newer")
    until(lambda: receiver.requests)
    with api.context.store.begin() as session:
        for one in keys.of_organisation(session, "map-kibera"):
            keys.revoke(session, one.id)
    api.post("/v1/records", api.absent, "stranger")
    until(lambda: not api.get(f"/v1/webhooks/{hook['id']}", "admin").json()["active"])
    assert api.get(f"/v1/webhooks/{hook['id']}", "admin").json()["disabled"]["reason"] == "key_ended"
    assert len(receiver.requests) == 1


def test_one_that_does_not_answer_keeps_nobody_waiting(api):
    """Of thirty-two receivers one hangs; all others have their message within moments."""
    with ExitStack() as stack:
        hanging = stack.enter_context(listening(hang=threading.Event()))
        others = [stack.enter_context(listening()) for _ in range(31)]
        hooks = [made(api, hanging, "admin")]
        with api.context.store.begin() as session:
            for number in range(2):
                api.keys[f"many{number}"] = keys.create(session, f"many{number}", Role.CONTRIBUTOR, "test")
        hooks += [made(api, one, f"many{number % 2}") for number, one in enumerate(others)]
        for hook in hooks:
            ping(api, hook, "admin")
        until(lambda: all(one.requests for one in others))
        assert len(hanging.requests) == 1
        assert deliveries(api, hooks[0], "admin")[0]["state"] == "waiting"


def test_who_applies_messages_by_their_number_holds_what_is_seen(api, receiver):
    """A receiver that keeps the highest number of each flag ends right, whatever comes twice or in another order."""
    made(api, receiver, "reviewer")
    first, second = api.published(), None
    second = api.post("/v1/records", {**api.absent, "location": {"lat": 3.5, "lon": 35.0}}).json()["flag_id"]
    record = api.get(f"/v1/flags/{first}").json()["record_id"]
    api.post(f"/v1/records/{record}/withdrawal", {"reason_code": "consent_withdrawn", "erase": True})
    until(lambda: [one for one in receiver.messages if one["type"] == "flag.gone"])
    messages = until(
        lambda: receiver.messages if any(one["data"]["flag_id"] == second for one in receiver.messages) else 0
    )
    for seed in range(20):
        shuffled = [*messages, *messages]
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, no secret
        assert applied(shuffled).keys() == {one["id"] for one in api.get("/v1/flags", "reviewer").json()["items"]}


def applied(messages):
    """Return the copy of a receiver as docs/webhooks.md describes it."""
    latest = {}
    for one in messages:
        recipe()["apply"](one, latest)
    return {flag_id: one for flag_id, one in latest.items() if one["data"]["flag"] is not None}


def test_removed_it_is_gone(sqlite_api, receiver):
    """A webhook that was removed is told nothing more, and answers like one that never was."""
    hook = made(sqlite_api, receiver)
    address = f"/v1/webhooks/{hook['id']}"
    assert sqlite_api.client.delete(address, headers=sqlite_api.key("contributor")).json()["removed"] is True
    assert sqlite_api.get(address, "contributor").status_code == 404
    sqlite_api.published()
    assert receiver.requests == []


def test_an_organisation_has_only_so_many(sqlite_api, receiver):
    """The twenty-first is refused, and says what to do."""
    for _ in range(20):
        assert sqlite_api.post("/v1/webhooks", {"url": receiver.url}).status_code == 201
    answer = sqlite_api.post("/v1/webhooks", {"url": receiver.url})
    assert answer.status_code == 422
    assert "20 webhooks at most" in answer.text
