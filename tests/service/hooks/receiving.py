"""Receivers of webhooks that listen on loopback, built as docs/webhooks.md says."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

WITHIN_S = 30.0


_PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


@cache
def recipe() -> dict[str, Any]:
    """Return the functions that docs/webhooks.md gives to receivers."""
    (block,) = re.findall(r"```python\n(.*?)```", _PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    told: dict[str, Any] = {}
    exec(compile(block, str(_PAGE), "exec"), told)  # noqa: S102 - our own page
    return told


@dataclass
class Receiver:
    """A real server on loopback, built as docs/webhooks.md says: it checks signatures and keeps identifiers."""

    secrets: list[str] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # to give next; then 204
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hang: threading.Event | None = None
    url: str = ""

    def verified(self, headers: dict[str, str], body: bytes, now: float | None = None) -> bool:
        """Return whether a message is ours, whole and recent."""
        return bool(recipe()["is_ours"](headers, body, self.secrets, now))

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What came, read."""
        return [json.loads(body) for _, body in self.requests]


def served(receiver: Receiver) -> ThreadingHTTPServer:
    """Return a server for a receiver."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.requests.append(({name.lower(): value for name, value in self.headers.items()}, body))
            if receiver.hang is not None:
                receiver.hang.wait(60)
            status, headers = receiver.answers.pop(0) if receiver.answers else (204, {})
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    return server


@contextmanager
def listening(**parts: Any) -> Iterator[Receiver]:
    """Give a receiver that listens."""
    receiver = Receiver(**parts)
    server = served(receiver)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        if receiver.hang is not None:
            receiver.hang.set()
        server.shutdown()
        server.server_close()
        thread.join()


def until(so: Callable[[], Any], within_s: float = WITHIN_S) -> Any:
    """Wait until something is so, and return what it is."""
    ends = time.monotonic() + within_s
    while not (found := so()):
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.02)
    return found
