"""Run the benchmarks: `python -m bench` for all, `… posting` for one, `… speed` for a group of them.

Each runs in a process of its own, so that one that fails takes no other with it. Results go to bench/results/.
"""

from __future__ import annotations

import importlib
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.page import fill
from bench.speed.summary import PARTS, summarised
from bench.table import RESULTS, Table, keep

ROOT = Path(__file__).resolve().parents[1]
#: Where each stands, as a module with a function `run` that returns tables.
BENCHMARKS = {
    name: f"bench.{name}"
    for name in (
        "accuracy",
        "alike",
        "browsing",
        "bulk",
        "bulkcut",
        "defaults",
        "geonames",
        "holdout",
        "matching",
        "profiling",
        "reconcile",
        "reports",
        "undercount",
        "worldlist",
    )
} | PARTS
GROUPS = {"speed": tuple(PARTS)}


def main(wanted: Sequence[str]) -> None:
    """Run what is wanted, print and keep its tables, and say where they are."""
    unknown = [name for name in wanted if name not in BENCHMARKS | GROUPS]
    if unknown:
        known = ", ".join((*GROUPS, *BENCHMARKS))
        sys.exit(f"no benchmark is called {', '.join(unknown)}; there are {known}")
    names = list(dict.fromkeys(one for name in wanted or BENCHMARKS for one in GROUPS.get(name, (name,))))
    if len(names) == 1:
        _shown(importlib.import_module(BENCHMARKS[names[0]]).run())
    failed = [] if len(names) == 1 else [name for name in names if not _done_apart(name)]
    if set(names) & set(PARTS):
        _shown([summarised()])
    print(f"Results are in {RESULTS.relative_to(ROOT)}/, figures of pages in docs/.")
    if failed:
        sys.exit(f"These gave no figures: {', '.join(failed)}; why stands above.")


def _shown(tables: Sequence[Table]) -> None:
    for table in tables:
        print(table.markdown())
        keep(table)
        fill(table)


def _done_apart(name: str) -> bool:
    began = time.perf_counter()
    print(f"== {name}", flush=True)
    ended = subprocess.run([sys.executable, "-m", "bench", name], cwd=ROOT, check=False)  # noqa: S603 - this module
    print(f"== {name}: {time.perf_counter() - began:.0f} s\n", flush=True)
    return ended.returncode == 0


main([name for name in sys.argv[1:] if not name.startswith("--")])
