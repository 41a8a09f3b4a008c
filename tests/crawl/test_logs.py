"""What is logged and told when things fail: where and of which kind, and nothing of the record they failed over."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from starlette.testclient import TestClient

from service import verify
from service.app import create_app
from service.callers.caller import Role
from service.store import keys
from tests.crawl.canaries import Maker
from tests.crawl.oracle import Audience
from tests.crawl.reading import plain
from tests.crawl.scanning import Hidden
from tests.crawl.walking import logged

START_S = 60
BROKEN = (
    b'{"name": "%s", "country": "KEN", "location": {"lat": %s, "lon": %s}',  # not closed
    b'{"name": "%s", "country": "Atlantis", "location": {"lat": %s, "lon": %s}}',
    b'{"name": "%s", "country": "KEN", "location": {"lat": "%s", "lon": "%s north"}}',
    b'{"name": "%s", "country": "KEN", "nothing": 1, "location": {"lat": 9%s, "lon": %s}}',
    b'\xff{"name": "%s", "country": "KEN", "location": {"lat": %s, "lon": %s}}',
)


@pytest.fixture
def canary():
    """Give what is sent, and may stand in no line."""
    made = Maker().canary("open", "public_exact", "pending")
    made.ids["record_id"] = "never kept"
    return made


def told(log, canary):
    """Return what of a canary stands in a log."""
    return list(Hidden.of(Audience.LOG, [canary]).in_text(plain(log.getvalue())))


def sending(context, role=Role.CONTRIBUTOR):
    """Return the header of a new key."""
    with context.store.begin() as session:
        return {"Authorization": f"Bearer {keys.create(session, 'alpha-group', role, 'test')}"}


def test_a_comparison_that_fails_over_a_record_tells_nothing_of_it(listed, canary, monkeypatch):
    """The record is kept and waits; the line names the kind of failure and the code, not what it failed over."""

    def fails(records, *_more, **_parts):
        msg = f"cannot compare {[record.account for record in records]}"
        raise ValueError(msg)

    with logged() as log, TestClient(create_app(listed), raise_server_exceptions=False) as client:
        headers = sending(listed)
        monkeypatch.setattr(verify, "judge", fails)
        answer = client.post("/v1/records", json=canary.body(), headers=headers)
        page = client.get(f"/v1/records?q={canary.words['name']}")
    assert answer.json()["state"] == "pending" or answer.status_code == 500
    assert page.status_code == 200
    assert "ValueError" in log.getvalue()
    assert told(log, canary) == []


@pytest.mark.parametrize("table", ["revisions", "records", "findings", "events"])
def test_a_database_that_fails_over_a_record_tells_nothing_of_it(listed, canary, table):
    """A statement that fails carries the row in its message; neither the answer nor the log repeats it."""
    with logged() as log, TestClient(create_app(listed), raise_server_exceptions=False) as client:
        headers = sending(listed)
        with sqlite3.connect(listed.store.url.database) as connection:
            refusing = "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            connection.execute(f"CREATE TRIGGER refuses BEFORE INSERT ON {table} {refusing}")
        answers = [
            client.post("/v1/records", json=canary.body(), headers=headers),
            client.post("/v1/records/batch", json=[canary.body()], headers=headers),
        ]
        with sqlite3.connect(listed.store.url.database) as connection:
            connection.execute("DROP TRIGGER refuses")
    for answer in answers:
        assert answer.status_code < 500 or canary.words["name"] not in answer.text
    assert '"error"' in log.getvalue()
    assert told(log, canary) == []


def test_broken_bodies_are_not_logged(listed, canary):
    """What cannot be read is told to its sender alone."""
    name, lat, lon = (str(one).encode() for one in (canary.words["name"], canary.lat, canary.lon))
    with logged() as log, TestClient(create_app(listed), raise_server_exceptions=False) as client:
        headers = sending(listed) | {"Content-Type": "application/json"}
        for broken in BROKEN:
            answer = client.post("/v1/records", content=broken % (name, lat, lon), headers=headers)
            assert 400 <= answer.status_code < 500
        query = {"q": canary.words["name"], "bbox": f"{canary.lon},{canary.lat},{canary.lon},x"}
        assert client.get("/v1/flags", params=query).status_code == 422
    assert told(log, canary) == []


def test_the_server_itself_writes_nothing_of_what_it_is_sent(listed, canary, tmp_path):
    """Over real HTTP: broken requests, long addresses, lost connections; uvicorn's lines hold none of it."""
    headers = sending(listed)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "UNCOUNTED_DATA_DIR": str(listed.settings.data_dir),
        "UNCOUNTED_DATABASE_URL": listed.settings.database,
    }
    written = tmp_path / "stderr"
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    with written.open("wb") as sink:
        server = subprocess.Popen(  # noqa: S603 - our own
            command, stdout=sink, stderr=sink, env=environment, cwd=Path(__file__).parents[2]
        )
        try:
            _until_alive(port)
            _abuse(port, canary, headers)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(START_S)
    text = plain(written.read_text())
    assert '"event": "request"' in text
    assert list(Hidden.of(Audience.LOG, [canary]).in_text(text)) == []


def _until_alive(port):
    until = time.monotonic() + START_S
    while True:
        try:
            assert httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).status_code == 200
        except httpx.TransportError:
            assert time.monotonic() < until
            time.sleep(0.1)
        else:
            return


def _abuse(port, canary, headers):
    name = canary.words["name"]
    where = f"lat={canary.lat}&lon={canary.lon}"
    raw = (
        f"GET /v1/flags?q={name}&{where} HTTP/9.9\r\n\r\n",
        f"NAME {name}\r\n\r\n",
        f'POST /v1/records HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{{"name": "{name}"',
        f"GET /{name * 9_000} HTTP/1.1\r\nHost: x\r\n\r\n",
        f"GET / HTTP/1.1\r\nHost: x\r\nX-Name {name}\r\n\r\n",
    )
    for request in raw:
        with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
            connection.sendall(request.encode())
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
        assert client.post("/v1/records", json=canary.body()).status_code == 201
        client.get(f"/v1/records/{name}", params={"q": name})
        client.get("/v1/records", params={"bbox": f"{canary.lon},{canary.lat}"}, headers={"X-Request-ID": "x" * 70})
        client.get("/v1/flags", headers={"Accept": name})
