"""A hostile or broken server never hangs a sync and never passes for a source: each is refused, with a hint."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Callable, Mapping

import httpx
import pytest

from connectors.base import Connector
from connectors.client import Client
from connectors.errors import ConnectorError, SourceChanged
from tests.connectors.roster import ASKING, SECRET, SILENT, declared

each_source = pytest.mark.parametrize(("source", "request_"), ASKING.values(), ids=ASKING)


def bomb() -> bytes:
    """Pack sixteen million zeros into as many thousand bytes."""
    return gzip.compress(b"0" * 16_000_000)


def zipped_bomb() -> bytes:
    """Pack an archive whose text says that it is larger than anything the source has."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("KE.txt", b"0" * 100_000)
    return packed.getvalue().replace((100_000).to_bytes(4, "little"), (4_000_000_000).to_bytes(4, "little"))


ANSWERS: dict[str, Callable[[], httpx.Response]] = {
    "a page": lambda: httpx.Response(200, html="<html><title>Sign in</title></html>"),
    "a page for a fault": lambda: httpx.Response(404, html="<h1>Not found</h1>"),
    "a picture": lambda: httpx.Response(200, content=b"\x89PNG\r\n\x1a\n", headers={"Content-Type": "image/png"}),
    "nothing": lambda: httpx.Response(200, content=b""),
    "cut JSON": lambda: httpx.Response(200, content=b'{"success": true, "data": [{"series": "SI'),
    "another shape": lambda: httpx.Response(200, json={"items": [{"value": 1}], "next": None}),
    "a bottomless object": lambda: httpx.Response(200, content=b'{"data":' * 100_000),
    "bottomless XML": lambda: httpx.Response(200, content=b"<a>" * 1_000_000),
    "a list of nulls": lambda: httpx.Response(200, json=[None, None]),
    "another host": lambda: httpx.Response(302, headers={"Location": "https://example.org/collect"}),
    "an open line": lambda: httpx.Response(301, headers={"Location": "http://127.0.0.1:1/"}),
    "a redirect to nowhere": lambda: httpx.Response(302),
    "a redirect to no address": lambda: httpx.Response(302, headers={"Location": "https://[::bad"}),
    "broken gzip": lambda: httpx.Response(200, content=b"\x1f\x8bnot", headers={"Content-Encoding": "gzip"}),
    "an archive of nothing": lambda: httpx.Response(200, content=b"PK\x05\x06" + b"\0" * 18),
    "an archive that lies": lambda: httpx.Response(200, content=zipped_bomb()),
}


def test_every_connector_is_tried():
    """A new one is held against hostile servers here, and by the loopback server of its neighbour."""
    assert {name.partition(" ")[0] for name in ASKING} | SILENT == set(declared())


@each_source
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_whatever_comes_is_refused_as_what_it_is(
    source: Connector, request_: Mapping[str, str], answer: Callable[[], httpx.Response]
):
    """No foreign exception comes out, nobody is asked at another host, and no secret is told."""
    hosts: set[str] = set()

    def reply(request: httpx.Request) -> httpx.Response:
        hosts.add(request.url.host)
        try:
            return answer()
        except httpx.DecodingError as error:  # MockTransport reads what a server would only send
            raise httpx.DecodingError(str(error), request=request) from error

    with Client(transport=httpx.MockTransport(reply)) as client, pytest.raises(ConnectorError) as caught:
        source.fetch(client, request_)
    assert caught.value.hint
    assert SECRET not in f"{caught.value!r} {caught.value}"
    assert not hosts & {"example.org", "127.0.0.1"}


@each_source
def test_a_bomb_goes_off_outside(source: Connector, request_: Mapping[str, str], monkeypatch: pytest.MonkeyPatch):
    """A small body that unpacks to a large one is cut off at the limit, on the disk as in memory."""
    monkeypatch.setattr("connectors.geonames.files._LARGEST", 1_000_000)
    monkeypatch.setattr("connectors.gnis.connector._LARGEST", 1_000_000)

    def reply(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=bomb())

    transport = httpx.MockTransport(reply)
    with (
        Client(transport=transport, max_bytes=1_000_000) as client,
        pytest.raises(SourceChanged, match="sent more than 1,000,000 bytes"),
    ):
        source.fetch(client, request_)


@each_source
def test_an_endless_body_ends(source: Connector, request_: Mapping[str, str], monkeypatch: pytest.MonkeyPatch):
    """A server that never stops sending is left at the limit."""
    monkeypatch.setattr("connectors.geonames.files._LARGEST", 1_000_000)
    monkeypatch.setattr("connectors.gnis.connector._LARGEST", 1_000_000)

    def endless() -> object:
        while True:
            yield b" " * 65_536

    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))  # type: ignore[arg-type]
    with Client(transport=transport, max_bytes=1_000_000) as client, pytest.raises(SourceChanged, match="sent more"):
        source.fetch(client, request_)
