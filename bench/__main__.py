"""Run the benchmarks: `python -m bench` for all, `python -m bench posting` for one. Results go to bench/results/."""

from __future__ import annotations

import sys

from bench import (
    accuracy,
    bulk,
    copying,
    defaults,
    geonames,
    holdout,
    importing,
    matching,
    posting,
    undercount,
    worldlist,
)
from bench.page import fill
from bench.table import keep

BENCHMARKS = {
    "accuracy": accuracy.run,
    "bulk": bulk.run,
    "copying": copying.run,
    "defaults": defaults.run,
    "geonames": geonames.run,
    "holdout": holdout.run,
    "importing": importing.run,
    "matching": matching.run,
    "posting": posting.run,
    "undercount": undercount.run,
    "worldlist": worldlist.run,
}


def main(wanted: list[str]) -> None:
    """Run what is wanted, print and keep its tables."""
    unknown = [name for name in wanted if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"no benchmark is called {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    for name in wanted or BENCHMARKS:
        for table in BENCHMARKS[name]():
            print(table.markdown())
            keep(table)
            fill(table)


main([name for name in sys.argv[1:] if not name.startswith("--")])
