"""A load generator of its own process: requests over kept-alive connections, each waiting for its answer.

As little as possible between sending and the moment the answer is whole, because it runs beside what it measures.
`bench.posting` runs it as `python -m bench.load`, with the port, the number of connections, and a file of requests.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

_ENDS = b"\r\n\r\n"
_LENGTH = b"content-length:"


class _Connection(asyncio.Protocol):
    """One connection: takes the next request as soon as the last one was answered."""

    def __init__(self, waiting: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self.waiting, self.done = waiting, done
        self.taken: list[float] = []
        self.refused: list[int] = []  # statuses of 400 and more
        self.received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self.received += data
        head, found, body = self.received.partition(_ENDS)
        if not found or len(body) < length(head):
            return
        self.taken.append((perf_counter() - self.started) * 1000)
        status = int(head[9:12])
        if status >= 400:
            self.refused.append(status)
        self.received = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("the server closed a connection"))

    def _send(self) -> None:
        request = next(self.waiting, None)
        if request is None:
            if not self.done.done():
                self.done.set_result(None)
            self.transport.close()
            return
        self.started = perf_counter()
        self.transport.write(request)


def request(method: str, path: str, body: object = None, key: str | None = None) -> bytes:
    """Return a whole request as bytes."""
    content = b"" if body is None else json.dumps(body).encode()
    said = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json"]
    said += [f"Authorization: Bearer {key}"] if key else []
    return "\r\n".join([*said, f"Content-Length: {len(content)}", "", ""]).encode() + content


async def _run(port: int, connections: int, requests: list[bytes]) -> dict[str, object]:
    loop = asyncio.get_running_loop()
    waiting = iter(requests)
    started = perf_counter()
    made = []
    for _ in range(connections):
        done = loop.create_future()
        _, one = await loop.create_connection(lambda done=done: _Connection(waiting, done), "127.0.0.1", port)
        made.append(one)
    await asyncio.gather(*(one.done for one in made))
    return {
        "seconds": perf_counter() - started,
        "milliseconds": [each for one in made for each in one.taken],
        "refused": [each for one in made for each in one.refused],
    }


def length(head: bytes) -> int:
    """Return the bytes of the body that a head announces."""
    lowered = head.lower()
    at = lowered.find(_LENGTH)
    return int(lowered[at + len(_LENGTH) :].partition(b"\r\n")[0]) if at >= 0 else 0


def main() -> None:
    """Send the requests of a file and print what came of it, as JSON."""
    port, connections, file = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    requests = [one.encode() for one in json.loads(file.read_text(encoding="utf-8"))]
    print(json.dumps(asyncio.run(_run(port, connections, requests))))


if __name__ == "__main__":
    main()
