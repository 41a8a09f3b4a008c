"""The client is polite, gives up in time, and keeps secrets."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import httpx
import pytest

from connectors.client import Answer, Client, Question
from connectors.errors import ConnectorError, RequestRefused, SourceChanged, SourceUnavailable
from connectors.patience import Later, seconds_of, wait
from connectors.redaction import redact
from tests.connectors.loopback import LoopbackClient

KEY = "0123456789abcdef"


class Office(BaseHTTPRequestHandler):
    """A small statistical office on the loopback: busy at first, then answering."""

    seen: ClassVar[list[dict[str, str]]] = []

    def do_GET(self) -> None:
        """Answer 503 twice, then 200; redirect /moved; send a large body for /large."""
        self.seen.append({name.lower(): value for name, value in self.headers.items()} | {"path": self.path})
        if self.path.startswith("/busy") and len(self.seen) < 3:
            self.send_response(503)
            self.send_header("Retry-After", "0")
            self.end_headers()
            return
        self.send_response(302 if self.path.startswith("/moved") else 200)
        if self.path.startswith("/moved"):
            self.send_header("Location", f"http://127.0.0.1/elsewhere?key={KEY}")
        body = b"x" * 200_000 if self.path.startswith("/large") else b'{"ok": true}'
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def office() -> Iterator[str]:
    """Run the office on a free port."""
    Office.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Office) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_asks_again_while_the_source_is_busy(office: str):
    """Two answers of 503 are waited out; the exchange records what came in the end."""
    with LoopbackClient("who@example.org") as client:
        answer = client.get(Question("office", f"{office}/busy", {"key": KEY}))
    assert (answer.status, answer.body) == (200, b'{"ok": true}')
    assert len(Office.seen) == 3
    assert "who@example.org" in Office.seen[0]["user-agent"]
    assert KEY in Office.seen[0]["path"]
    assert answer.exchange.sha256 == sha256(answer.body).hexdigest()
    assert answer.exchange.size == 12
    assert answer.exchange.url == f"{office}/busy?key=REDACTED"


def test_does_not_follow_redirects_and_hides_the_key_in_them(office: str):
    """A redirect is an answer to classify, not a page to fetch."""
    with LoopbackClient() as client:
        answer = client.get(Question("office", f"{office}/moved", {"key": KEY}))
    assert answer.status == 302
    assert KEY not in answer.headers["location"]
    assert len(Office.seen) == 1


def test_refuses_a_body_that_is_too_large(office: str):
    """Reading stops at the cap instead of filling the memory."""
    with LoopbackClient(max_bytes=1000) as client, pytest.raises(SourceChanged, match="more than 1,000 bytes"):
        client.get(Question("office", f"{office}/large"))


def test_a_body_that_unpacks_without_end_is_refused():
    """What counts is the size after decompression: a megabyte of packed zeros is stopped at the cap."""
    packed = gzip.compress(bytes(50_000_000))
    assert len(packed) < 100_000
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=packed, headers={"Content-Encoding": "gzip"}))
    with Client(transport=transport, max_bytes=1_000_000) as client, pytest.raises(SourceChanged, match="1,000,000"):
        client.get(Question("office", "https://example.org/x"))


def test_content_is_posted_as_json():
    """A question with content goes by POST, and its answer is noted like any other."""
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, content=b"[]")

    with Client(transport=httpx.MockTransport(answer)) as client:
        assert client.get(Question("office", "https://example.org/x", content=b'[{"id": 1}]')).body == b"[]"
    assert [(one.method, one.headers["content-type"], one.content) for one in asked] == [
        ("POST", "application/json", b'[{"id": 1}]')
    ]


def test_a_source_that_says_later_in_its_own_way_is_asked_again():
    """Where the body says "later", it is asked five times, and what it says in the end is the answer."""
    bodies = [b"busy", b"busy", b"ready"]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=bodies.pop(0) if bodies else b"busy")

    def later(answer: Answer) -> float | None:
        return 30.0 if answer.text == "busy" else None

    with Client(transport=httpx.MockTransport(answer)) as client:
        question = Question("office", "https://example.org/x", later=later)
        assert client.get(question).text == "ready"
        assert client.get(question).text == "busy"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_gives_up_after_five_tries(status: int):
    """A source that keeps saying "later" is unavailable, and is not asked a sixth time."""
    asked: list[httpx.Request] = []

    def later(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status)

    with (
        Client(transport=httpx.MockTransport(later)) as client,
        pytest.raises(SourceUnavailable, match=f"HTTP {status}"),
    ):
        client.get(Question("office", "https://example.org/x"))
    assert len(asked) == 5


def test_gives_up_when_nothing_answers():
    """A broken line is tried again, then told as what it is, with the hint that nothing was lost."""

    def broken(request: httpx.Request) -> httpx.Response:
        message = "timed out"
        raise httpx.ConnectTimeout(message, request=request)

    with Client(transport=httpx.MockTransport(broken)) as client, pytest.raises(SourceUnavailable) as caught:
        client.get(Question("office", "https://example.org/x"))
    assert "ConnectTimeout" in str(caught.value)
    assert "stays in use" in caught.value.hint


def test_other_statuses_are_answers():
    """404 and 400 go back to the connector at once: their bodies say what is wrong."""
    asked: list[httpx.Request] = []

    def missing(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(404, text="no")

    with Client(transport=httpx.MockTransport(missing)) as client:
        assert client.get(Question("office", "https://example.org/x")).status == 404
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        (" 120 ", 120.0),
        ("Fri, 01 Jan 1999 00:00:00 GMT", 0.0),
        ("soon", None),
        ("²", None),
        ("\x1d7", 7.0),
        (None, None),
    ],
)
def test_reads_retry_after(header: str | None, seconds: float | None):
    """Retry-After is seconds or a date; nonsense is as good as none."""
    assert seconds_of(header) == seconds


def test_waits_as_long_as_the_source_asks_with_some_jitter():
    """The wait is what was asked for plus up to a second; an hour is too long to hold a sync for."""
    pause = wait(Later(503, "7"))
    assert not isinstance(pause, bool)
    assert 7 <= pause < 8
    assert wait(Later(503, "3600")) is False
    assert wait(Later(503, None)) is True
    assert wait(ValueError()) is False


@pytest.mark.parametrize("url", ["ftp://example.org/x", "no address"])
def test_an_address_that_is_none_is_refused(url: str):
    """A mistyped endpoint is told at once."""
    with LoopbackClient() as client, pytest.raises(RequestRefused, match="not an address"):
        client.get(Question("office", url))


def test_no_secret_in_exceptions_or_logs(caplog: pytest.LogCaptureFixture):
    """The key shows neither in the exception with its causes, nor in any log line at any level."""

    def echoing(request: httpx.Request) -> httpx.Response:
        message = f"while reading {request.url}"
        raise httpx.ReadError(message, request=request)

    for chatty in (None, "httpx", "httpcore"):  # an application run before may have hushed the last two
        caplog.set_level(logging.DEBUG, chatty)
    question = Question(
        "office", "https://example.org/x", {"key": KEY, "get": "NAME"}, {"Authorization": f"Token {KEY}"}
    )
    with Client(transport=httpx.MockTransport(echoing)) as client, pytest.raises(ConnectorError) as caught:
        client.get(question)
    assert KEY not in f"{caught.value} {caught.value.hint} {caught.value.__cause__}"
    with Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        client.get(question)
    assert "example.org" in caplog.text
    assert KEY not in caplog.text


def test_what_is_hidden_shows_nowhere_whatever_it_is_called(office: str, caplog: pytest.LogCaptureFixture):
    """A key under a name that no list knows is kept out of addresses, headers and the lines of every library below."""
    for chatty in (None, "httpx", "httpcore"):  # an application run before may have hushed the last two
        caplog.set_level(logging.DEBUG, chatty)
    with LoopbackClient() as client:
        client.hide([KEY])
        answer = client.get(Question("office", f"{office}/moved/{KEY}", {"membership": KEY}))
    assert KEY in Office.seen[0]["path"]
    assert answer.exchange.url == f"{office}/moved/REDACTED?membership=REDACTED"
    assert "httpcore" in {record.name.partition(".")[0] for record in caplog.records}
    assert KEY not in f"{caplog.text} {answer}"


def test_a_key_that_no_header_can_carry_is_refused_without_showing_it():
    """A letter outside of ASCII, as a careless copy brings one, is told before anybody is asked."""
    question = Question("office", "https://example.org/x", headers={"Authorization": "s\u00e9cret-key"})
    with LoopbackClient() as client, pytest.raises(RequestRefused, match="no header can carry") as caught:
        client.get(question)
    assert "cret-key" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_redaction_knows_the_names_and_the_values():
    """Secrets go by the name of their parameter, and by their value wherever it turns up, also escaped."""
    assert redact("https://x/y?get=NAME&key=abc&uid=0x1#f") == "https://x/y?get=NAME&key=REDACTED&uid=REDACTED#f"
    assert redact("Authorization: Token abcdef") == "Authorization: REDACTED"
    assert redact("said a b/c and a+b%2Fc", ["a b/c"]) == "said REDACTED and REDACTED"
    assert redact("monkey=1&keyword=2") == "monkey=1&keyword=2"


def test_saves_a_body_that_does_not_fit_into_memory(office: str, tmp_path: Path):
    """The file holds all of it, the answer only its head, and the exchange names the whole; progress is told."""
    heard: list[tuple[int, int | None]] = []
    with LoopbackClient(progress=lambda done, total, _: heard.append((done, total))) as client:
        answer = client.save(Question("office", f"{office}/large"), tmp_path / "large", 2_000_000)
    content = (tmp_path / "large").read_bytes()
    assert answer.exchange.sha256 == sha256(content).hexdigest()
    assert answer.exchange.size == len(content) > len(answer.body) == 65_536
    assert content.startswith(answer.body)
    assert heard[-1][0] == len(content)


def test_a_saved_body_is_bounded_too(office: str, tmp_path: Path):
    """An endless download stops at the cap that its caller named."""
    with LoopbackClient() as client, pytest.raises(SourceChanged, match="more than 1,000 bytes"):
        client.save(Question("office", f"{office}/large"), tmp_path / "large", 1_000)


def test_a_drip_does_not_hold_a_sync_for_ever(monkeypatch: pytest.MonkeyPatch):
    """A source that sends a byte now and then keeps every read within its time; the whole is given up all the same."""
    clock = iter(range(0, 10_000, 50))
    monkeypatch.setattr("connectors.body.monotonic", lambda: float(next(clock)))
    drip = httpx.MockTransport(lambda _: httpx.Response(200, content=(b"." for _ in range(1_000))))
    with Client(transport=drip) as client, pytest.raises(SourceUnavailable, match="sent 2 bytes in 100 s"):
        client.get(Question("office", "https://example.org"))


def test_what_can_be_done_without_is_asked_for_once(office: str):
    """In a hurry a busy source is not waited for, and afterwards patience is back."""
    with LoopbackClient() as client:
        with client.hurried(), pytest.raises(SourceUnavailable):
            client.get(Question("office", f"{office}/busy"))
        assert len(Office.seen) == 1
        assert client.get(Question("office", f"{office}/busy")).status == 200
