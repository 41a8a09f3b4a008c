"""Stopping: readiness goes first, what is under way is answered, and the process ends by itself with status 0."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from uvicorn import Config, Server

from service.app import create_app
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.serving import connection
from service.store import imports, keys, leases, records
from service.store.filters import RecordFilter

ROOT = Path(__file__).parents[3]
SECONDS = 120  # far more than anything here takes; only a failing test waits so long


@pytest.fixture
def installed(sqlite_databases, tmp_path, scene):
    """Give the settings of an installation on the disk, and the secret of a key."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_databases.fresh(tmp_path), _env_file=None)
    context = open_context(settings)
    scene.publish(context, scene.official(scene.without("Bondeni")))
    with context.store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    close(context)
    return settings, secret


@contextmanager
def serving(settings, drain_s, *words):
    """Run the service as anybody does, and give its process and its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"UNCOUNTED_DATA_DIR": str(settings.data_dir), "UNCOUNTED_DATABASE_URL": settings.database}
    told |= {"UNCOUNTED_DRAIN_S": str(drain_s), "UNCOUNTED_GRACE_S": str(SECONDS)}  # however busy the machine is
    command = [sys.executable, "-m", "service", "serve", "--port", str(port), *words]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | told, **quiet)  # noqa: S603 - this interpreter
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until and process.poll() is None:
            try:
                if asked(port, "/readyz")[0] == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield process, port
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(SECONDS)


def asked(port, path, body=None, secret=None):
    """Ask the service, and return the status and what was answered."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    try:
        connection.request("POST" if body else "GET", path, json.dumps(body) if body else None, headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def batch(number, size):
    """Return records a little apart."""
    return [
        {
            "id": f"v{number}-{n}",
            "name": f"Kijiji {n}",
            "country": "KEN",
            "location": {"lat": 0.5 + n * 0.001, "lon": 35.0 + number * 0.001, "uncertainty_m": 100},
        }
        for n in range(size)
    ]


def test_it_says_so_first_answers_what_is_under_way_and_ends(installed):
    """After SIGTERM readiness is 503 while requests are still answered; what was acknowledged is kept; status 0."""
    settings, secret = installed
    told = []

    def send(number):
        told.append(asked(port, "/v1/records/batch", batch(number, 50), secret)[0])

    with serving(settings, 3) as (process, port):
        senders = [threading.Thread(target=send, args=(number,)) for number in range(3)]
        for sender in senders:
            sender.start()
        process.terminate()
        while (status := asked(port, "/readyz"))[0] == 200:
            time.sleep(0.01)
        assert status[1]["checks"]["process"] == "being stopped"
        for sender in senders:
            sender.join(SECONDS)
        assert process.wait(SECONDS) == 0
    assert told == [200] * 3
    context = open_context(settings)
    with context.store.read() as session:
        assert records.count(session, RecordFilter()) == 150
    close(context)


def test_an_import_under_way_hands_back_its_turn(installed):
    """Stopped in the middle of a long file, the process ends after a part, and leaves the turn free for the next."""
    settings, secret = installed
    rows = [f"Kijiji {n},Kenya,{0.1 + n % 300 * 0.01:.3f},{34.5 + n // 300 * 0.01:.3f}" for n in range(30_000)]
    content = "\n".join(["name,country,latitude,longitude", *rows]).encode()
    with serving(settings, 0) as (process, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
        headers = {"Content-Type": "text/csv", "Authorization": f"Bearer {secret}"}
        connection.request("POST", "/v1/collections/long/imports", content, headers)
        assert connection.getresponse().status == 202
        connection.close()
        context = open_context(settings)
        until = time.monotonic() + SECONDS
        while not under_way(context) and time.monotonic() < until:
            time.sleep(0.05)
        process.terminate()
        assert process.wait(SECONDS) == 0
    assert not under_way(context)
    with context.store.read() as session:
        (job,) = imports.unfinished(session)
    assert job.rows_read < len(rows)
    close(context)


def under_way(context):
    """Return whether anybody holds the turn of an import."""
    with context.store.read() as session:
        return bool(leases.beginning(session, "import/"))


@pytest.mark.parametrize("words", [(), ("--workers", "2")])
def test_a_second_signal_ends_it_at_once(installed, words):
    """Whoever does not want to wait sends the signal again; nothing is drained then."""
    settings, _ = installed
    with serving(settings, SECONDS, *words) as (process, _port):
        process.terminate()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1.5)
        process.terminate()
        assert process.wait(SECONDS / 4) == 0


def test_a_slow_head_is_given_up(monkeypatch, sqlite_context):
    """Whoever begins a request and sends no more is let go of; a whole request on the same terms is answered."""
    monkeypatch.setattr(connection, "HEAD_S", 0.3)
    server = Server(Config(create_app(sqlite_context), port=0, http=connection.Connection, log_config=None))

    async def run():
        task = asyncio.ensure_future(server._serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells of it in no other way
            await asyncio.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        answered = await reader.read(12)
        writer.write(b"GET /healthz HTTP/1.1\r\nHost")
        rest = await asyncio.wait_for(reader.read(), SECONDS)
        writer.close()
        server.should_exit = True
        await task
        return answered, rest

    answered, rest = asyncio.run(run())
    assert answered == b"HTTP/1.1 200"
    assert rest.count(b"HTTP/1.1") == 0
