"""Uncounted as an entrant: every record fully verified against a list whose index is ready.

Run by `bench.speed.verification`: python -m bench.speed.ours RECORDS PLACES PAIRS
Before it says that it is ready it writes the pairs that it weighs to the file PAIRS (columns record and row), for
peers to weigh the very same.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.speed import kept
from bench.speed.contest import Said, enter
from bench.speed.records import Sent
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.assess import assess
from matchers.base import OfficialList
from matchers.model import Task, weigh
from matchers.pairs import Pairs
from matchers.parameters import DEFAULTS

TODAY = date(2026, 1, 1)
_PART = 1_000  # records weighed at once


def ready(records: int, places: int, pairs: Path) -> Callable[[], Said]:
    """Index the list, write the pairs, and return the work of one round."""
    sent, listed = kept.records(records, places), listing(places)
    threads = os.cpu_count() or 1
    weighed = pa.concat_tables(_pairs(sent.places, listed, threads))
    pq.write_table(weighed, pairs)

    def verify() -> Said:
        found = assess(sent.places, listed, today=TODAY, threads=threads).table
        return lambda: {"pairs": weighed.num_rows, **_judged(found, sent, listed)}

    return verify


def _judged(found: pa.Table, sent: Sent, listed: OfficialList) -> dict[str, Any]:
    """Return how many verdicts of each kind there are, and the share of listed records whose best entry is theirs."""
    row_of = {identifier: row for row, identifier in enumerate(listed.index.places.ids)}
    best = np.array([row_of.get(one, -1) for one in found["official_id"].to_pylist()])
    right = (best == sent.entry)[sent.entry >= 0]
    return {"right": float(right.mean()), "verdicts": dict(Counter(found["verdict"].to_pylist()))}


def listing(places: int) -> OfficialList:
    """Return the made-up list, indexed."""
    index = PlaceIndex.build(kept.listed(places))
    return OfficialList("bench", "Bench list", "0" * 64, "2025", None, CoverageManifest(), index)


def _pairs(places: Places, listed: OfficialList, threads: int) -> list[pa.Table]:
    def weighed(start: int) -> pa.Table:
        pairs: Pairs = weigh(Task.of(Places(places.table.slice(start, _PART)), listed, DEFAULTS)).pairs
        columns = {"record": pairs.record + start, "row": pairs.row}
        return pa.table({name: pa.array(column, pa.int32()) for name, column in columns.items()})

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(weighed, range(0, len(places), _PART)))


if __name__ == "__main__":
    enter(lambda: ready(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
