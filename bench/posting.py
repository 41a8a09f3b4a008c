"""How long one posted record takes against an official list of 100,000 places, and where the time goes.

The whole path runs in-process, without the network: HTTP application, checks at the border, commit, comparison,
findings, second commit, answer; on SQLite on the disk with its full flush. Run: python -m bench posting
"""

from __future__ import annotations

import csv
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from starlette.testclient import TestClient

from bench.lists import SEED, official, record
from bench.table import Table
from geodata.places import Places
from matchers.compare import compare
from service import submit, sync, verify
from service.account import from_places
from service.app import create_app
from service.caller import ANONYMOUS, Role
from service.context import Context, close, open_context
from service.settings import Settings
from service.store import keys
from service.store.migrate import upgrade

PLACES = 100_000
RECORDS = 300
TODAY = date(2026, 1, 1)
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


def run() -> list[Table]:
    """Measure the whole POST and its parts, each on records of its own."""
    random = np.random.default_rng(SEED)
    places = official(random, PLACES)
    with tempfile.TemporaryDirectory() as folder:
        context = _context(Path(folder), places)
        started = time.perf_counter()
        (listed,) = context.lists.current()
        loaded = time.perf_counter() - started
        rows = [record(random, places, int(row)) for row in random.integers(0, PLACES, 3 * RECORDS)]
        with context.store.begin() as session:
            secret = keys.create(session, "bench", Role.CONTRIBUTOR, "bench")
        parts = {
            "POST /v1/records, whole": _posting(context, secret, rows[:RECORDS]),
            "comparison alone": _timed(
                lambda row: compare(Places.from_rows([row]), listed, today=TODAY), rows[:RECORDS]
            ),
            "accept and verify, without HTTP": _timed(_verbs(context, secret), rows[RECORDS : 2 * RECORDS]),
        }
        close(context)
    figures = [
        (name, *(f"{value:.2f}" for value in np.quantile(taken, (0.5, 0.9, 0.99)))) for name, taken in parts.items()
    ]
    title = f"One record against {PLACES:,} places, {RECORDS} records each (list loaded and indexed in {loaded:.1f} s)"
    return [Table("posting", title, ("part", "median ms", "p90 ms", "p99 ms"), tuple(figures))]


def _context(folder: Path, places: Places) -> Context:
    """Open an installation of its own that follows the list, given as a register file like anybody's."""
    settings = Settings(data_dir=folder, log_level="error")
    upgrade(settings.database)
    context = open_context(settings)
    register = folder / "list.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("official_id", "name", "district", "lat", "lon", "kind"))
        for row in places.table.to_pylist():
            writer.writerow(
                (row["id"], row["names"][0]["text"], row["admin"][0][1], row["lat"], row["lon"], row["kind"])
            )
    (folder / "list.csv.toml").write_text(MANIFEST, encoding="utf-8")
    sync.configure(context, "bench", "register", {"path": str(register)})
    sync.sync(context, "bench")
    return context


def _posting(context: Context, secret: str, rows: list[dict[str, Any]]) -> list[float]:
    with TestClient(create_app(context), headers={"Authorization": f"Bearer {secret}"}) as client:
        return _timed(lambda row: client.post("/v1/records", json=_body(row)).raise_for_status(), rows)


def _body(row: Mapping[str, Any]) -> dict[str, Any]:
    name, alias = row["names"]
    return {
        "names": [{"text": name}, {"text": alias}],
        "country": row["country"],
        "location": {"lat": row["lat"], "lon": row["lon"], "uncertainty_m": row["r95_m"]},
        "admin": dict(row["admin"]),
        "kind": row["kind"],
    }


def _verbs(context: Context, secret: str) -> Callable[[dict[str, Any]], object]:
    with context.store.read() as session:
        caller = keys.find(session, secret) or ANONYMOUS

    def post(row: dict[str, Any]) -> object:
        (account,) = from_places(Places.from_rows([row]))
        (receipt,) = submit.accept(context, [replace(account, own_id=None)], caller)
        return verify.verify(context, [receipt.record_id], filter(None, [receipt.record]))

    return post


def _timed(work: Callable[[dict[str, Any]], object], rows: list[dict[str, Any]]) -> list[float]:
    """Return milliseconds per row, after a few that are not counted."""
    for row in rows[:10]:
        work(row)
    taken = []
    for row in rows[10:]:
        started = time.perf_counter()
        work(row)
        taken.append((time.perf_counter() - started) * 1000)
    return taken
