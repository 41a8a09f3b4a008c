"""Requests that no library would send, straight to the socket: refused or answered, and the next caller is served."""

from __future__ import annotations

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import uvicorn

from service.app import create_app
from service.callers.caller import Role
from service.context import Context
from service.store import keys

_WAIT_S = 10.0
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


@dataclass
class Served:
    """A service on a port of this machine, and a key of a contributor."""

    port: int
    key: str

    def send(self, *parts: bytes, pause_s: float = 0.0, silent_s: float = _WAIT_S) -> bytes:
        """Send bytes, one part after another, and return what comes until the line is closed or falls silent."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_WAIT_S) as line:
            try:
                for part in parts:
                    line.sendall(part)
                    time.sleep(pause_s)
                line.settimeout(silent_s)
                while part := line.recv(65_536):
                    received += part
            except OSError:  # closed by the other side while we were still sending, or nothing more to come
                pass
        return received

    def alive(self) -> bool:
        """Tell whether a well-formed request is answered."""
        return b" 200 OK" in self.send(b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")


@pytest.fixture(params=["httptools", "h11"])
def served(request: pytest.FixtureRequest, sqlite_context: Context) -> Iterator[Served]:
    """Serve with each of the two parsers that a server may have."""
    with sqlite_context.store.begin() as session:
        key = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    config = uvicorn.Config(
        create_app(sqlite_context), port=0, http=request.param, log_config=None, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    yield Served(server.servers[0].sockets[0].getsockname()[1], key)
    server.should_exit = True
    thread.join(20)


def get(path: bytes = b"/healthz", *headers: bytes, version: bytes = b"1.1") -> bytes:
    """Return a request for an address."""
    return b"\r\n".join([b"GET " + path + b" HTTP/" + version, b"Host: a", b"Connection: close", *headers, b"", b""])


def post(key: str, *headers: bytes, path: bytes = b"/v1/records") -> bytes:
    """Return the head of a request that sends something."""
    named = [b"Authorization: Bearer " + key.encode(), b"Content-Type: application/json", b"Connection: close"]
    return b"\r\n".join([b"POST " + path + b" HTTP/1.1", b"Host: a", *named, *headers, b"", b""])


CHUNKED = b"Transfer-Encoding: chunked"
UPLOAD = b"/v1/collections/x/imports"

#: What is sent, by what is wrong with it.
LINES: dict[str, Callable[[str], tuple[bytes, ...]]] = {
    "noise": lambda _: (bytes(range(256)) * 64,),
    "nothing": lambda _: (b"",),
    "line ends only": lambda _: (b"\r\n" * 1_000,),
    "TLS instead of HTTP": lambda _: (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),),
    "HTTP/0.9": lambda _: (b"GET /healthz\r\n\r\n",),
    "HTTP/1.0 without a host": lambda _: (b"GET /healthz HTTP/1.0\r\n\r\n",),
    "HTTP/2": lambda _: (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(100),),
    "HTTP of tomorrow": lambda _: (get(version=b"9.9"),),
    "ten thousand headers": lambda _: (get(b"/healthz", *(b"X-%d: y" % at for at in range(10_000))),),
    "a header of a megabyte": lambda _: (get(b"/healthz", b"X-A: " + b"y" * 1_000_000),),
    "a header without end": lambda _: (b"GET / HTTP/1.1\r\nX-A: ", *([b"y" * 65_536] * 100)),
    "an address of a megabyte": lambda _: (get(b"/" + b"a" * 1_000_000),),
    "an address of broken escapes": lambda _: (get(b"/%ff%fe/%zz/%00/..%2f..%2f?%ff=%00&=&&&[]=%"),),
    "an address of raw bytes": lambda _: (get(b"/\xff\xfe\x00\x01"),),
    "an address of another host": lambda _: (get(b"http://example.org/healthz"),),
    "headers folded over lines": lambda _: (get(b"/healthz", b"X-A: b\r\n c"),),
    "a header without a name": lambda _: (get(b"/healthz", b": x"),),
    "a header with NUL": lambda _: (get(b"/healthz", b"X-A: b\0c"),),
    "a header with a space before its colon": lambda _: (get(b"/healthz", b"X-A : b"),),
    "lines that end in a line feed": lambda _: (b"GET /healthz HTTP/1.1\nHost: a\nConnection: close\n\n",),
    "a method of a kilobyte": lambda _: (b"A" * 1_000 + b" / HTTP/1.1\r\nHost: a\r\n\r\n",),
    "CONNECT": lambda _: (b"CONNECT example.org:443 HTTP/1.1\r\nHost: a\r\n\r\n",),
    "OPTIONS of everything": lambda _: (b"OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",),
    "TRACE": lambda _: (b"TRACE / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",),
    "a web socket": lambda _: (
        get(b"/", b"Upgrade: websocket", b"Sec-WebSocket-Key: " + b"A" * 22 + b"==", b"Sec-WebSocket-Version: 13"),
    ),
    "two hosts": lambda _: (get(b"/healthz", b"Host: b"),),
    "a hundred requests at once": lambda _: (b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n" * 100,),
    "two lengths": lambda key: (post(key, b"Content-Length: 2", b"Content-Length: 20") + b"{}",),
    "a length below zero": lambda key: (post(key, b"Content-Length: -1") + b"{}",),
    "a length that is none": lambda key: (post(key, b"Content-Length: 1e3") + b"{}",),
    "a length beyond any": lambda key: (post(key, b"Content-Length: 99999999999999999999999") + b"{}",),
    "a length and chunks": lambda key: (post(key, b"Content-Length: 5", CHUNKED) + b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n",),
    "less than announced": lambda key: (post(key, b"Content-Length: 100") + b"{}",),
    "a file cut off": lambda key: (post(key, b"Content-Length: 100000", path=UPLOAD) + b"id,name\n",),
    "chunks of a size that is none": lambda key: (post(key, CHUNKED) + b"zz\r\n{}\r\n0\r\n\r\n",),
    "chunks longer than they say": lambda key: (post(key, CHUNKED) + b'1\r\n{"a":1}\r\n0\r\n\r\n',),
    "chunks beyond any size": lambda key: (post(key, CHUNKED) + b"fffffffffffffffff\r\n{}",),
    "chunks below zero": lambda key: (post(key, CHUNKED) + b"-2\r\n{}\r\n0\r\n\r\n",),
    "chunks that stop": lambda key: (post(key, CHUNKED, path=UPLOAD) + b"5\r\nid,na",),
    "chunks with endless extensions": lambda key: (post(key, CHUNKED) + b"2;" + b"a" * 1_000_000,),
    "chunks with trailers": lambda key: (post(key, CHUNKED) + b"2\r\n{}\r\n0\r\nContent-Length: 9\r\nX: y\r\n\r\n",),
    "an unknown coding": lambda key: (post(key, b"Transfer-Encoding: gzip, chunked") + b"2\r\n{}\r\n0\r\n\r\n",),
    "a name of a file over two lines": lambda key: (
        post(key, b'Content-Disposition: attachment; filename="a\x85b"', b"Content-Length: 8", path=UPLOAD)
        + b"id,name\n",
    ),
    "an expectation": lambda key: (post(key, b"Expect: 100-continue", b"Content-Length: 2") + b"{}",),
}


def test_what_is_no_request_harms_nobody(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    """The answer, if there is one, lays it to the sender; nothing fails inside, and the next request is answered."""
    wrong = []
    for name, made in LINES.items():
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            received = served.send(*made(served.key), silent_s=0.3)
        if any(int(status) >= 500 for status in _STATUS.findall(received)):
            wrong.append((name, received[:300]))
        wrong += [(name, record.getMessage()) for record in caplog.records if record.exc_info]
        assert served.alive(), name
    assert wrong == []


def test_a_body_that_drips_is_taken(served: Served) -> None:
    """Somebody with a poor line is answered like anybody, and nobody waits for them."""
    body = b'{"name":"Lindi","country":"KEN","location":{"lat":-1.31,"lon":36.78}}'
    slow: list[bytes] = []
    head = post(served.key, b"Content-Length: %d" % len(body))
    thread = threading.Thread(
        target=lambda: slow.append(
            served.send(head, *(body[at : at + 7] for at in range(0, len(body), 7)), pause_s=0.1)
        )
    )
    thread.start()
    assert served.alive()
    assert thread.is_alive()
    thread.join(30)
    assert b" 201 Created" in slow[0]


def test_lines_that_say_nothing_keep_nobody_waiting(served: Served) -> None:
    """Fifty callers who begin a request and fall silent do not keep the next one from being answered."""
    silent = [socket.create_connection(("127.0.0.1", served.port), timeout=_WAIT_S) for _ in range(50)]
    try:
        for line in silent:
            line.sendall(b"POST /v1/records HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n{")
        assert served.alive()
    finally:
        for line in silent:
            line.close()
    assert served.alive()
