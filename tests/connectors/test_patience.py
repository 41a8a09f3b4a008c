"""Waits before another try are told to who asked to hear of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from stamina.instrumentation import set_on_retry_hooks

from connectors.client import Client, Question
from connectors.errors import SourceUnavailable
from connectors.patience import tell_retries

KEY = "0123456789abcdef"


@pytest.fixture
def heard() -> Iterator[list[str]]:
    """Hear of every wait."""
    told: list[str] = []
    tell_retries(lambda said, _seconds: told.append(said))
    yield told
    set_on_retry_hooks(None)


def refused(request: httpx.Request) -> httpx.Response:
    """Refuse the connection, naming the address."""
    message = f"refused at {request.url}"
    raise httpx.ConnectError(message)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(refused, "it cannot be reached from here (ConnectError refused at"), (lambda _: httpx.Response(503), "HTTP 503")],
)
def test_every_wait_is_told_without_the_key(
    heard: list[str], answer: Callable[[httpx.Request], httpx.Response], said: str
):
    """Four waits lie between five tries; each says what went wrong."""
    with Client(transport=httpx.MockTransport(answer)) as client, pytest.raises(SourceUnavailable):
        client.get(Question("s", "https://example.org/data", {"key": KEY}))
    assert len(heard) == 4
    assert all(one.startswith(said) and KEY not in one for one in heard)
