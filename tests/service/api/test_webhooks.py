"""Webhooks through the API: who is told what, signed how, and what is said of it."""

from __future__ import annotations

import pytest

from tests.service.hooks.receiving import listening, until


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


def settled(api, hook):
    """Return the messages of a webhook once none waits."""
    items = api.get(f"/v1/webhooks/{hook['id']}/deliveries", "contributor").json()["items"]
    return items if items and all(one["state"] != "waiting" for one in items) else None
