"""The story of one record: sent, compared, decided, published, and never lost, whatever happens to the server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from service import sync
from service.callers.caller import Role
from service.context import Context
from service.store import keys

ROOT = Path(__file__).parents[2]
PATIENCE_S = 30

#: Villages in a row, a kilometre apart; Bondeni lies between Turbo and Soi and is not named.
REGISTER = """official_id,name,kind,country,lat,lon,location_uncertainty_m
V1,Kapchorwa,village,KEN,0.500,35.0,100
V2,Mashimoni,village,KEN,0.509,35.0,100
V3,Lindi,village,KEN,0.518,35.0,100
V4,Turbo,village,KEN,0.527,35.0,100
V6,Soi,village,KEN,0.545,35.0,100
V7,Ziwa,village,KEN,0.554,35.0,100
"""
MANIFEST = """[source]
title = "Register of villages"
vintage = "2019-08-24"
licence = "CC0-1.0"
attribution = "Written for a test"

[coverage]
completeness = "exhaustive"
lowest_level = "village"
kinds = ["village"]
countries = ["KEN"]
reference_date = 2019-08-24
"""


@contextmanager
def serving(context: Context, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the real server as a process of its own, on this machine only."""
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": str(ROOT),
        "UNCOUNTED_DATA_DIR": str(context.settings.data_dir),
        "UNCOUNTED_DATABASE_URL": context.store.url.render_as_string(hide_password=False),
        "UNCOUNTED_LOG_LEVEL": "error",
    }
    command = [sys.executable, "-m", "uvicorn", "--factory", "service.app:from_environment", "--port", str(port)]
    process = subprocess.Popen(command, cwd=context.settings.data_dir, env=environment, start_new_session=True)  # noqa: S603 - our own server
    try:
        wait_until_alive(process, port)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)


def wait_until_alive(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail(f"the server did not come up on port {port}")


@pytest.fixture
def port() -> int:
    """Give a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def village(number: int) -> dict[str, object]:
    """Return the record of one village."""
    return {
        "id": f"v{number}",
        "name": f"Bondeni {number}",
        "country": "KEN",
        "location": {"lat": 0.536, "lon": 35.0, "uncertainty_m": 100},
        "kind": "village",
    }


class Stream(threading.Thread):
    """Somebody who sends records one after the other until the line goes dead, and notes what was acknowledged."""

    def __init__(self, base: str, key: str, start: int) -> None:
        """Prepare to send from this number on, in steps of a hundred thousand."""
        super().__init__(daemon=True)
        self.base, self.key, self.first = base, key, start
        self.acknowledged: dict[str, str] = {}

    def run(self) -> None:
        """Send until nobody answers."""
        with httpx.Client(base_url=self.base, headers={"Authorization": f"Bearer {self.key}"}, timeout=10) as client:
            for number in range(self.first, self.first + 100_000):
                try:
                    answer = client.post("/v1/records", json=village(number))
                except httpx.TransportError:
                    return
                if answer.status_code == 201:
                    self.acknowledged[f"v{number}"] = answer.json()["id"]


def test_a_killed_server_loses_nothing_it_acknowledged(context, port):
    """SIGKILL in the middle of a stream: after a restart every acknowledged record is there, once, and is compared."""
    with context.store.begin() as session:
        key = keys.create(session, "map-kibera", Role.CONTRIBUTOR, "story")
    base, headers = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {key}"}
    with serving(context, port) as process:
        streams = [Stream(base, key, start) for start in (0, 100_000, 200_000)]
        for stream in streams:
            stream.start()
        until = time.monotonic() + PATIENCE_S
        while sum(len(stream.acknowledged) for stream in streams) < 30 and time.monotonic() < until:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        for stream in streams:
            stream.join(PATIENCE_S)
    acknowledged = {own: record for stream in streams for own, record in stream.acknowledged.items()}
    assert len(acknowledged) >= 30
    with serving(context, port), httpx.Client(base_url=base, headers=headers, timeout=10) as client:
        found = {}
        path: str | None = "/v1/records?limit=1000"
        while path:
            page = client.get(path).json()
            assert not found.keys() & {item["own_id"] for item in page["items"]}
            found |= {item["own_id"]: item["id"] for item in page["items"]}
            path = page["next"]
        assert {own: found.get(own) for own in acknowledged} == acknowledged
        again = client.post("/v1/records", json=village(0))
        assert (again.status_code, again.json()["id"]) == (200, acknowledged["v0"])
        until = time.monotonic() + PATIENCE_S
        while client.get("/v1/records?state=pending").json()["items"] and time.monotonic() < until:
            time.sleep(0.05)
        assert client.get("/v1/records?state=pending").json()["items"] == []


def test_from_a_posted_name_to_a_public_flag(context, port, tmp_path):
    """A register is brought in, a community posted, found missing, confirmed, published, opened, and read."""
    (tmp_path / "villages.csv").write_text(REGISTER)
    (tmp_path / "villages.csv.toml").write_text(MANIFEST)
    sync.configure(context, "villages", "register", {"path": str(tmp_path / "villages.csv")})
    sync.sync(context, "villages")
    with context.store.begin() as session:
        who = {role: keys.create(session, f"office-{role}", role, "story") for role in Role}
    with serving(context, port), httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:

        def post(path, role, body):
            return client.post(path, json=body, headers={"X-API-Key": who[role]}).json()

        record = post("/v1/records", Role.CONTRIBUTOR, {**village(0), "name": "Bondeni", "consent": "public_exact"})
        assert (record["verdict"], record["list"]["title"]) == ("hidden_place", "Register of villages")
        flag = record["flag_id"]
        assert client.get(f"/v1/flags/{flag}").status_code == 404
        post(f"/v1/flags/{flag}/reviews", Role.REVIEWER, {"decision": "confirmed", "reason_code": "field_visit"})
        post(f"/v1/flags/{flag}/reviews", Role.ADMIN, {"decision": "published", "reason_code": "agreed"})
        assert client.get("/v1/flags?f=geojson").json()["features"] == []  # its organisation and community have a month
        post(f"/v1/flags/{flag}/embargo", Role.CONTRIBUTOR, {"reason_code": "community_agreed"})
        layer = client.get("/v1/flags?f=geojson").json()
        assert [feature["properties"]["name"] for feature in layer["features"]] == ["Bondeni"]
        assert "Bondeni" in client.get("/").text
