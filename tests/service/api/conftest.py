"""What the tests of the API begin with: a client, callers with keys, a list that lacks one village."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.housekeeping import totals
from service.running import clock, holders
from service.store import keys, leases
from service.store.leases import Claim

WHO = {
    "contributor": ("map-kibera", Role.CONTRIBUTOR),
    "stranger": ("another-group", Role.CONTRIBUTOR),
    "reviewer": ("statistics-office", Role.REVIEWER),
    "admin": ("desk", Role.ADMIN),
}

VILLAGE = {"country": "KEN", "kind": "village"}

#: Lies between two listed villages and is not on the list itself.
ABSENT = {"name": "Bondeni", "location": {"lat": 0.536, "lon": 35.0, "uncertainty_m": 100}, **VILLAGE}
LISTED = {"name": "Lindi", "location": {"lat": 0.518, "lon": 35.0, "uncertainty_m": 100}, **VILLAGE}


class Api:
    """The application over a context, as callers of different roles meet it."""

    absent = ABSENT
    listed = LISTED

    def __init__(self, client: TestClient, context: Context) -> None:
        """Make a key for each caller."""
        self.client = client
        self.context = context
        with context.store.begin() as session:
            self.keys = {who: keys.create(session, *WHO[who], "test") for who in WHO}

    def key(self, who: str | None) -> dict[str, str]:
        """Return the header that says who calls; nobody for None."""
        return {} if who is None else {"Authorization": f"Bearer {self.keys[who]}"}

    def get(self, path: str, who: str | None = None, **options: Any) -> Any:
        """Read something."""
        headers = self.key(who) | options.pop("headers", {})
        return self.client.get(path, headers=headers, **options)

    def post(self, path: str, body: Any, who: str | None = "contributor", **headers: str) -> Any:
        """Send something as JSON."""
        return self.client.post(path, json=body, headers=self.key(who) | headers)

    def raw(self, path: str, content: bytes, kind: str | None = "application/json") -> Any:
        """Send bytes."""
        headers = self.key("contributor") | ({"Content-Type": kind} if kind else {})
        return self.client.post(path, content=content, headers=headers)

    def settle(self) -> None:
        """Work out what outsiders are told of hidden communities, as the service does by itself a little later."""
        totals.settle(self.context)

    def decide(self, flag_id: str, decision: str, who: str = "reviewer", **parts: Any) -> Any:
        """Decide about a flag."""
        body = {"decision": decision, "reason_code": "field_visit", **parts}
        return self.post(f"/v1/flags/{flag_id}/reviews", body, who)

    def published(self, **parts: Any) -> str:
        """Send an absent community, let two people confirm and publish it, and return the id of its flag."""
        answer = self.post("/v1/records", {**ABSENT, "consent": "public_exact", **parts})
        assert answer.status_code == 201, answer.text
        flag_id = answer.json()["flag_id"]
        for decision, who in (("confirmed", "reviewer"), ("published", "admin")):
            assert self.decide(flag_id, decision, who).status_code == 201
        return flag_id


def _api(context: Context, scene: Any) -> Iterator[Api]:
    scene.publish(context, scene.official(scene.without("Bondeni")))
    led = Claim(holders.name(), clock.now(), timedelta(minutes=4))  # totals move when a test settles them, not between
    context.store.write(lambda session: leases.take(session, totals.LEASE, led))
    with TestClient(create_app(context)) as client:
        for thread in threading.enumerate():
            if thread.name == "catch-up":  # the tests begin when the service has nothing left to do by itself
                thread.join()
        yield Api(client, context)


@pytest.fixture
def api(context, scene):
    """Give the application on both databases."""
    yield from _api(context, scene)


@pytest.fixture
def sqlite_api(sqlite_context, scene):
    """Give the application on SQLite only."""
    yield from _api(sqlite_context, scene)
