"""Whatever a broken or hostile server does, a connector comes back, brings nothing, and says what was wrong."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from time import monotonic, sleep
from typing import ClassVar

import pytest

from connectors.base import Connector
from connectors.census import CensusConnector
from connectors.client import Client
from connectors.errors import ConnectorError, SourceChanged, SourceUnavailable
from connectors.eurostat import EurostatConnector
from connectors.ibge import IbgeConnector
from connectors.nomis import NomisConnector
from connectors.ons import OnsConnector
from connectors.statcan import StatCanConnector
from connectors.worldbank import WorldBankConnector

KEY = "0123456789abcdef"
SOURCES: dict[str, tuple[Connector, dict[str, str]]] = {
    "worldbank": (WorldBankConnector(), {}),
    "worldbank archive": (WorldBankConnector(), {"version": "201404"}),
    "census": (CensusConnector(), {"key": KEY}),
    "ibge": (IbgeConnector(), {}),
    "statcan": (StatCanConnector(), {"cube": "98-10-0264-01"}),
    "nomis": (NomisConnector(), {"uid": KEY}),
    "ons": (OnsConnector(), {}),
    "eurostat": (EurostatConnector(), {}),
}


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


@pytest.fixture
def trickster() -> Iterator[Callable[[str], str]]:
    """Run the server on a free port; give the address of each of its tricks."""
    Trickster.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Trickster) as server:
        server.daemon_threads = True
        server.block_on_close = False
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield lambda trick: f"http://127.0.0.1:{server.server_port}/{trick}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize(
    ("trick", "told"),
    [
        ("endless", (SourceChanged, "more than 1,000,000 bytes")),
        ("bomb", (SourceChanged, "more than 1,000,000 bytes")),
        ("elsewhere", (SourceChanged, "302")),
        ("page", (ConnectorError, "page|JSON|html")),
        ("cut", (ConnectorError, "JSON|keyfam|shape")),
        ("short", (SourceUnavailable, "did not answer usably")),
        ("nowhere", (SourceChanged, "302")),
        ("picture", (ConnectorError, "JSON|PNG|shape|definition|HTTP 200")),
        ("nulls", (ConnectorError, "shape|envelope|rows|dataset|definition|list|else")),
        ("nothing", (ConnectorError, "JSON|empty|definition|HTTP 200")),
        ("unpackable", (SourceUnavailable, "did not answer usably")),
        ("other", (ConnectorError, "shape|envelope|rows|dataset|definition|list|else")),
    ],
)
def test_a_hostile_server_is_told_apart(
    trickster: Callable[[str], str], source: str, trick: str, told: tuple[type[ConnectorError], str]
):
    """Each trick ends in an error that says what came, and no key shows in it."""
    connector, request = SOURCES[source]
    error, said = told
    with Client(max_bytes=1_000_000) as client, pytest.raises(error, match=said) as caught:
        connector.fetch(client, {**request, "endpoint": trickster(trick)})
    assert caught.value.hint
    assert KEY not in f"{caught.value} {caught.value.hint}"
    assert not any("stolen" in path for path in Trickster.seen)


@pytest.mark.parametrize("source", SOURCES)
def test_a_server_that_drips_is_left(trickster: Callable[[str], str], source: str, monkeypatch: pytest.MonkeyPatch):
    """A byte within every read keeps nobody waiting beyond the time of a whole body; here the clock runs fast."""
    ticks = count(step=100)
    monkeypatch.setattr("connectors.body.monotonic", lambda: next(ticks))
    connector, request = SOURCES[source]
    with Client() as client, pytest.raises(SourceUnavailable, match="was not done"):
        connector.fetch(client, {**request, "endpoint": trickster("drip")})


@pytest.mark.parametrize("source", ["ibge", "statcan"])
def test_a_server_that_drips_its_headers_is_hung_up_on(
    trickster: Callable[[str], str], source: str, monkeypatch: pytest.MonkeyPatch
):
    """Before the headers have ended no time limit of a read helps, so the connection itself is shut, and once only."""
    monkeypatch.setattr("connectors.client._CONNECT_S", 1.0)
    monkeypatch.setattr("connectors.client._HEAD_READS", 0)
    connector, request = SOURCES[source]
    began = monotonic()
    with Client() as client, pytest.raises(SourceUnavailable, match="did not finish the headers"):
        connector.fetch(client, {**request, "endpoint": trickster("slowhead")})
    assert monotonic() - began < 20
    assert len(Trickster.seen) == 1
