"""What one posted record costs, over real HTTP: one after another, and from many connections at once.

The service is asked as anybody asks it: uvicorn on the loopback, kept-alive connections, SQLite on the disk with its
full flush; on PostgreSQL too where `UNCOUNTED_TEST_POSTGRES_URL` names a server. Each run begins with an installation
of its own. Beside it, in the same run: `GET /healthz`, the least that a request can cost, and `bench.posting_peer`, the
ordinary way to write the same service. Run: python -m bench posting
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import make_url

from bench.lists import SEED, official, record
from bench.load import request
from bench.table import Table
from geodata.places import Places
from service import sync
from service.caller import Role
from service.context import close, open_context
from service.settings import Settings
from service.store import keys
from service.store.migrate import upgrade

PLACES = (100_000, 1_000_000)
CONNECTIONS = (1, 4, 16)
RECORDS = {1: 400, 4: 800, 16: 1_600}  # posted, by connections; a tenth of them is not counted
REQUESTS = 2_000  # of /healthz
ROUNDS = 3  # of which the median counts, each system in turn
START_S = 300.0
POSTGRES = "UNCOUNTED_TEST_POSTGRES_URL"
COLUMNS = (
    "list",
    "system",
    "connections",
    "requests a second",
    "p50 ms",
    "p99 ms",
    "p50 to /healthz",
    "times the peer",
)
MANIFEST = """
[source]
title = "Bench list"
vintage = "2025-01-01"
licence = "CC0-1.0"
attribution = "made up"

[coverage]
completeness = "exhaustive"
lowest_level = "village"

[defaults]
country = "KEN"
"""


@dataclass(frozen=True, slots=True)
class System:
    """What is asked: how it is started, after the interpreter's own arguments."""

    name: str
    command: tuple[str, ...]
    database: str  # of SQLAlchemy's backends


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation that is copied for each run: its list, a key, and records to post."""

    folder: Path
    secret: str
    bodies: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run came to."""

    per_second: float
    p50: float
    p99: float


SERVICE = ("-m", "service", "serve", "--port", "{port}")
PEER = ("-m", "bench.posting_peer", "{port}")
ONE, TWO, ORDINARY = "service, 1 worker", "service, 2 workers", "def endpoint with SQLModel session"
SYSTEMS = (
    System(ONE, SERVICE, "sqlite"),
    System(TWO, (*SERVICE, "--workers", "2"), "sqlite"),
    System(ORDINARY, PEER, "sqlite"),
    System(ONE, SERVICE, "postgresql"),
    System(ORDINARY, PEER, "postgresql"),
)


def run() -> list[Table]:
    """Measure every system against every list; a refused request would be a mistake of this benchmark."""
    rows: list[tuple[str, ...]] = []
    systems = [one for one in SYSTEMS if one.database == "sqlite" or os.environ.get(POSTGRES)]
    with tempfile.TemporaryDirectory() as folder:
        for places in PLACES:
            installed = install(Path(folder) / str(places), places)
            rounds = [{system: measured(system, installed) for system in systems} for _ in range(ROUNDS)]
            rows += list(_rows(f"{places:,} places", systems, rounds))
    title = f"Posted records over HTTP, stored and verified before the answer; medians of {ROUNDS} rounds"
    return [Table("posting", title, COLUMNS, tuple(rows))]


def install(folder: Path, count: int) -> Installed:
    """Make an installation that follows a made-up list, given as a register file like anybody's."""
    random = np.random.default_rng(SEED)
    places = official(random, count)
    settings = Settings(data_dir=folder, log_level="error")
    folder.mkdir()
    upgrade(settings.database)
    context = open_context(settings)
    register = folder / "list.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("official_id", "name", "district", "lat", "lon", "kind"))
        writer.writerows(_listed(places))
    (folder / "list.csv.toml").write_text(MANIFEST, encoding="utf-8")
    sync.configure(context, "bench", "register", {"path": str(register)})
    sync.sync(context, "bench")
    context.lists.current()  # so that every run finds the index that the first one would build
    with context.store.begin() as session:
        secret = keys.create(session, "bench", Role.CONTRIBUTOR, "bench")
    close(context)
    chosen = random.integers(0, count, sum(RECORDS.values()))
    return Installed(folder, secret, [_body(record(random, places, int(row))) for row in chosen])


def measured(system: System, installed: Installed) -> dict[int, dict[str, Taken]]:
    """Start a system on a copy of the installation and return what it took, by connections and what was asked."""
    taken: dict[int, dict[str, Taken]] = {}
    with tempfile.TemporaryDirectory() as folder, _database(system, installed, Path(folder)) as here:
        environment, secret = here
        shutil.copytree(installed.folder, folder, dirs_exist_ok=True)
        with _serving(system, environment) as port:
            bodies = iter(installed.bodies)
            for connections in CONNECTIONS:
                posts = [request("POST", "/v1/records", next(bodies), secret) for _ in range(RECORDS[connections])]
                asked = {"post": posts}
                if system.name != ORDINARY:
                    asked["alive"] = [request("GET", "/healthz")] * REQUESTS
                taken[connections] = {name: load(port, connections, given) for name, given in asked.items()}
    return taken


def load(port: int, connections: int, requests: Sequence[bytes]) -> Taken:
    """Send requests from a process of their own; the first tenth warms and is not counted."""
    warming = len(requests) // 10
    _sent(port, connections, requests[:warming])
    came = _sent(port, connections, requests[warming:])
    assert not came["refused"], f"refused: {set(came['refused'])}"
    p50, p99 = np.quantile(came["milliseconds"], (0.5, 0.99))
    return Taken(len(came["milliseconds"]) / came["seconds"], float(p50), float(p99))


def _sent(port: int, connections: int, requests: Sequence[bytes]) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as file:
        json.dump([one.decode() for one in requests], file)
        file.flush()
        command = [sys.executable, "-m", "bench.load", str(port), str(connections), file.name]
        done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - this interpreter
    came: dict[str, Any] = json.loads(done.stdout)
    return came


@contextmanager
def _serving(system: System, environment: Mapping[str, str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, *(part.format(port=port) for part in system.command)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    server = subprocess.Popen(command, env=os.environ | dict(environment), **quiet)  # noqa: S603 - this interpreter
    try:
        _wait(port)
        yield port
    finally:
        server.terminate()
        server.wait(START_S)


def _wait(port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=START_S):
            return
        time.sleep(0.2)
    message = "the server was not ready in time"
    raise TimeoutError(message)


@contextmanager
def _database(system: System, installed: Installed, folder: Path) -> Iterator[tuple[dict[str, str], str]]:
    """Give the environment of one run and a key: its folder, and for PostgreSQL a database of its own beside it."""
    environment = {"UNCOUNTED_DATA_DIR": str(folder)}
    if system.database == "sqlite":
        yield environment, installed.secret
        return
    server, name = os.environ[POSTGRES], f"uncounted_bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            url = make_url(server).set(database=name).render_as_string(hide_password=False)
            yield environment | {"UNCOUNTED_DATABASE_URL": url}, _fill(url, installed)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _fill(url: str, installed: Installed) -> str:
    """Let a new database follow the list that the archive holds, and return a key to it."""
    settings = Settings(data_dir=installed.folder, database_url=url, log_level="error")
    upgrade(settings.database)
    context = open_context(settings)
    sync.configure(context, "bench", "register", {"path": str(installed.folder / "list.csv")})
    sync.sync(context, "bench")
    with context.store.begin() as session:
        secret = keys.create(session, "bench", Role.CONTRIBUTOR, "bench")
    close(context)
    return secret


def _rows(
    listed: str, systems: Sequence[System], rounds: Sequence[Mapping[System, dict[int, dict[str, Taken]]]]
) -> Iterator[tuple[str, ...]]:
    for connections in CONNECTIONS:
        for system in systems:
            for asked in rounds[0][system][connections]:
                taken = [one[system][connections][asked] for one in rounds]
                yield (
                    listed,
                    "GET /healthz" if asked == "alive" else f"{system.name}, {system.database}",
                    str(connections),
                    f"{np.median([one.per_second for one in taken]):,.0f}",
                    f"{np.median([one.p50 for one in taken]):.2f}",
                    f"{np.median([one.p99 for one in taken]):.2f}",
                    _ratio(taken, [one[system][connections].get("alive") for one in rounds], asked),
                    _speedup(system, connections, rounds) if asked == "post" else "",
                )


def _ratio(taken: Sequence[Taken], alive: Sequence[Taken | None], asked: str) -> str:
    ratios = [one.p50 / least.p50 for one, least in zip(taken, alive, strict=True) if least is not None]
    return f"{np.median(ratios):.1f}" if ratios and asked == "post" else ""


def _speedup(system: System, connections: int, rounds: Sequence[Mapping[System, dict[int, dict[str, Taken]]]]) -> str:
    """Return how many times the peer's requests a second on the same database, round by round, a system answers."""
    peer = next(one for one in SYSTEMS if one.name == ORDINARY and one.database == system.database)
    ratios = [one[system][connections]["post"].per_second / one[peer][connections]["post"].per_second for one in rounds]
    return f"{np.median(ratios):.1f}"


def _listed(places: Places) -> Iterator[tuple[object, ...]]:
    for row in places.table.to_pylist():
        yield row["id"], row["names"][0]["text"], row["admin"][0][1], row["lat"], row["lon"], row["kind"]


def _body(row: Mapping[str, Any]) -> dict[str, Any]:
    name, alias = row["names"]
    return {
        "names": [{"text": name}, {"text": alias}],
        "country": row["country"],
        "location": {"lat": row["lat"], "lon": row["lon"], "uncertainty_m": row["r95_m"]},
        "admin": dict(row["admin"]),
        "kind": row["kind"],
    }
