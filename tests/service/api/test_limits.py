"""How often and how much somebody may ask: each key and each address for itself, and nobody for the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.http.measure import LARGEST_HEADERS, LONGEST_TARGET, MOST_PARAMETERS
from service.store import keys

Served = Callable[..., Any]


class Asking:
    """An application with its own settings, asked from an address by its keys."""

    def __init__(self, client: TestClient, secrets: dict[Role, str]) -> None:
        """Keep the client and the keys."""
        self.client, self.secrets = client, secrets

    def get(self, path: str = "/v1/sources", *, by: Role | None = None, key: str | None = None, **headers: str) -> Any:
        """Read something, by a key of a role, another key, or none."""
        secret = key or (self.secrets[by] if by else None)
        sent = {"Authorization": f"Bearer {secret}"} if secret else {}
        return self.client.get(path, headers=sent | {name.replace("_", "-"): value for name, value in headers.items()})

    def statuses(self, times: int, **asked: Any) -> list[int]:
        """Ask the same again and again."""
        return [self.get(**asked).status_code for _ in range(times)]


@contextmanager
def _serving(context: Context, address: str, changed: dict[str, Any]) -> Iterator[Asking]:
    settings = context.settings.model_copy(update=changed)
    with context.store.begin() as session:
        secrets = {role: keys.create(session, "desk", role, "") for role in Role}
    altered = type(context)(settings, context.store, context.archive, context.lists)
    with TestClient(create_app(altered), client=(address, 50_000)) as client:
        for thread in threading.enumerate():
            if thread.name == "catch-up":
                thread.join()
        yield Asking(client, secrets)


@pytest.fixture
def served(sqlite_context: Context) -> Iterator[Served]:
    """Give a function that serves with settings changed, from a proxy of this machine or another address."""
    with ExitStack() as stack:
        yield lambda address="203.0.113.9", **changed: stack.enter_context(_serving(sqlite_context, address, changed))


def test_whoever_asks_too_often_is_told_when_to_go_on(served: Served):
    """The answer is a problem with the time to wait; before it, each answer says what is left."""
    asking = served(rate_address="3/minute")
    left = [asking.get().headers["ratelimit"].partition(";t=")[0] for _ in range(3)]
    assert left == ['"reads";r=2', '"reads";r=1', '"reads";r=0']
    refused = asking.get()
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit-policy"] == '"reads";q=3;w=60'
    assert 1 <= int(refused.headers["retry-after"]) == refused.json()["retry_after"] <= 60


def test_what_was_asked_is_answered_again_after_a_while(served: Served, monkeypatch: pytest.MonkeyPatch):
    """The window slides: half of it later half of the budget is back, after two of them all."""
    clock = [1_000_020.0]
    monkeypatch.setattr("service.http.counters.monotonic", lambda: clock[0])
    asking = served(rate_address="10/minute")
    assert asking.statuses(11) == [200] * 10 + [429]
    clock[0] += 60 + 30
    assert asking.statuses(20).count(200) in {5, 8}  # by where in the window they were asked
    clock[0] += 120
    assert asking.statuses(11) == [200] * 10 + [429]


def test_a_key_has_budgets_of_its_own(served: Served):
    """Strangers at the same address, and other keys, use nothing up; reading, sending and long answers are apart."""
    asking = served(rate_address="5/minute", rate_reads="3/minute", rate_exports="1/minute", rate_writes="2/minute")
    assert asking.get(by=Role.ADMIN).status_code == 200  # known to be good from here
    assert asking.statuses(6)[-1] == 429
    assert asking.statuses(4, by=Role.ADMIN) == [200, 200, 200, 429]
    assert asking.statuses(2, by=Role.ADMIN, path="/v1/gap-reports") == [200, 429]
    headers = {"Authorization": f"Bearer {asking.secrets[Role.ADMIN]}"}
    sent = [asking.client.post("/v1/records", json={}, headers=headers).status_code for _ in range(3)]
    assert sent == [422, 422, 429]


def test_guessing_keys_slows_the_address_and_nobody_with_a_key(served: Served):
    """After some keys that open nothing no further one is looked up; who asked well before goes on asking."""
    asking = served(rate_failures="3/minute")
    assert asking.get(by=Role.REVIEWER).status_code == 200
    guesses = [asking.get(key=f"unc_{number:064x}").status_code for number in range(5)]
    assert guesses == [401, 401, 401, 429, 429]
    assert asking.get(by=Role.CONTRIBUTOR).status_code == 429  # new here, and nothing tells it from a guess
    assert asking.get(by=Role.REVIEWER).status_code == 200
    assert asking.get().status_code == 200


def test_a_wrong_key_cannot_ask_for_more_than_none(served: Served):
    """What reads no key, such as a page or a wrong address, counts all the same."""
    asking = served(rate_failures="3/minute")
    for path in ("/docs", "/nowhere", "/v1/sources?nothing=1"):
        assert asking.get(path, key="unc_wrong").status_code in {200, 404, 422}
    assert asking.get("/docs", key="unc_wrong").status_code == 429


def test_a_revoked_key_is_a_guess_from_then_on(served: Served, sqlite_context: Context):
    """It answers like one that nobody ever had, and is no longer known to be good."""
    asking = served(rate_failures="2/minute")
    assert asking.get(by=Role.ADMIN).status_code == 200
    with sqlite_context.store.begin() as session:
        found = keys.find(session, asking.secrets[Role.ADMIN])
        assert found is not None
        keys.revoke(session, str(found.key_id))
    assert asking.statuses(3, by=Role.ADMIN) == [401, 401, 429]


def test_whoever_watches_the_service_is_never_refused(served: Served):
    """Health is asked every few seconds, by machines that cannot wait, under any name."""
    asking = served(rate_address="1/minute", hosts=("uncounted.example",))
    assert asking.statuses(5, path="/healthz") == [200] * 5
    assert asking.statuses(5, path="/readyz") == [200] * 5


def test_rates_can_be_lifted(served: Served):
    """Off is off, and no headers tell of budgets that there are not."""
    asking = served()
    answers = [asking.get() for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert "ratelimit" not in answers[-1].headers


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("198.51.100.1, 127.0.0.2", "198.51.100.1"),
        ("1.1.1.1, 198.51.100.1", "198.51.100.1"),  # what stands before it anybody can write
        ("198.51.100.1, nonsense", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_proxy_of_ours_is_believed_about_who_asks(served: Served, told: str, counted: str | None):
    """The last address that is no proxy of ours is the one that counts."""
    asking = served("127.0.0.1", rate_address="1/minute")
    assert asking.get(X_Forwarded_For=told).status_code == 200
    assert asking.get(X_Forwarded_For=counted or "").status_code == 429
    assert asking.get(X_Forwarded_For="192.0.2.77").status_code == 200


def test_a_stranger_is_not_believed_about_who_asks(served: Served):
    """Who writes another address into every request is still counted as one."""
    asking = served("203.0.113.9", rate_address="2/minute")
    told = [asking.get(X_Forwarded_For=f"198.51.100.{number}").status_code for number in range(3)]
    assert told == [200, 200, 429]


def test_a_site_of_ipv6_is_one_caller(sqlite_context: Context):
    """A machine has more addresses than there are stars; they are counted together."""
    with _serving(sqlite_context, "2001:db8:1:2::1", {"rate_address": "1/minute"}) as asking:
        assert asking.get().status_code == 200
        with TestClient(asking.client.app, client=("2001:db8:1:2:ffff::9", 1)) as neighbour:
            assert neighbour.get("/v1/sources").status_code == 429


@pytest.mark.parametrize(
    ("path", "headers", "code"),
    [
        ("/v1/flags?q=" + "x" * LONGEST_TARGET, {}, "uri-too-long"),
        ("/v1/" + "x" * LONGEST_TARGET, {}, "uri-too-long"),
        ("/v1/flags?" + "&".join(["country=KEN"] * (MOST_PARAMETERS + 1)), {}, "uri-too-long"),
        ("/v1/flags", {"X-Much": "x" * LARGEST_HEADERS}, "headers-too-large"),
        ("/v1/flags", {f"X-{number}": "x" for number in range(100)}, "headers-too-large"),
    ],
)
def test_what_no_honest_request_needs_is_refused(served: Served, path: str, headers: dict[str, str], code: str):
    """An address or headers without end are not read any further."""
    assert served().get(path, **headers).json()["code"] == code


def test_a_body_nested_without_end_is_refused(served: Served):
    """Depth costs a stack; a body deeper than any record is unreadable or wrong, and never a failure of ours."""
    asking = served()
    for depth in (60, 900, 100_000):
        for opening, closing in ((b"[", b"]"), (b'{"a":', b"}")):
            body = opening * depth + b"1" + closing * depth
            headers = {
                "Authorization": f"Bearer {asking.secrets[Role.CONTRIBUTOR]}",
                "Content-Type": "application/json",
            }
            assert asking.client.post("/v1/records", content=body, headers=headers).status_code in {400, 422}


def test_only_the_names_of_the_service_are_served(served: Served):
    """A page that points its own name here reads nothing; names below one that begins with a dot are ours."""
    asking = served(hosts=("uncounted.example", ".office.example"))
    for host in ("uncounted.example", "UNCOUNTED.example:8443", "a.office.example"):
        assert asking.get(Host=host).status_code == 200
    for host in ("evil.example", "office.example", "uncounted.example.evil.example", "[::1]:80"):
        refused = asking.get(Host=host)
        assert (refused.status_code, refused.json()["code"]) == (421, "wrong-host")


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_of_proxies_are_refused(served: Served, method: str):
    """They would repeat what was sent, keys included."""
    answer = served().client.request(method, "/v1/records", headers={"Authorization": "Bearer unc_secret"})
    assert answer.status_code == 405
    assert "unc_secret" not in answer.text


def test_a_key_sends_only_some_files_at_once(served: Served, sqlite_context: Context):
    """The next is told to wait; another key is not concerned, and what was sent makes room again."""
    asking = served(uploads_at_once=2)
    path, body = "/v1/collections/walk/imports?dry_run=true", b"name,lat,lon\nTurbo,0.5,35.0\n"
    with sqlite_context.store.read() as session:
        found = keys.find(session, asking.secrets[Role.CONTRIBUTOR])
    assert found is not None
    under_way = asking.client.app.state.uploads  # type: ignore[attr-defined]

    def send(role: Role) -> Any:
        headers = {"Authorization": f"Bearer {asking.secrets[role]}", "Content-Type": "text/csv"}
        return asking.client.post(path, content=body, headers=headers)

    assert send(Role.CONTRIBUTOR).status_code == 200
    assert under_way == {}
    under_way[found.key_id] = 2
    refused = send(Role.CONTRIBUTOR)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
    assert int(refused.headers["retry-after"]) >= 1
    assert send(Role.ADMIN).status_code == 200
    under_way[found.key_id] = 1
    assert send(Role.CONTRIBUTOR).status_code == 200
    assert under_way == {found.key_id: 1}
