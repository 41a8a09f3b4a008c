"""Patience: how long a body may take, and how much memory all bodies of a process may take together.

A phone on a bad line sends little at a time, and is waited for as long as something comes; who sends nothing for
`PAUSE_S`, or so little that nothing can come of it, is let go of.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from time import monotonic

from anyio import fail_after
from fastapi import Request

from service.errors import BUSY, TOO_SLOW, Problem

#: Seconds in which something more of a body has to come.
PAUSE_S = 30.0

#: What has to come on average after the first `PAUSE_S`, in bytes a second. A record has about a thousand bytes.
LEAST_A_SECOND = 200

#: Bytes of bodies that one process holds in memory at once. Read, checked and kept they take some ten times as much.
MOST_HELD = 64_000_000

_AGAIN_S = 5


async def parts(request: Request) -> AsyncIterator[bytes]:
    """Yield the body as it comes. Raises `Problem` (too slow)."""
    began, size = monotonic(), 0
    stream = request.stream()
    while True:
        try:
            with fail_after(PAUSE_S):
                part = await anext(stream, None)
        except TimeoutError:
            raise _too_slow(size) from None
        if part is None:
            return
        size += len(part)
        taken = monotonic() - began
        if taken > PAUSE_S and size < LEAST_A_SECOND * taken:
            raise _too_slow(size)
        yield part


class Held:
    """The bytes of bodies that are in memory. For one event loop: nothing else counts here."""

    def __init__(self, most: int = MOST_HELD) -> None:
        """Say how many there may be."""
        self._most = most
        self._held = 0

    @contextmanager
    def body(self) -> Iterator[Share]:
        """Give one body its share, which it lets go of at the end of the block."""
        share = Share(self)
        try:
            yield share
        finally:
            self._held -= share.size

    def take(self, size: int) -> None:
        """Count further bytes. Raises `Problem` (busy)."""
        if self._held and self._held + size > self._most:
            detail = "As many bodies are being read already as there is memory for."
            raise Problem(BUSY, detail, retry_after=_AGAIN_S)
        self._held += size


class Share:
    """What one body has of the memory."""

    def __init__(self, held: Held) -> None:
        """Begin with nothing."""
        self._held = held
        self.size = 0

    def add(self, size: int) -> None:
        """Count further bytes of this body. Raises `Problem` (busy)."""
        self._held.take(size)
        self.size += size


def _too_slow(size: int) -> Problem:
    return Problem(TOO_SLOW, f"{size:,} bytes of the body came, and then too little for too long.")
