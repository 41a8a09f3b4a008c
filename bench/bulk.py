"""How many records a second are compared with an official list of 100,000 places, by how much each of them says.

One process, one core, without files, HTTP or database; the list is indexed before. Run: python -m bench bulk
"""

from __future__ import annotations

import time
from datetime import date
from typing import Any

import numpy as np

from bench.lists import SEED, official, record
from bench.table import Table
from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare
from matchers.parameters import DEFAULTS
from matchers.profile import profile_of

PLACES = 100_000
RECORDS = 5_000
TODAY = date(2026, 1, 1)
COLUMNS = ("records", "seconds", "records a second", "median ms in files of one")


def run() -> list[Table]:
    """Compare made-up records of listed places, written otherwise and up to a kilometre off."""
    random = np.random.default_rng(SEED)
    places = official(random, PLACES)
    started = time.perf_counter()
    listed = OfficialList("bench", "Bench list", "0" * 64, "2025", None, CoverageManifest(), PlaceIndex.build(places))
    profile_of(listed, DEFAULTS)
    prepared = time.perf_counter() - started
    rows = [record(random, places, int(row)) for row in random.integers(0, PLACES, RECORDS)]
    kinds = {
        "name, alias and location": rows,
        "name and location": [row | {"names": row["names"][:1]} for row in rows],
        "name alone": [{"id": row["id"], "names": row["names"][:1], "country": row["country"]} for row in rows],
    }
    figures = [(f"{RECORDS:,}, each with {kind}", *_measured(given, listed)) for kind, given in kinds.items()]
    title = f"Records against {PLACES:,} places (list indexed and measured in {prepared:.1f} s)"
    return [Table("bulk", title, COLUMNS, tuple(figures))]


def _measured(rows: list[dict[str, Any]], listed: OfficialList) -> tuple[str, str, str]:
    together, alone = Places.from_rows(rows), [Places.from_rows([row]) for row in rows[:200]]
    compare(alone[0], listed, today=TODAY)
    taken = []
    for citizen in (together, *alone):
        started = time.perf_counter()
        compare(citizen, listed, today=TODAY)
        taken.append(time.perf_counter() - started)
    return f"{taken[0]:.2f}", f"{len(rows) / taken[0]:,.0f}", f"{1000 * float(np.median(taken[1:])):.2f}"
