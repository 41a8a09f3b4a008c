"""Whatever a broken or hostile server does, a connector comes back, brings nothing, and says what was wrong.

The server is real and on the loopback; what is asked of a source goes there, and all else of HTTP is as in earnest.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from time import monotonic, sleep
from typing import ClassVar

import httpx
import pytest

from connectors.client import Client
from connectors.errors import ConnectorError, SourceChanged, SourceUnavailable
from tests.connectors.roster import ASKING, SECRET


class Trickster(BaseHTTPRequestHandler):
    """A server whose first folder says what it does to whoever asks."""

    seen: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        """Do it."""
        self.seen.append(self.path)
        trick = self.path.split("/")[1]
        try:
            getattr(self, f"_{trick}")()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the asker has had enough

    def do_POST(self) -> None:
        """Do it, whatever is asked."""
        self.do_GET()

    def _send(self, body: bytes, **headers: str) -> None:
        self.send_response(302 if "Location" in headers else 200)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"[" * 65536)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b" ")
            self.wfile.flush()

    def _slowhead(self) -> None:
        self.send_response(200)
        self.flush_headers()
        while True:
            self.wfile.write(b"X")
            self.wfile.flush()
            sleep(0.02)

    def _bomb(self) -> None:
        self._send(gzip.compress(bytes(20_000_000)), Content_Encoding="gzip")

    def _elsewhere(self) -> None:
        self._send(b"", Location=f"http://127.0.0.1:{self.server.server_port}/stolen/")  # type: ignore[attr-defined]

    def _page(self) -> None:
        self._send(b"<html><body>Down for maintenance</body></html>", Content_Type="text/html")

    def _cut(self) -> None:
        self._send(b'[{"page": 1, "pages": 1, "class": "dataset", "structure": {"keyfam')

    def _nowhere(self) -> None:
        self.send_response(302)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _picture(self) -> None:
        self._send(b"\x89PNG\r\n\x1a\n\x00", Content_Type="image/png")

    def _nulls(self) -> None:
        self._send(b"[null, null]")

    def _nothing(self) -> None:
        self._send(b"")

    def _unpackable(self) -> None:
        self._send(b"\x1f\x8bnot", Content_Encoding="gzip")

    def _short(self) -> None:
        self._send(b"[]", Content_Length="500")
        self.close_connection = True

    def _other(self) -> None:
        self._send(b'[{"entirely": "another", "thing": [1, 2, 3]}]')

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


class Diverted(httpx.BaseTransport):
    """Takes every question to a folder of the server, whomever it was for."""

    def __init__(self, folder: str) -> None:
        """Name the folder by its whole address."""
        self._folder = httpx.URL(folder)
        self._inner = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the server instead."""
        url = self._folder.copy_with(raw_path=self._folder.raw_path + request.url.raw_path)
        headers = request.headers.copy()
        headers["Host"] = url.netloc.decode()
        question = httpx.Request(
            request.method, url, headers=headers, content=request.read(), extensions=request.extensions
        )
        return self._inner.handle_request(question)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


@pytest.fixture
def trickster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Diverted]]:
    """Run the server on a free port; give the way to each of its tricks."""
    monkeypatch.setattr("connectors.geonames.files._LARGEST", 1_000_000)
    monkeypatch.setattr("connectors.gnis.connector._LARGEST", 1_000_000)
    Trickster.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Trickster) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield lambda trick: Diverted(f"http://127.0.0.1:{server.server_port}/{trick}")
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("source", ASKING)
@pytest.mark.parametrize(
    ("trick", "told"),
    [
        ("endless", (SourceChanged, "more than 1,000,000 bytes")),
        ("bomb", (SourceChanged, "more than 1,000,000 bytes")),
        ("elsewhere", (SourceChanged, "302|sends on to")),
        ("page", (ConnectorError, "page|JSON|html|not the list|not a Gazetteer list")),
        ("cut", (ConnectorError, "JSON|keyfam|shape|not the list")),
        ("short", (SourceUnavailable, "did not answer usably")),
        ("nowhere", (SourceChanged, "302")),
        ("picture", (ConnectorError, "JSON|PNG|shape|definition|HTTP 200|a picture|not the list")),
        ("nulls", (ConnectorError, "shape|envelope|rows|dataset|definition|list|else")),
        ("nothing", (ConnectorError, "JSON|[Ee]mpty|definition|HTTP 200|missing in its header")),
        ("unpackable", (SourceUnavailable, "did not answer usably")),
        ("other", (ConnectorError, "shape|envelope|rows|dataset|definition|list|else")),
    ],
)
def test_a_hostile_server_is_told_apart(
    trickster: Callable[[str], Diverted], source: str, trick: str, told: tuple[type[ConnectorError], str]
):
    """Each trick ends in an error that says what came, and no key shows in it."""
    connector, request = ASKING[source]
    error, said = told
    with (
        Client(transport=trickster(trick), max_bytes=1_000_000) as client,
        pytest.raises(error, match=said) as caught,
    ):
        connector.fetch(client, request)
    assert caught.value.hint
    assert SECRET not in f"{caught.value} {caught.value.hint}"
    assert not any("stolen" in path for path in Trickster.seen)


@pytest.mark.parametrize("source", ASKING)
def test_a_server_that_drips_is_left(
    trickster: Callable[[str], Diverted], source: str, monkeypatch: pytest.MonkeyPatch
):
    """A byte within every read keeps nobody waiting beyond the time of a whole body; here the clock runs fast."""
    ticks = count(step=100)
    monkeypatch.setattr("connectors.body.monotonic", lambda: next(ticks))
    connector, request = ASKING[source]
    with Client(transport=trickster("drip")) as client, pytest.raises(SourceUnavailable, match="was not done"):
        connector.fetch(client, request)


@pytest.mark.parametrize("source", ["ibge", "statcan"])
def test_a_server_that_drips_its_headers_is_hung_up_on(
    trickster: Callable[[str], Diverted], source: str, monkeypatch: pytest.MonkeyPatch
):
    """Before the headers have ended no time limit of a read helps, so the connection itself is shut, and once only."""
    monkeypatch.setattr("connectors.client._CONNECT_S", 1.0)
    monkeypatch.setattr("connectors.client._HEAD_READS", 0)
    connector, request = ASKING[source]
    began = monotonic()
    with (
        Client(transport=trickster("slowhead")) as client,
        pytest.raises(SourceUnavailable, match="did not finish the headers"),
    ):
        connector.fetch(client, request)
    assert monotonic() - began < 20
    assert len(Trickster.seen) == 1
