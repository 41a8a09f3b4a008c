"""A download that broke off goes on where it was whole, and begins again wherever that cannot be relied on."""

from __future__ import annotations

import gzip
import os
from itertools import count

import httpx
import pytest

from connectors.errors import SourceChanged, SourceUnavailable
from connectors.kept.writing import MARK_EVERY


def test_a_lost_connection_is_continued(mirror, save):
    """Every byte is sent once, whatever number of times the line is lost, and progress says where it goes on."""
    mirror.cuts = [700_000, 1_500_000]
    told = []
    answer, body = save(progress=lambda done, total, what: told.append((done, total, what)))
    assert body == mirror.content
    assert mirror.sent == len(mirror.content)
    assert [asked.get("range") for asked in mirror.asked] == [None, "bytes=700000-", "bytes=2200000-"]
    assert {asked.get("if-range") for asked in mirror.asked[1:]} == {'"v1"'}
    assert (answer.status, answer.exchange.size) == (200, len(mirror.content))
    assert told[-1] == (len(mirror.content), len(mirror.content), "bytes fetched, continued at 2,200,000")
    first = next(done for done, _, what in told if "continued at 700,000" in what)
    assert first > 700_000
    assert save()[1] == mirror.content
    assert mirror.sent == len(mirror.content)


def test_what_one_sync_began_the_next_one_ends(mirror, save):
    """A source that stays away leaves what came of it for the next day."""
    mirror.cuts = [400_000] * 5
    with pytest.raises(SourceUnavailable):
        save()
    assert save()[1] == mirror.content
    assert mirror.sent == len(mirror.content)


@pytest.mark.parametrize(
    "change",
    [
        {"ranges": False},
        {"headers": {"ETag": '"v2"'}},
        {"lie": "bytes 5-2999999/3000000"},
        {"lie": "bytes 1000000-2999999/4000000"},
        {"lie": "bytes 1000000-1999999/3000000"},
        {"lie": "bytes */3000000"},
        {"lie": "everything"},
        {"partial": {"ETag": '"v2"'}},
        {"partial": {"Content-Encoding": "gzip"}},
        {"partial": {"Content-Length": "5"}},
    ],
    ids=str,
)
def test_what_does_not_fit_begins_again(mirror, save, change):
    """No ranges, another state, a range that was not asked for: the file comes whole, and nothing old is in it."""
    mirror.cuts = [1_000_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()
    mirror.content = (
        mirror.content[::-1] if "headers" in change or "ETag" in change.get("partial", {}) else mirror.content
    )
    for name, value in change.items():
        setattr(mirror, name, value)
    assert save()[1] == mirror.content


def test_a_server_that_knows_no_such_range_is_asked_for_all(mirror, save):
    """416 means that there is less than we have of it."""
    mirror.cuts = [1_000_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()

    def reply(request: httpx.Request) -> httpx.Response:
        return httpx.Response(416) if "Range" in request.headers else httpx.Response(200, content=b"short")

    assert save(network=httpx.MockTransport(reply))[1] == b"short"


def test_only_what_is_whole_is_continued(mirror, save, shelf):
    """What a power cut left behind the last mark, or changed before it, is fetched once more."""
    mirror.cuts = [2_500_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()
    (part,) = shelf.folder.glob("*.part")
    with part.open("r+b") as file:
        file.seek(MARK_EVERY + 400_000)
        file.write(b"torn")
        file.truncate(2_600_000)
    assert save()[1] == mirror.content
    begins = int(mirror.asked[-1]["range"].removeprefix("bytes=").rstrip("-"))
    assert MARK_EVERY <= begins < MARK_EVERY + 200_000  # a mark is written after the part that passed it


@pytest.mark.parametrize("marks", [b"", b"{}\n", b"no note\n5 5\n"])
def test_marks_that_are_none_begin_again(mirror, save, shelf, marks):
    """A file that nothing vouches for is not the start of anything."""
    mirror.cuts = [1_500_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()
    (path,) = shelf.folder.glob("*.marks")
    path.write_bytes(marks)
    assert save()[1] == mirror.content
    assert "range" not in mirror.asked[-1]


def test_more_than_was_announced_is_refused(mirror, save, shelf):
    """The rest of a file that never ends is left where the file should have, and begun again."""
    mirror.cuts = [1_000_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()

    def reply() -> httpx.Response:
        headers = {"ETag": '"v1"', "Content-Range": "bytes 1000000-2999999/3000000"}
        return httpx.Response(206, content=iter(lambda: b"x" * 65_536, None), headers=headers)

    def first(request: httpx.Request) -> httpx.Response:
        return reply() if "Range" in request.headers else httpx.Response(200, content=b"all")

    assert save(network=httpx.MockTransport(first))[1] == b"all"
    assert not list(shelf.folder.glob("*.part"))


def test_a_drip_behind_a_long_start_is_left(mirror, save, monkeypatch):
    """What was there before is no excuse: the rest must come as fast as anything."""
    mirror.cuts = [2_000_000] + [0] * 4
    with pytest.raises(SourceUnavailable):
        save()
    ticks = count(step=100)
    monkeypatch.setattr("connectors.body.monotonic", lambda: next(ticks))

    def drip(_: httpx.Request) -> httpx.Response:
        headers = {"ETag": '"v1"', "Content-Range": "bytes 2000000-2999999/3000000"}
        return httpx.Response(206, content=iter(lambda: b"x", None), headers=headers)

    with pytest.raises(SourceUnavailable, match="was not done"):
        save(network=httpx.MockTransport(drip))


def test_an_endless_body_leaves_nothing(save, shelf):
    """A server that never stops is left at the limit, and what came of it is not kept."""

    def endless(_: httpx.Request) -> httpx.Response:
        content = iter(lambda: b"x" * 65_536, None)
        return httpx.Response(200, content=content, headers={"ETag": '"v1"', "Transfer-Encoding": "chunked"})

    with pytest.raises(SourceChanged, match="more than 1,000,000 bytes"):
        save(network=httpx.MockTransport(endless), max_bytes=1_000_000)
    assert shelf.size == 0


def test_a_packed_body_is_never_continued(save):
    """Bytes of a packed body are no bytes of the file; what broke off of it begins again."""
    packed = gzip.compress(os.urandom(50_000))
    asked = []

    def broken():
        yield packed[:20_000]
        message = "lost"
        raise httpx.ReadError(message)

    def reply(request: httpx.Request) -> httpx.Response:
        asked.append("Range" in request.headers)
        headers = {"ETag": '"v1"', "Content-Encoding": "gzip", "Content-Length": str(len(packed))}
        return httpx.Response(200, content=broken() if len(asked) == 1 else packed, headers=headers)

    assert save(network=httpx.MockTransport(reply))[1] == gzip.decompress(packed)
    assert asked == [False, False]
