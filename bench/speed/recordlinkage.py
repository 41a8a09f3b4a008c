"""recordlinkage as an entrant: pairs of one cell, compared by Jaro-Winkler and distance, the best five of each record.

Run by `bench.speed.candidates`, in the peers' environment: python -m bench.speed.recordlinkage RECORDS LIST EVERY FIRST
It blocks on columns that are equal, so places beyond the edge of a record's cell are lost to it.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from functools import partial

import pandas as pd
import recordlinkage

from bench.speed.contest import Said, enter

_CELL = 0.2  # degrees
_KM = 12.0  # farther than any record is looked for


def ready(records: str, listed: str, every: int, first: int) -> Callable[[], Said]:
    """Load both tables with their cells, and return the work of one round."""
    logging.getLogger("recordlinkage").setLevel(logging.ERROR)
    official, citizen = _table(listed)[::every], _table(records)[:first]
    indexer = recordlinkage.Index()
    indexer.block(["north", "east"])
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="alike")
    compare.geo("lat", "lon", "lat", "lon", method="linear", offset=0, scale=_KM, label="near")

    def find() -> Said:
        compared = compare.compute(indexer.index(citizen, official), citizen, official)
        compared = compared[compared["alike"] >= 0.5]
        score = 0.75 * compared["alike"] + 0.25 * compared["near"]
        best = score.sort_values(ascending=False, kind="stable").groupby(level=0).head(5)
        return partial(dict, found=len(best), records=len(citizen))

    return find


def _table(file: str) -> pd.DataFrame:
    table = pd.read_parquet(file, columns=["name", "lat", "lon", "reach_m"]).dropna(subset=["name"])
    return table.assign(north=table["lat"] // _CELL, east=table["lon"] // _CELL)


if __name__ == "__main__":
    enter(lambda: ready(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
