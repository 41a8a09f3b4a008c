"""What one posted record costs, over real HTTP: one after another, and from many connections at once.

The service is asked as anybody asks it: uvicorn on the loopback, kept-alive connections, SQLite on the disk with its
full flush; on PostgreSQL too where `UNCOUNTED_TEST_POSTGRES_URL` names a server. Each run begins with an installation
of its own. Beside it, in the same run: `GET /healthz`, the least that a request can cost, and `bench.posting_peer`, the
ordinary way to write the same service. Run: python -m bench posting
"""

from __future__ import annotations

import json
import os
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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
from sqlalchemy import make_url

from bench.lists import SEED
from bench.load import request
from bench.speed import kept
from bench.table import Table
from connectors.snapshot import Exchange, Provenance, Snapshot
from geodata.coverage import Completeness, CoverageManifest
from geodata.places import Places
from service.callers.caller import Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.store import keys, snapshots, sources
from service.store.migrate import upgrade
from service.store.values import SnapshotEntry

PLACES = (1_000_000,)
CONNECTIONS = (1, 4, 16)
RECORDS = {1: 300, 4: 480, 16: 960}  # posted, by connections; a tenth of them is not counted
MADE = 5_000  # records to choose these from
REQUESTS = 1_000  # of /healthz
ROUNDS = 1  # of which the median counts, each system in turn
FOLDER = kept.FOLDER / "posting"  # snapshots and indexes, made once and shared by all installations
START_S = 300.0
RETRIEVED = datetime(2026, 1, 1, tzinfo=UTC)
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


@dataclass(frozen=True, slots=True)
class System:
    """What is asked: how it is started, after the interpreter's own arguments."""

    name: str
    command: tuple[str, ...]
    database: str  # of SQLAlchemy's backends


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation of its own, with records to post to it."""

    settings: Settings
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
    for places in PLACES:
        rounds = [{system: measured(system, places) for system in systems} for _ in range(ROUNDS)]
        rows += list(_rows(f"{places:,} places", systems, rounds))
    title = "Posted records over HTTP, stored and verified before the answer"
    return [Table("posting", title, COLUMNS, tuple(rows))]


def install(folder: Path, count: int, database_url: str | None = None) -> Installed:
    """Make an installation that holds the list of `bench.speed.kept`, in a new folder and an empty database."""
    places = kept.listed(count)
    for shared in ("snapshots", "indexes"):
        (FOLDER / shared).mkdir(parents=True, exist_ok=True)
        (folder / shared).symlink_to(FOLDER / shared)
    settings = Settings(data_dir=folder, database_url=database_url, log_level="error")
    upgrade(settings.database)
    context = open_context(settings)
    with context.store.begin() as session:
        sources.configure(session, "bench", sources.Configuration("register", "Bench list", {}), RETRIEVED)
        snapshots.make_current(session, _entry(context, count, places), RETRIEVED)
        secret = keys.create(session, "bench", Role.CONTRIBUTOR, "bench")
    context.lists.current()  # so that every run finds the index that the first one would build
    close(context)
    chosen = np.random.default_rng(SEED).permutation(MADE)[: sum(RECORDS.values())]  # they lie in the list's order
    records = kept.records(MADE, count).places.table.take(chosen).to_pylist()
    return Installed(settings, secret, [_body(row) for row in records])


def measured(system: System, count: int) -> dict[int, dict[str, Taken]]:
    """Start a system on an installation of its own and return what it took, by connections and what was asked."""
    taken: dict[int, dict[str, Taken]] = {}
    with tempfile.TemporaryDirectory() as folder, _database(system) as url:
        installed = install(Path(folder), count, url)
        environment = {"UNCOUNTED_DATA_DIR": folder} | ({"UNCOUNTED_DATABASE_URL": url} if url else {})
        with _serving(system, environment) as port:
            bodies = iter(installed.bodies)
            for connections in CONNECTIONS:
                given = [next(bodies) for _ in range(RECORDS[connections])]
                asked = {"post": [request("POST", "/v1/records", body, installed.secret) for body in given]}
                if system.name != ORDINARY:
                    asked["alive"] = [request("GET", "/healthz")] * REQUESTS
                taken[connections] = {name: load(port, connections, each) for name, each in asked.items()}
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
def _database(system: System) -> Iterator[str | None]:
    """Give the URL of an empty database on the server for PostgreSQL; none for SQLite, which needs none."""
    if system.database == "sqlite":
        yield None
        return
    server, name = os.environ[POSTGRES], f"uncounted_bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _entry(context: Context, count: int, places: Places) -> SnapshotEntry:
    """Put the list into the archive, unless it is there, and return its row of the catalogue."""
    provenance = Provenance(
        source="bench",
        title="Bench list",
        endpoint="file:list.csv",
        vintage="2025-01-01",
        vintage_kind="reference date",
        licence="CC0-1.0",
        licence_url=None,
        attribution="made up",
    )
    coverage = CoverageManifest(completeness=Completeness.EXHAUSTIVE, lowest_level="village")
    exchange = Exchange(provenance.endpoint, 200, f"{kept.EDITION:064}", count, RETRIEVED)
    known = FOLDER / f"list-{kept.EDITION}-{count}.sha256"
    if not known.exists() or not context.archive.exists(known.read_text(encoding="ascii")):
        sha256 = context.archive.put(Snapshot(provenance, coverage, (exchange,), places))
        known.write_text(sha256, encoding="ascii")
    return SnapshotEntry(
        sha256=known.read_text(encoding="ascii"),
        source=provenance.source,
        connector="register",
        title=provenance.title,
        vintage=provenance.vintage,
        vintage_kind=provenance.vintage_kind,
        licence=provenance.licence,
        licence_url=None,
        attribution=provenance.attribution,
        endpoint=provenance.endpoint,
        retrieved_at=RETRIEVED,
        places=count,
        observations=0,
        problems=0,
        coverage={"countries": []},
        current=True,
    )


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


def _body(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of `Places` as it is posted."""
    body: dict[str, Any] = {"names": [{"text": name["text"]} for name in row["names"]], "country": row["country"]}
    if row["lat"] is not None:
        body["location"] = {"lat": row["lat"], "lon": row["lon"], "uncertainty_m": row["r95_m"]}
    if row["admin"]:
        body["admin"] = dict(row["admin"])
    return body | ({"kind": row["kind"]} if row["kind"] else {})
