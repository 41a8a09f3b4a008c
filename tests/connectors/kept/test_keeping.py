"""A file that did not change is not fetched again, and what is kept of it can be relied on."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from connectors.client import Question
from connectors.gazetteer import GazetteerConnector
from connectors.kept.keeping import Keeping
from connectors.kept.shelf import Shelf
from connectors.kept.validators import strong
from connectors.offline.replaying import Replaying
from connectors.offline.routes import ONLINE, FromFolder, SavedTo
from connectors.offline.saving import Saving
from tests.connectors.loopback import LoopbackClient

KEY = "0123456789abcdef0123456789abcdef"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def http_date(at: datetime) -> str:
    """Return a moment as HTTP writes it."""
    return format_datetime(at, usegmt=True)


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({"ETag": '"v1"'}, '"v1"'),
        ({"ETag": 'W/"v1"'}, None),
        ({"ETag": "v1"}, None),
        ({"ETag": '""'}, None),
        ({}, None),
        (
            {"Last-Modified": http_date(NOW - timedelta(hours=1)), "Date": http_date(NOW)},
            "Sun, 01 Mar 2026 11:00:00 GMT",
        ),
        ({"Last-Modified": http_date(NOW - timedelta(seconds=59)), "Date": http_date(NOW)}, None),
        ({"Last-Modified": http_date(NOW), "Date": http_date(NOW)}, None),
        ({"Last-Modified": http_date(NOW - timedelta(hours=1))}, None),
        ({"Last-Modified": "yesterday", "Date": http_date(NOW)}, None),
        ({"ETag": '"v1"', "Last-Modified": http_date(NOW), "Date": http_date(NOW)}, '"v1"'),
    ],
)
def test_only_what_is_strong_is_relied_on(headers: dict[str, str], found: str | None):
    """A weak ETag, and a date as young as the answer, say nothing about the bytes."""
    validator = strong(httpx.Headers(headers))
    assert (validator.text if validator else None) == found


@pytest.mark.parametrize("by", ["ETag", "Last-Modified"])
def test_what_did_not_change_is_not_sent_again(mirror, save, by):
    """The second answer is the first, byte for byte, says when it came, and that it was confirmed since."""
    if by == "Last-Modified":
        mirror.headers = {"Last-Modified": http_date(NOW), "Date": http_date(NOW + timedelta(hours=1))}
    before = datetime.now(UTC)
    first, body = save()
    again, same = save()
    assert body == same == mirror.content
    assert mirror.sent == len(mirror.content)
    condition = "if-none-match" if by == "ETag" else "if-modified-since"
    assert [condition in asked for asked in mirror.asked] == [False, True]
    assert (again.status, again.exchange.sha256) == (200, first.exchange.sha256)
    assert first.exchange.confirmed_at is None
    assert again.exchange.confirmed_at > again.exchange.retrieved_at >= before
    assert again.exchange.size == len(mirror.content)


def test_what_changed_is_sent_and_takes_the_place_of_the_old(mirror, save, shelf):
    """There is one body for one question."""
    save()
    mirror.content, mirror.headers = b"another state", {"ETag": '"v2"'}
    answer, body = save()
    assert body == b"another state"
    assert answer.exchange.confirmed_at is None
    assert save()[1] == b"another state"
    assert sorted(path.suffix for path in shelf.folder.iterdir()) == [".body", ".json"]
    assert shelf.size < 1_000


def test_a_body_that_was_damaged_is_fetched_anew(mirror, save, shelf):
    """A flipped bit, and a lost note, never become part of an answer."""
    save()
    (kept,) = shelf.folder.glob("*.body")
    kept.write_bytes(b"x" + mirror.content[1:])
    assert save()[1] == mirror.content
    assert "if-none-match" not in mirror.asked[-1]
    (note,) = shelf.folder.glob("*.json")
    note.write_bytes(b"{")
    assert save()[1] == mirror.content
    assert mirror.sent == 3 * len(mirror.content)


def test_a_confirmation_of_another_state_is_none(save, shelf):
    """A server that says 304 and names another state has lost track: the file is fetched."""
    save()
    (note,) = shelf.folder.glob("*.json")
    note.write_bytes(note.read_bytes().replace(b'\\"v1\\"', b'\\"v0\\"'))
    answers = [httpx.Response(304, headers={"ETag": '"v1"'}), httpx.Response(200, content=b"new")]
    assert save(network=httpx.MockTransport(lambda _: answers.pop(0)))[1] == b"new"


@pytest.mark.parametrize(
    "headers",
    [{"ETag": 'W/"v1"'}, {}, {"Last-Modified": http_date(NOW), "Date": http_date(NOW)}],
    ids=["weak", "nothing", "time of the request"],
)
def test_what_says_nothing_of_its_state_is_not_kept(mirror, save, shelf, headers):
    """As the World Bank does, whose date of change is the time it is asked."""
    mirror.headers = headers
    save()
    assert save()[1] == mirror.content
    assert mirror.sent == 2 * len(mirror.content)
    assert not shelf.folder.exists()


@pytest.mark.parametrize(
    "parts",
    [
        {"parameters": {"key": KEY}},
        {"headers": {"Authorization": f"Bearer {KEY}"}},
        {"headers": {"Cookie": "a=b"}},
        {"keys": (KEY,)},
        {"content": b"{}"},
    ],
    ids=["key", "header", "cookie", "source with a key", "post"],
)
def test_what_depends_on_more_than_an_open_address_is_not_kept(save, shelf, parts):
    """Answers to whoever has a key, or to a body, are nobody else's, and none of it is on the disk."""
    network = httpx.MockTransport(lambda _: httpx.Response(200, content=b"mine", headers={"ETag": f'"{KEY}"'}))
    assert save(network=network, **parts)[1] == b"mine"
    assert not shelf.folder.exists()


def test_questions_for_figures_are_not_kept(shelf):
    """Only what a connector asks for as a file is; an API may well answer 304 where it should not."""
    network = httpx.MockTransport(lambda _: httpx.Response(200, json=[], headers={"ETag": '"v1"'}))
    with LoopbackClient(transport=Keeping(shelf, (), network)) as client:
        client.get(Question("office", "https://example.org/data"))
        assert not shelf.folder.exists()
        client.get(Question("office", "https://example.org/data", file=True))
    assert shelf.size


def test_formats_of_one_address_are_apart(shelf):
    """A file asked for as a table is not the one asked for as a text."""

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, text=request.headers["Accept"], headers={"ETag": '"v1"'})

    for wanted in ("text/csv", "text/plain"):
        with LoopbackClient(transport=Keeping(shelf, (), httpx.MockTransport(reply))) as client:
            asked = Question("office", "https://example.org/data", headers={"Accept": wanted}, file=True)
            assert client.get(asked).text == wanted


def test_what_came_packed_is_kept_packed(shelf):
    """It is unpacked on every reading, held to the same limit, and its sha256 is that of what was packed."""
    answers = [
        httpx.Response(200, content=gzip.compress(b"text"), headers={"ETag": '"v1"', "Content-Encoding": "gzip"}),
        httpx.Response(304),
    ]
    for _ in range(2):
        with LoopbackClient(transport=Keeping(shelf, (), httpx.MockTransport(lambda _: answers.pop(0)))) as client:
            answer = client.get(Question("office", "https://example.org/data", file=True))
        assert (answer.body, answer.exchange.sha256) == (b"text", sha256(b"text").hexdigest())


def test_a_full_disk_does_not_stop_a_sync(mirror, save, shelf, monkeypatch):
    """What cannot be kept is brought all the same, and nothing half is left."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("connectors.kept.writing.Growing.add", full)
    assert save()[1] == mirror.content
    assert shelf.size == 0


def test_a_second_process_at_the_same_file_keeps_nothing(mirror, save, shelf, monkeypatch):
    """Only one writes; the other fetches for itself."""
    monkeypatch.setattr("connectors.kept.writing.fcntl.flock", _refused)
    assert save()[1] == mirror.content
    assert not list(shelf.folder.glob("*.body"))


def _refused(*_: object) -> None:
    raise BlockingIOError


def test_a_shelf_holds_what_the_last_sync_asked_for(mirror, save, shelf, tmp_path):
    """What it did not ask for goes when it has come to its end; what broke off later goes when it is old."""
    save()
    save(parameters={"of": "another"})
    assert len(list(shelf.folder.glob("*.body"))) == 2
    later = Shelf(shelf.folder)
    with LoopbackClient(transport=Keeping(later, (), ONLINE.transport("office", (), later))) as client:
        client.save(Question("office", mirror.url, headers={"Accept": "*/*"}), tmp_path / "x", 10_000_000)
    later.settle()
    assert len(list(shelf.folder.glob("*.body"))) == 1
    assert shelf.spare(datetime.now(UTC) + timedelta(minutes=1)) == ()
    (shelf.folder / f"{'0' * 64}.part").write_bytes(b"half")
    assert shelf.spare(datetime.now(UTC) - timedelta(minutes=1)) == ()
    assert [path.suffix for path in shelf.spare(datetime.now(UTC) + timedelta(minutes=1))] == [".part"]


def test_what_is_kept_can_be_saved_for_a_machine_offline(mirror, shelf, tmp_path):
    """The folder gets the whole file, not the confirmation, with the day it came."""
    for folder in ("first", "second"):
        route = SavedTo(tmp_path / folder)
        with LoopbackClient(transport=route.transport("office", (), shelf)) as client:
            answer = client.get(Question("office", mirror.url, file=True))
    assert mirror.sent == len(mirror.content)
    with LoopbackClient(transport=FromFolder(tmp_path / "second").transport("office", (), shelf)) as client:
        offline = client.get(Question("office", mirror.url, file=True))
    assert offline.body == mirror.content
    assert offline.exchange.retrieved_at == answer.exchange.retrieved_at


def test_a_connector_fetches_its_file_once(tmp_path: Path, shelf: Shelf, specimens: Path):
    """The Gazetteer of a year is fetched once; the second snapshot says the same."""
    body = (specimens / "gazetteer/2025_Gaz_place_national.txt").read_bytes()
    statuses: list[int] = []

    def reply(request: httpx.Request) -> httpx.Response:
        statuses.append(304 if "If-None-Match" in request.headers else 200)
        return httpx.Response(statuses[-1], content=b"" if statuses[-1] == 304 else body, headers={"ETag": '"a-1"'})

    kept = [_fetched(Keeping(shelf, (), httpx.MockTransport(reply))) for _ in range(2)]
    assert statuses == [200, 304]
    assert kept[0].places.table.equals(kept[1].places.table)
    plain = _fetched(Saving(tmp_path / "saved", "gazetteer", network=httpx.MockTransport(reply)))
    assert _fetched(Replaying(tmp_path / "saved", "gazetteer")).places.table.equals(plain.places.table)


def _fetched(transport: httpx.BaseTransport):
    with LoopbackClient(transport=transport) as client:
        return GazetteerConnector().fetch(client, {})
