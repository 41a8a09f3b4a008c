"""The examples run as they stand, against a real server on this machine."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn

from service import demo
from service.app import create_app
from service.caller import Role
from service.context import Context
from service.verify import silent

EXAMPLES = Path(__file__).parents[2] / "examples"
PATIENCE_S = 30


@pytest.fixture
def address(sqlite_context: Context) -> Iterator[str]:
    """Serve the Kibera sample on a free port and give the address."""
    demo.load(sqlite_context, demo.samples(sqlite_context)[0], silent)
    server = uvicorn.Server(uvicorn.Config(create_app(sqlite_context), port=0, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_S
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    (socket,) = server.servers[0].sockets
    yield f"http://127.0.0.1:{socket.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE_S)


def test_a_list_is_sent_and_answered_line_by_line(sqlite_context: Context, address: str, tmp_path: Path) -> None:
    """Good records get a verdict, a bad one its problem, and a second run changes no record."""
    path = tmp_path / "communities.csv"
    path.write_text(
        "id,name,country,lat,lon\n1,Gatwekera,KE,-1.3151,36.7826\n2,Nowhere,KE,36.79,-1.31\n", encoding="utf-8"
    )
    environment = {**os.environ, "UNCOUNTED_KEY": demo.role_keys(sqlite_context)[Role.CONTRIBUTOR]}
    said = [
        subprocess.run(  # noqa: S603 - our own example
            [sys.executable, str(EXAMPLES / "send_a_list.py"), address, str(path)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    first, second = (line.split("\t") for line in said[0])
    assert first[:2] == ["1", "consistent"]
    assert "Gatwikira" in first[2]
    assert second[:2] == ["2", "refused"]
    assert "swapped" in second[2]
    assert said[0] == said[1]
