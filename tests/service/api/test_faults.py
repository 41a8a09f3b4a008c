"""Faults over HTTP: a full disk, a broken disk and a crowd are told as problems, and the service goes on."""

from __future__ import annotations

import asyncio
import errno

import httpx
import pytest

from service.errors import STORAGE_FULL, Problem
from service.http import patience
from service.http.crowding import Crowding
from service.importing import uploads

CSV = b"name,country,latitude,longitude\nBondeni,Kenya,0.536,35.0\n"


def importing(api, content=CSV):
    """Send a file."""
    headers = api.key("contributor") | {"Content-Type": "text/csv"}
    return api.client.post("/v1/collections/villages/imports", content=content, headers=headers)


def test_a_file_is_refused_before_it_takes_the_last_room(sqlite_api, monkeypatch):
    """With room held back for records, a file is refused with 507, nothing of it stays, and records are kept still."""
    monkeypatch.setattr("service.running.disk.free", lambda _folder: 99_000_000)
    answer = importing(sqlite_api)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage-full")
    assert int(answer.headers["Retry-After"]) > 0
    assert list(uploads.room(sqlite_api.context).iterdir()) == []
    assert sqlite_api.post("/v1/records", sqlite_api.absent).status_code == 201


def test_a_disk_that_fills_up_while_a_file_comes(sqlite_api, monkeypatch):
    """Where there is no room half way, the answer says so, and what was written of the file is removed."""
    room = iter([1_000_000_000, 1_000_000_000])
    monkeypatch.setattr("service.running.disk.free", lambda _folder: next(room, 0))
    answer = importing(sqlite_api, CSV + b"Lindi,Kenya,0.518,35.0\n" * 100_000)
    assert (answer.status_code, answer.json()["code"]) == (507, "storage-full")
    assert list(uploads.room(sqlite_api.context).iterdir()) == []


def test_a_full_database_is_told_to_every_sender_and_recovers(sqlite_api, monkeypatch):
    """A record for which there is no room is refused with 507 and a time to come again; later it is kept, once."""
    with monkeypatch.context() as full:
        full.setattr("service.store.revisions.add", _no_room)
        answer = sqlite_api.post("/v1/records", {**sqlite_api.absent, "id": "v1"})
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (507, "storage-full", "60")
    assert "Nothing of this was kept" in answer.json()["hint"]
    assert sqlite_api.get("/v1/records", "contributor").json()["items"] == []
    assert sqlite_api.post("/v1/records", {**sqlite_api.absent, "id": "v1"}).status_code == 201


def _no_room(_session, _revisions):
    detail = "The database has no room left: database or disk is full"
    raise Problem(STORAGE_FULL, detail, retry_after=60)


def test_a_full_disk_anywhere_is_told_as_one(sqlite_api, monkeypatch):
    """Also where nobody thought of it, a full disk is no mistake of the service's."""
    monkeypatch.setattr("service.store.sources.all", _disk_full)
    answer = sqlite_api.get("/v1/sources")
    assert (answer.status_code, answer.json()["code"]) == (507, "storage-full")


def _disk_full(_session):
    raise OSError(errno.ENOSPC, "No space left on device", "/private/place")


def served(reading, writing, requests):
    """Send requests at once to an application that answers each after all have come, and return their statuses."""

    async def slow(_scope, _receive, send):
        await asyncio.sleep(0.2)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def run():
        transport = httpx.ASGITransport(Crowding(slow, reading, writing))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            return await asyncio.gather(*(client.request(*one) for one in requests))

    return asyncio.run(run())


def test_a_crowd_is_told_to_come_again():
    """Beyond so many at once readers are refused, at once and kindly; writers and watchers have room of their own."""
    requests = [("GET", "/v1/flags")] * 5 + [("POST", "/v1/records")] * 2 + [("GET", "/readyz")]
    answers = served(3, 2, requests)
    assert sorted(answer.status_code for answer in answers[:5]) == [200, 200, 200, 503, 503]
    assert [answer.status_code for answer in answers[5:]] == [200, 200, 200]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert (refused.json()["code"], refused.headers["Retry-After"]) == ("busy", "2")


def test_bodies_that_do_not_fit_into_memory_together_are_refused():
    """Bodies share so many bytes: the next one is refused, one alone never is, and what ended makes room."""
    held = patience.Held(1_000)
    with held.body() as large:
        large.add(1_500)
        with pytest.raises(Problem) as refused, held.body() as other:
            other.add(1)
        assert (refused.value.kind.code, refused.value.extra["retry_after"]) == ("busy", 5)
    with held.body() as later:
        later.add(900)


class Stalling:
    """A request of which something came, and then nothing."""

    async def stream(self):
        """Yield one part and wait for the next in vain."""
        yield b"{"
        await asyncio.sleep(30)
        yield b"}"


def test_a_body_that_stops_coming_is_given_up(monkeypatch):
    """Whoever sends nothing more for too long is told, instead of keeping a connection and memory for ever."""
    monkeypatch.setattr(patience, "PAUSE_S", 0.05)

    async def read():
        return [part async for part in patience.parts(Stalling())]

    with pytest.raises(Problem) as told:
        asyncio.run(read())
    assert told.value.kind.code == "too-slow"
