"""Sources that answer from our specimens, and no waiting between tries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import stamina

SPECIMENS = Path(__file__).parents[1] / "specimens"

Rule = tuple[str, int, bytes]  # part of the URL, status, body

#: What some sources send as dates of their content, though it is the time of the request.
_REQUEST_TIME = {"Last-Modified": "Sun, 13 Jun 2021 02:49:00 GMT"}


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    """Try as often as in earnest, without waiting."""
    with stamina.set_testing(True, attempts=5):
        yield


@pytest.fixture
def specimen() -> Callable[[str], bytes]:
    """Give the bytes of a specimen by its name."""
    return lambda name: (SPECIMENS / name).read_bytes()


@pytest.fixture
def specimens() -> Path:
    """Give the folder of specimens."""
    return SPECIMENS


@pytest.fixture
def answering() -> Callable[..., Callable[[], httpx.MockTransport]]:
    """Make a maker of transports that answer the first rule whose text is in the URL; anything else is a failure."""

    def make(*rules: Rule, asked: list[httpx.Request] | None = None) -> Callable[[], httpx.MockTransport]:
        def answer(request: httpx.Request) -> httpx.Response:
            if asked is not None:
                asked.append(request)
            for part, status, body in rules:
                if part in str(request.url):
                    return httpx.Response(
                        status, content=body, headers={"Last-Modified": "Sun, 13 Jun 2021 02:49:00 GMT"}
                    )
            message = f"nobody asked for {request.url}"
            raise AssertionError(message)

        return lambda: httpx.MockTransport(answer)

    return make
