"""The compiled candidate search as an entrant: the best five entries by name and nearness, for all records at once.

Run by `bench.speed.candidates`: python -m bench.speed.walked RECORDS LIST EVERY FIRST
RECORDS and LIST are files of `bench.speed.flat`; of these every EVERY-th place and the FIRST records are taken.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from bench.speed.contest import Said, enter
from geodata.index.candidates import NamedPoints, Names, Ranking
from geodata.texts import Texts


def ready(records: str, listed: str, every: int, first: int) -> Callable[[], Said]:
    """Prepare the search, and return the work of one round."""
    whole = pq.read_table(listed)
    search = NamedPoints.build(names_of(whole.take(np.arange(0, whole.num_rows, every))))
    sent = pq.read_table(records).slice(0, first)
    asked = names_of(sent)
    reach = sent.column("reach_m").to_numpy()[asked.place]

    def find() -> Said:
        found = search.candidates(asked, reach, Ranking(), os.cpu_count() or 1)
        return partial(dict, found=len(found.row), records=sent.num_rows)

    return find


def names_of(table: pa.Table) -> Names:
    """Return the first name of each place, as the peers compare it."""
    has = np.flatnonzero(np.asarray(table.column("name").is_valid()))
    kept = table.take(has)
    lat, lon = (_floats(kept.column(name)) for name in ("lat", "lon"))
    return Names(Texts.of(kept.column("name").to_pylist()), has.astype(np.int64), lat, lon)


def _floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    return np.asarray(column.to_numpy(), np.float64)


if __name__ == "__main__":
    enter(lambda: ready(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
