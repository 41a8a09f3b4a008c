"""A server of files on the loopback that counts what it sends, and breaks off where it is told to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import httpx
import pytest

from connectors.client import Answer, Question
from connectors.kept.keeping import Keeping
from connectors.kept.shelf import Shelf
from connectors.network import Network
from tests.connectors.loopback import LoopbackClient

#: More than two of the marks that are written as a body grows, and nothing that packing makes smaller.
CONTENT = Random(7).randbytes(3_000_000)  # noqa: S311 - a file, not a secret


@dataclass
class Mirror:
    """What the server gives under every address, and what it was asked."""

    content: bytes = CONTENT
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"v1"'})
    cuts: list[int] = field(default_factory=list)  # bytes after which the next answers break off
    ranges: bool = True
    lie: str = ""  # Content-Range in the place of the true one
    partial: dict[str, str] = field(default_factory=dict)  # headers in the place of those above, in a 206
    asked: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def do_GET(self) -> None:
        mirror, asked = self.mirror, {name.lower(): value for name, value in self.headers.items()}
        mirror.asked.append(asked)
        known = mirror.headers.values()
        if {asked.get("if-none-match"), asked.get("if-modified-since")} & set(known):
            self._head(304, 0)
            return
        start = self._start(asked)
        body = mirror.content[start:]
        told = mirror.lie or f"bytes {start}-{len(mirror.content) - 1}/{len(mirror.content)}"
        self._head(206 if start else 200, len(body), {"Content-Range": told, **mirror.partial} if start else {})
        if mirror.cuts:
            body = body[: mirror.cuts.pop(0)]
            self.close_connection = True
        mirror.sent += self.wfile.write(body)

    def _start(self, asked: dict[str, str]) -> int:
        found = re.fullmatch(r"bytes=(\d+)-", asked.get("range", ""))
        same = asked.get("if-range") in self.mirror.headers.values()
        return int(found[1]) if found and same and self.mirror.ranges else 0

    def _head(self, status: int, length: int, more: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in {"Content-Length": str(length), **self.mirror.headers, **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    """Run the server on a free port."""
    given = Mirror()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"mirror": given})) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        given.url = f"http://127.0.0.1:{server.server_port}/files/list.zip"
        yield given
        server.shutdown()
        thread.join()


Saved = Callable[..., tuple[Answer, bytes]]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """Give an empty shelf."""
    return Shelf(tmp_path / "kept" / "office")


@pytest.fixture
def save(mirror: Mirror, shelf: Shelf, tmp_path: Path) -> Saved:
    """Give a function that saves the file of the server through the shelf, as a sync of its own does."""

    def run(**parts: object) -> tuple[Answer, bytes]:
        keys, max_bytes = parts.pop("keys", ()), parts.pop("max_bytes", 10_000_000)
        progress = parts.pop("progress", lambda *_: None)
        network = parts.pop("network", None) or Network()
        path = tmp_path / "list.zip"
        transport: httpx.BaseTransport = Keeping(shelf, keys, network)  # type: ignore[arg-type]
        question = Question(**{"source": "office", "url": mirror.url, "headers": {"Accept": "*/*"}, **parts})
        with LoopbackClient(transport=transport, progress=progress) as client:  # type: ignore[arg-type]
            answer = client.save(question, path, max_bytes)
        return answer, path.read_bytes()

    return run
