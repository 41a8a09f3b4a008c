"""Arrivals: requests that come at moments of their own, however slow the answers are, as those of many people do.

A request's time counts from the moment it came, not from when a connection was free for it: what waits is slow, too.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from time import perf_counter

from bench.load import length
from bench.mixed import Asked, Mixed

MOST_CONNECTIONS = 128
_ENDS = b"\r\n\r\n"
_CHUNKED = b"transfer-encoding: chunked"
_GIVE_UP_S = 60.0


@dataclass
class Came:
    """What came of a while of traffic: milliseconds and statuses by kind."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    statuses: dict[str, list[int]] = field(default_factory=dict)  # 0 where no answer came

    def note(self, kind: str, milliseconds: float, status: int) -> None:
        """Note one answer."""
        self.taken.setdefault(kind, []).append(milliseconds)
        self.statuses.setdefault(kind, []).append(status)

    @property
    def all(self) -> list[float]:
        """The milliseconds of all kinds."""
        return [each for one in self.taken.values() for each in one]


async def arrive(port: int, mixed: Mixed, rate: float, seconds: float) -> Came:
    """Send so many requests a second for so long, at random moments, and return what came of them."""
    chance = random.Random(mixed.seed + int(rate * 1000))  # noqa: S311 - to be repeatable
    came, free, under_way = Came(), asyncio.Queue[_Line | None](), set()
    for _ in range(MOST_CONNECTIONS):
        free.put_nowait(None)
    began = perf_counter()
    at = 0.0
    while at < seconds:
        at += chance.expovariate(rate)
        await asyncio.sleep(max(began + at - perf_counter(), 0))
        task = asyncio.create_task(_ask(port, mixed, (free, came), began + at))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    while not free.empty():
        line = free.get_nowait()
        if line is not None:
            line[1].close()
    return came


_Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_Shared = tuple["asyncio.Queue[_Line | None]", Came]


async def _ask(port: int, mixed: Mixed, shared: _Shared, due: float) -> None:
    free, came = shared
    line = await free.get()
    asked = mixed.next()
    status, body = 0, b""
    try:
        line = line or await asyncio.open_connection("127.0.0.1", port)
        status, body = await asyncio.wait_for(_answered(line, asked), _GIVE_UP_S)
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        if line is not None:
            line[1].close()
        line = None
    free.put_nowait(line)
    came.note(asked.kind, (perf_counter() - due) * 1000, mixed.heard(asked, status, body))


async def _answered(line: _Line, asked: Asked) -> tuple[int, bytes]:
    reader, writer = line
    writer.write(asked.content)
    head = await reader.readuntil(_ENDS)
    if _CHUNKED in head.lower():
        return int(head[9:12]), b"".join([chunk async for chunk in _chunks(reader)])
    return int(head[9:12]), await reader.readexactly(length(head))


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """Yield a streamed answer as it comes (RFC 9112, 7.1); the service sends no trailers."""
    while size := int(await reader.readline(), 16):
        yield await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
