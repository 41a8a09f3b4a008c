"""What the tests of the client begin with: a real service on the loopback, with the sample of Kibera in it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from service import demo
from service.app import create_app
from service.callers.caller import Role
from service.client import Client, Patience
from service.context import Context
from service.verify import silent

PATIENCE_S = 30

#: Villages that the list of a made-up district does not name.
UNLISTED = ("Turbo", "Bondeni", "Soi", "Nyaru")

#: Of clients in tests: they wait, and not for long.
QUICK = Patience(attempts=3, longest_wait=1.0, connect=5.0, answer=60.0)


@pytest.fixture
def address(sqlite_context: Context, scene: Any) -> Iterator[str]:
    """Serve on a free port and give the address."""
    demo.load(sqlite_context, demo.samples(sqlite_context)[0], silent)
    scene.publish(sqlite_context, scene.official([one for one in scene.villages if one[0] not in UNLISTED]))
    server = uvicorn.Server(uvicorn.Config(create_app(sqlite_context), port=0, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    (socket,) = server.servers[0].sockets
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)


@pytest.fixture
def keys(sqlite_context: Context, address: str) -> dict[str, str]:  # noqa: ARG001 - the sample stands by then
    """Give a key for each role."""
    return {role.value: key for role, key in demo.role_keys(sqlite_context).items()}


@pytest.fixture
def uncounted(address: str, keys: dict[str, str]) -> Iterator[Client]:
    """Give a client with the key of a contributor."""
    with Client(address, keys[Role.CONTRIBUTOR.value], patience=QUICK) as client:
        yield client
