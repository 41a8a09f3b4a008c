"""The receiver of webhooks: signatures, replays, repeats and messages out of order, over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from service.hooks.signing import Signed, headers, secret_of

SCRIPT = Path(__file__).parents[2] / "examples" / "webhook_receiver.py"
KEY = b"0123456789abcdef0123456789abcdef"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"


class Receiver:
    """The example at work."""

    def __init__(self, address: str, database: Path) -> None:
        """Say where it listens and what it writes."""
        self.address = address
        self.database = database

    def send(self, message: dict[str, Any], *, key: bytes = KEY, age_s: int = 0, **changed: str) -> int:
        """Send a message as the service signs it, and return the status."""
        body = json.dumps(message).encode()
        moment = str(int(time.time()) - age_s)
        signed = hmac.new(key, f"{message['id']}.{moment}.".encode() + body, hashlib.sha256).digest()
        sent = {
            "webhook-id": message["id"],
            "webhook-timestamp": moment,
            "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
        }
        sent |= {name.replace("_", "-"): value for name, value in changed.items()}
        return httpx.post(self.address, content=body, headers=sent, timeout=10).status_code

    def flags(self) -> dict[str, str | None]:
        """Return the status of each flag it has, None for those that are gone."""
        with closing(sqlite3.connect(self.database)) as database:
            rows = database.execute("SELECT id, flag FROM flags").fetchall()
        return {flag_id: flag and json.loads(flag)["status"] for flag_id, flag in rows}


@pytest.fixture
def receiver(tmp_path):
    """Start the example on a free port."""
    database = tmp_path / "flags.sqlite"
    with subprocess.Popen(  # noqa: S603 - our own example
        [sys.executable, str(SCRIPT), str(database), "--port", "0"],
        env={**os.environ, "UNCOUNTED_WEBHOOK_SECRET": SECRET},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            yield Receiver(address, database)
        finally:
            process.terminate()


def told(number: int, status: str | None = "open", flag: str = "f1") -> dict[str, Any]:
    """Return a message about a flag; no status: it is gone."""
    data = {"flag_id": flag, "flag": None if status is None else {"id": flag, "status": status}}
    kind = "flag.gone" if status is None else "flag.changed"
    return {"id": f"m{number}", "type": kind, "version": 1, "sequence": number, "data": data}


def test_a_signed_message_is_kept(receiver):
    """What the service tells is in the copy; a trial is taken and changes nothing."""
    assert receiver.send(told(1)) == 204
    assert receiver.send({"id": "m0", "type": "webhook.ping", "sequence": 0, "data": {}}) == 204
    assert receiver.flags() == {"f1": "open"}


def test_what_the_service_signs_is_taken(receiver):
    """Secret, headers and signature are those of the service itself, during a rotation too."""
    body = json.dumps(told(1)).encode()
    said = Signed("m1", datetime.now(UTC), body)
    earlier = secret_of(b"key of the service", "webhook", 1)
    assert httpx.post(receiver.address, content=body, headers=headers(said, [earlier]), timeout=10).status_code == 401
    both = headers(said, [earlier, SECRET])
    assert httpx.post(receiver.address, content=body, headers=both, timeout=10).status_code == 204
    assert receiver.flags() == {"f1": "open"}


def test_a_message_that_comes_twice_counts_once(receiver):
    """It is answered well, so that it is not sent a third time."""
    assert [receiver.send(one) for one in (told(1), told(2, "confirmed"), told(1))] == [204, 204, 204]
    assert receiver.flags() == {"f1": "confirmed"}


def test_the_order_of_arrival_does_not_count(receiver):
    """The highest sequence about a flag stands; one that is gone is not brought back by older news."""
    for one in (told(3, "confirmed"), told(2), told(6, None, "f2"), told(5, "open", "f2"), told(4, "open", "f3")):
        assert receiver.send(one) == 204
    assert receiver.flags() == {"f1": "confirmed", "f2": None, "f3": "open"}


def announced(address: str, length: bytes) -> bytes:
    """Return what is answered to a body of an announced length, which no client for HTTP would send."""
    host, port = address.removeprefix("http://").rstrip("/").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as sent:
        sent.sendall(b"POST / HTTP/1.0\r\nContent-Length: " + length + b"\r\n\r\n")
        return sent.recv(100)


def test_a_forged_or_old_message_is_refused(receiver):
    """Another key, another body, no signature, a replay after the window: none of them changes anything."""
    assert receiver.send(told(1), key=b"x" * 32) == 401
    assert receiver.send(told(1), webhook_signature="v1,AAAA") == 401
    assert receiver.send(told(1), webhook_signature="") == 401
    assert receiver.send(told(1), webhook_id="m9") == 401
    assert receiver.send(told(1), age_s=600) == 400
    assert receiver.send(told(1), age_s=-600) == 400
    assert receiver.send(told(1), webhook_timestamp="soon") == 400
    assert receiver.send(told(1), webhook_timestamp="9" * 5_000) == 400
    assert httpx.post(receiver.address, content=b"", timeout=10).status_code == 413
    for length in (b"none", b"", b"-1", b"9" * 5_000):
        assert announced(receiver.address, length).startswith(b"HTTP/1.0 413 ")
    assert receiver.flags() == {}
