"""Killed: a serving process that is killed while records are posted to it has kept all that it acknowledged."""

from __future__ import annotations

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
from functools import partial
from pathlib import Path

import pytest

from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.store import keys, records
from service.store.filters import RecordFilter
from service.store.values import RecordState

ROOT = Path(__file__).parents[3]
SECONDS = 120  # far more than starting takes; only a failing test waits so long
SENDERS = 4
ACKNOWLEDGED = 40  # records after which the process is killed


@pytest.fixture
def installed(sqlite_databases, tmp_path, scene):
    """Give the settings of an installation on the disk with a list and a key, and the key's secret."""
    settings = Settings(data_dir=tmp_path, database_url=sqlite_databases.fresh(tmp_path), _env_file=None)
    context = open_context(settings)
    scene.publish(context, scene.official(scene.without("Bondeni")))
    with context.store.begin() as session:
        secret = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "test")
    close(context)
    return settings, secret


@contextmanager
def serving(settings):
    """Run the service as anybody does, and give its process and its port; it is killed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    told = {"UNCOUNTED_DATA_DIR": str(settings.data_dir), "UNCOUNTED_DATABASE_URL": settings.database}
    command = [sys.executable, "-m", "service", "serve", "--port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
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
        process.kill()
        process.wait(SECONDS)


def asked(port, path, body=None, secret=None):
    """Ask the service, and return the status and what was answered."""
    method = "GET" if body is None else "POST"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {secret}"} if secret else {})
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def posting(sender, told, ask, villages):
    """Post records until nobody answers any more, and keep what was acknowledged."""
    try:
        while True:
            name, lat, lon = villages[len(told) % len(villages)]
            aside = 0.00002 * (SENDERS * len(told) + sender)  # degrees: many on one spot would be set aside
            location = {"lat": lat, "lon": lon + aside, "uncertainty_m": 100}
            body = {"names": [{"text": name}], "country": "KEN", "location": location, "kind": "village"}
            status, answer = ask("/v1/records", body)
            assert status == 201, answer
            told.append(answer)
    except (OSError, http.client.HTTPException):
        return  # it was killed


def test_what_was_acknowledged_outlives_the_process(installed, scene):
    """Every acknowledged record is there with the verdict its sender was told, and nothing is half there."""
    settings, secret = installed
    told = [[] for _ in range(SENDERS)]
    with serving(settings) as (process, port):
        ask = partial(asked, port, secret=secret)
        senders = [threading.Thread(target=posting, args=(*own, ask, scene.villages)) for own in enumerate(told)]
        for sender in senders:
            sender.start()
        until = time.monotonic() + SECONDS
        while sum(map(len, told)) < ACKNOWLEDGED and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        for sender in senders:
            sender.join(SECONDS)
    acknowledged = {answer["id"]: answer for own in told for answer in own}
    assert len(acknowledged) >= ACKNOWLEDGED
    context = open_context(settings)
    with context.store.read() as session:
        kept = {record.id: record for record in records.page(session, RecordFilter(), limit=1_000).items}
    close(context)
    assert acknowledged.keys() <= kept.keys()
    assert len(kept) <= len(acknowledged) + SENDERS  # what was under way may have been kept, and nobody was told
    for record_id, answer in acknowledged.items():
        assert kept[record_id].state is RecordState.VERIFIED
        assert kept[record_id].verdict == answer["verdict"]
