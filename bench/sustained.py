"""The rate that one process holds, then ten minutes of it: how long each kind takes, what fails, and what memory does.

Mixed traffic (`bench.mixed`) comes at its own moments (`bench.arrivals`). The rate is doubled until one request of a
hundred takes longer than `BOUND_MS`, then narrowed down; four fifths of what was held is kept up for `SECONDS`. SQLite
on the disk, or the database in UNCOUNTED_TEST_POSTGRES_URL. Run: python -m bench.sustained (SECONDS=20 for a short one)
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import numpy as np

from bench.arrivals import Came, arrive
from bench.faults import world
from bench.faults.installation import Serving, asked, install
from bench.memory import resident
from bench.mixed import CONFLICT, SHARES, Mixed
from bench.page import DOCS, fill
from bench.table import Table, keep

SECONDS = float(os.environ.get("SECONDS", "600"))
BOUND_MS = 500.0
SEED = 20_260
_FIRST, _PROBE_S, _STEPS, _KEPT_UP = 4.0, 15.0, 3, 0.8
_LOOK_S = 2.0
_REPORTS = 10
KINDS = ("kind", "requests", "a second", "p50 ms", "p95 ms", "p99 ms", "refused (503)", "errors")
MEMORY = ("minutes", "first minute MB", "last minute MB", "most MB", "slope MB an hour")


def run() -> list[Table]:
    """Measure one service on an installation of its own."""
    with TemporaryDirectory(prefix="load-") as folder, world.source() as source:
        place = Path(folder) / "var"
        place.mkdir()
        installation = install(place, os.environ.get("LOAD_DATABASE_URL"), source)
        serving = Serving(installation)
        serving.start()
        mixed = Mixed(installation.secrets, SEED)
        try:
            rate = _held(serving.port, mixed) * _KEPT_UP
            with _Watched(serving.pid) as watched:
                came = asyncio.run(arrive(serving.port, mixed, rate, SECONDS))
            rows = [*_rows(came), _report(serving.port, installation.secrets["reviewer"])]
        finally:
            serving.stop()
    database = "PostgreSQL" if installation.url else "SQLite"
    title = f"Mixed traffic at {rate:.0f} requests a second for {SECONDS / 60:.0f} minutes, one process on {database}"
    of_memory = Table("load-memory", "Memory of the service meanwhile", MEMORY, (_memory(watched.seen),))
    return [Table("load", title, KINDS, tuple(rows)), of_memory]


def _report(port: int, secret: str) -> tuple[str, ...]:
    """Return what the whole report costs afterwards, which lists every flag; one after another, with nothing else."""
    taken, flags = [], 0
    for _ in range(_REPORTS):
        began = time.perf_counter()
        _, said, _ = asked(port, "GET", "/v1/gap-reports?f=geojson", secret=secret)
        taken.append((time.perf_counter() - began) * 1000)
        flags = len(said["features"])
    p50, p95, p99 = np.quantile(taken, (0.5, 0.95, 0.99))
    kind = f"the whole gap report of {flags:,} flags, by itself"
    return (kind, str(_REPORTS), "", f"{p50:.0f}", f"{p95:.0f}", f"{p99:.0f}", "0", "0")


def _held(port: int, mixed: Mixed) -> float:
    """Return the highest rate found at which one request of a hundred takes no longer than `BOUND_MS`."""
    asyncio.run(arrive(port, mixed, _FIRST, _PROBE_S))  # warms
    held, rate = 0.0, _FIRST
    while _holds(port, mixed, rate):
        held, rate = rate, rate * 2
    high = rate
    for _ in range(_STEPS):
        middle = (held + high) / 2
        held, high = (middle, high) if _holds(port, mixed, middle) else (held, middle)
    return held or _FIRST / 2


def _holds(port: int, mixed: Mixed, rate: float) -> bool:
    came = asyncio.run(arrive(port, mixed, rate, _PROBE_S))
    p99 = float(np.quantile(came.all, 0.99))
    fine = p99 <= BOUND_MS and not any(status in {0, 503} for one in came.statuses.values() for status in one)
    print(f"  {rate:.1f} a second: p99 {p99:.0f} ms, {'held' if fine else 'not held'}", flush=True)
    return fine


def _rows(came: Came) -> list[tuple[str, ...]]:
    rows = []
    for kind in (*SHARES, "all"):
        taken = came.all if kind == "all" else came.taken.get(kind, [])
        statuses = [each for name, one in came.statuses.items() if kind in {name, "all"} for each in one]
        if taken:
            p50, p95, p99 = np.quantile(taken, (0.5, 0.95, 0.99))
            busy = sum(status == 503 for status in statuses)
            counted = (f"{len(taken):,}", f"{len(taken) / SECONDS:.1f}", f"{p50:.0f}", f"{p95:.0f}", f"{p99:.0f}")
            rows.append((kind, *counted, f"{busy:,}", _errors(statuses)))
    return rows


def _errors(statuses: Sequence[int]) -> str:
    """Return how many answers were failures, and by which status; 0 stands for none that came."""
    wrong = Counter(status for status in statuses if status == 0 or (status >= 400 and status not in {CONFLICT, 503}))
    told = ", ".join(f"{number} of {status}" for status, number in sorted(wrong.items()))
    return f"{wrong.total():,} ({told})" if wrong else "0"


def _memory(seen: Sequence[tuple[float, int]]) -> tuple[str, ...]:
    at, held = np.array([one for one, _ in seen]), np.array([one / 1e6 for _, one in seen])
    minute = min(60.0, at[-1] / 3)
    first, last = held[at <= minute].mean(), held[at >= at[-1] - minute].mean()
    later = at >= at[-1] / 3  # what is filled once, such as caches, is filled by then
    slope = np.polyfit(at[later], held[later], 1)[0] * 3600
    return (f"{at[-1] / 60:.1f}", f"{first:.0f}", f"{last:.0f}", f"{held.max():.0f}", f"{slope:+.1f}")


class _Watched:
    """Looks at the memory of a process and its children every two seconds."""

    def __init__(self, pid: int) -> None:
        self.seen: list[tuple[float, int]] = []
        self._pid = pid
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        began = time.monotonic()
        while not self._ended.wait(_LOOK_S if self.seen else 0.0):
            self.seen.append((time.monotonic() - began, resident(self._pid)))


def main() -> None:
    """Measure, print and keep the tables."""
    for table in run():
        print(table.markdown())
        keep(table)
        if (DOCS / "load.md").exists():
            fill(table, DOCS / "load.md")


if __name__ == "__main__":
    main()
