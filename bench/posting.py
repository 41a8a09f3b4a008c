"""How long one posted record takes against an official list of 100,000 places, in-process, without network or database.

Names are synthetic (seeded syllables, a tenth of them shared by several places), points lie in clusters. Run:
python bench/posting.py [PLACES]
"""

from __future__ import annotations

import sys
import time
from datetime import date

import numpy as np

from geodata.coverage import CoverageManifest
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.compare import compare

SEED = 20260101
RECORDS = 300
TODAY = date(2026, 1, 1)
KINDS = ("village", "village", "village", "town", "camp")


def syllables(random: np.random.Generator, count: int) -> list[str]:
    """Return names of two to four syllables, some with a second word."""
    parts = [c + v + e for c in "bcdfghjklmnprstvwyz" for v in "aeiou" for e in ("", "", "n", "r", "s")]
    words = ["".join(random.choice(parts, size)) for size in random.integers(2, 5, count)]
    second = random.random(count) < 0.3
    return [f"{word} {words[-i]}" if second[i] else word for i, word in enumerate(words)]


def official(random: np.random.Generator, count: int) -> Places:
    """Return a list of places clustered around towns, in 50 districts."""
    towns = random.uniform((-12.0, 28.0), (4.0, 42.0), (count // 200 + 1, 2))
    town = random.integers(0, len(towns), count)
    points = towns[town] + random.normal(0, 0.08, (count, 2))
    names = syllables(random, count)
    repeated = random.random(count) < 0.1
    names = [names[i % 500] if repeated[i] else name for i, name in enumerate(names)]
    return Places.from_rows(
        {
            "id": f"P{i:06d}",
            "names": [names[i].title()],
            "country": "KEN",
            "admin": [("district", f"District {town[i] % 50}")],
            "lat": float(points[i, 0]),
            "lon": float(points[i, 1]),
            "kind": KINDS[i % len(KINDS)],
        }
        for i in range(count)
    )


def record(random: np.random.Generator, places: Places, row: int) -> Places:
    """Return a record of a listed place: one letter changed, up to a kilometre off, with a radius."""
    listed = places.table.slice(row, 1).to_pylist()[0]
    name, at = listed["names"][0]["text"], int(random.integers(1, 4))
    shift = random.normal(0, 0.004, 2)
    return Places.from_rows(
        [
            {
                "id": "record",
                "names": [name[:at] + "e" + name[at + 1 :], f"New {name}"],
                "country": "KEN",
                "admin": listed["admin"],
                "lat": listed["lat"] + shift[0],
                "lon": listed["lon"] + shift[1],
                "r95_m": 1000.0,
                "kind": "village",
            }
        ]
    )


def main() -> None:
    """Print build and posting times."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    random = np.random.default_rng(SEED)
    places = official(random, count)
    started = time.perf_counter()
    index = PlaceIndex.build(places)
    built = time.perf_counter() - started
    listed = OfficialList("bench", "Bench list", "0" * 64, "2025", date(2025, 1, 1), CoverageManifest(), index)
    records = [record(random, places, int(row)) for row in random.integers(0, count, RECORDS)]
    started = time.perf_counter()
    compare(records[0], listed, today=TODAY)
    first = time.perf_counter() - started
    taken, found = [], 0
    for row in records:
        started = time.perf_counter()
        comparison = compare(row, listed, today=TODAY)
        taken.append((time.perf_counter() - started) * 1000)
        found += comparison.findings["verdict"][0].as_py() in {"consistent", "needs_review"}
    print(f"places {count:,}: index built in {built:.2f} s, first comparison {first:.2f} s (measures the list)")
    print(
        f"one record: median {np.median(taken):.2f} ms, p90 {np.quantile(taken, 0.9):.2f} ms, "
        f"p99 {np.quantile(taken, 0.99):.2f} ms; {found}/{RECORDS} matched or for review"
    )


if __name__ == "__main__":
    main()
