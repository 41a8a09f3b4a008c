"""Run the fault runs: `python -m bench.faults` for all, `… kills restarts` for some; `SCALE=0.05` for a short one.

Each says PASS or FAIL with its figures, which go to bench/results/ and docs/faults.md. Ends with 1 where any failed.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from bench.faults import full, halves, kills, restarts, slow, two
from bench.faults.cluster import cluster
from bench.faults.verdict import Verdict, table
from bench.page import DOCS, fill
from bench.table import keep

SEED = 20_260
PAGE = DOCS / "faults.md"


def main(wanted: Sequence[str]) -> int:
    """Run what is wanted and return the exit status."""
    unknown = [name for name in wanted if name not in RUNS]
    if unknown:
        sys.exit(f"no fault run is called {', '.join(unknown)}; there are {', '.join(RUNS)}")
    failed = 0
    for name in wanted or RUNS:
        began = time.monotonic()
        print(f"== {name}", flush=True)
        verdicts = list(RUNS[name](float(os.environ.get("SCALE", "1"))))
        made = table(name, verdicts)
        print(made.markdown())
        for verdict in verdicts:
            for one in verdict.wrong[:20]:
                print(f"  {verdict.database}: {one}")
            failed += not verdict.held
        keep(made)
        if PAGE.exists():
            fill(made, PAGE)
        print(f"== {name}: {time.monotonic() - began:.0f} s\n", flush=True)
    return 1 if failed else 0


def _kills(scale: float) -> Iterator[Verdict]:
    for url in _databases():
        yield kills.run(url, max(round(200 * scale), 2), SEED)


def _restarts(scale: float) -> Iterator[Verdict]:
    yield restarts.run(max(round(20 * scale), 3), SEED)


def _full(scale: float) -> Iterator[Verdict]:
    yield full.run(full.Filling(max(round(5 * scale), 1), 10.0, SEED))


def _halves(scale: float) -> Iterator[Verdict]:
    yield halves.run(max(round(500 * scale), 10), SEED)


def _slow(scale: float) -> Iterator[Verdict]:
    for url in _databases():
        yield slow.run(url, max(120 * scale, 10), SEED)


def _two(scale: float) -> Iterator[Verdict]:
    for url in _databases():
        yield two.run(url, max(180 * scale, 15), SEED)


def _databases() -> Iterator[str | None]:
    """Yield SQLite, then a fresh database of a PostgreSQL that runs meanwhile, or what DATABASES names of them."""
    wanted = os.environ.get("DATABASES", "sqlite postgresql").split()
    if "sqlite" in wanted:
        yield None
    if "postgresql" in wanted:
        with _server() as url:
            yield url


@contextmanager
def _server() -> Iterator[str]:
    with cluster() as one:
        yield one.fresh()


RUNS: dict[str, Callable[[float], Iterator[Verdict]]] = {
    "kills": _kills,
    "restarts": _restarts,
    "full": _full,
    "halves": _halves,
    "slow": _slow,
    "two": _two,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
