"""The compiled kernels beside what one would write without them, in one process, rounds interleaved.

Candidates: the best five of a million places for each of a hundred thousand records, by name and nearness. Names alone:
the fifty most alike of all distinct names, beside RapidFuzz's `process.extract`. Run: python -m bench kernels
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet as pq
from rapidfuzz.distance import Indel
from rapidfuzz.process import extract, extractOne

from bench.grid import Grid
from bench.lists import SEED
from bench.speed.flat import flat_list, flat_records
from bench.speed.walked import names_of
from bench.table import Table
from geodata.index.candidates import NamedPoints, Names, Ranking
from geodata.index.lengths import ByLength
from geodata.index.spelling import Spellings
from geodata.texts import Texts

RECORDS = 100_000
ROUNDS = 5
NAIVE = 4  # records that are looked for among all names, one by one; the others' time is extrapolated
ALONE = 100  # names that are looked for among all distinct names
LEAST, LIMIT = 0.7, 50


def run() -> list[Table]:
    """Measure both."""
    listed = pq.read_table(flat_list())
    sent = pq.read_table(flat_records(RECORDS))
    names, asked = names_of(listed), names_of(sent)
    radius_m = sent.column("reach_m").to_numpy()[asked.place]
    return [_candidates(names, asked, radius_m), _alone(names, asked)]


def _candidates(names: Names, asked: Names, radius_m: Any) -> Table:
    ranking, wanted = Ranking(), np.array(asked.texts.tolist(), object)
    index, grid, cores = NamedPoints.build(names), Grid.build(names), os.cpu_count() or 1
    few = np.random.default_rng(SEED).integers(0, len(wanted), NAIVE).tolist()
    ways: dict[str, Callable[[], object]] = {
        f"candidate kernel, {cores} threads": lambda: index.candidates(asked, radius_m, ranking, cores),
        "candidate kernel, 1 thread": lambda: index.candidates(asked, radius_m, ranking),
        "the same without compiled code": lambda: index.plain_candidates(asked, radius_m, ranking),
        "NumPy grid and cpdist": lambda: grid.candidates(asked, wanted, radius_m, ranking),
    }
    taken = _rounds(ways)
    choices = names.texts.tolist()
    begin = time.perf_counter()
    for row in few:
        extractOne(wanted[row], choices)
    naive = f"extractOne for each record, extrapolated from {NAIVE}"
    taken[naive] = Taken(*((time.perf_counter() - begin) / NAIVE * len(wanted),) * 2)
    first = taken[f"candidate kernel, {cores} threads"].wall
    rows = [
        (way, f"{wall:,.3f}", f"{cpu:,.3f}", f"{len(wanted) / wall:,.0f}", f"{wall / first:,.1f}")
        for way, (wall, cpu) in taken.items()
    ]
    columns = ("way", "seconds", "of a processor", "records a second", "the kernel is faster by")
    return Table(
        "kernels-candidates",
        f"Candidates of {len(wanted):,} records among {len(names.place):,} names",
        columns,
        tuple(rows),
    )


def _alone(names: Names, asked: Names) -> Table:
    distinct = sorted(set(names.texts.tolist()) - {""})
    texts = Texts.of(distinct)
    rows = np.random.default_rng(SEED).choice(len(asked.place), ALONE, replace=False)
    wanted = Texts.of(text for text in asked.texts.take(rows).tolist() if text)
    all_names, groups = ByLength.build(texts), Spellings.build(texts)
    found: dict[str, set[tuple[int, int]]] = {}

    def exhaustive() -> None:
        options = {"scorer": Indel.normalized_similarity, "score_cutoff": LEAST, "limit": LIMIT}
        found["extract"] = {
            (at, row) for at, name in enumerate(wanted.tolist()) for _, _, row in extract(name, distinct, **options)
        }

    def scanned() -> None:
        pairs = all_names.alike(wanted, LEAST, LIMIT)
        found["scan"] = set(zip(pairs.query.tolist(), pairs.entry.tolist(), strict=True))

    def proposed() -> None:
        pairs = groups.alike(wanted, 0.25, 2 * LIMIT)
        found["groups"] = set(zip(pairs.query.tolist(), pairs.entry.tolist(), strict=True))

    taken = _rounds({"scan": scanned, "groups": proposed, "extract": exhaustive})
    said = {
        "scan": "names by length, none left out",
        "groups": "letter groups, as records propose candidates",
        "extract": "process.extract, Indel",
    }
    lines = [
        (
            title,
            f"{taken[way].wall / len(wanted) * 1000:,.3f}",
            f"{len(found[way] & found['extract']) / max(len(found['extract']), 1):.3f}",
            f"{taken['extract'].wall / taken[way].wall:,.1f}",
        )
        for way, title in said.items()
    ]
    title = f"The {LIMIT} names most alike, at least {LEAST}, of {len(distinct):,}"
    return Table(
        "kernels-names", title, ("way", "ms a name", "of what extract finds", "faster than extract by"), tuple(lines)
    )


class Taken(NamedTuple):
    """Median seconds of one way: by the clock, and of processors, which others on the machine do not lengthen."""

    wall: float
    cpu: float


def _rounds(ways: Mapping[str, Callable[[], object]]) -> dict[str, Taken]:
    """Time each way, the ways taking turns; a first round warms up and does not count."""
    taken: dict[str, list[Taken]] = {way: [] for way in ways}
    for number in range(ROUNDS + 1):
        for way, work in ways.items():
            begin, used = time.perf_counter(), time.process_time()
            work()
            if number:
                taken[way].append(Taken(time.perf_counter() - begin, time.process_time() - used))
    return {way: Taken(*map(statistics.median, zip(*rounds, strict=True))) for way, rounds in taken.items()}
