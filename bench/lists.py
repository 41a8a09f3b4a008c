"""Made-up official lists and records for benchmarks: seeded, so that every run asks the same question.

Names are syllables, a tenth of them shared by several places; points lie in clusters around towns, in 50 districts.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.places import Places

SEED = 20260101
KINDS = ("village", "village", "village", "town", "camp")


def official(random: np.random.Generator, count: int) -> Places:
    """Return a list of places clustered around towns, in 50 districts."""
    towns = random.uniform((-4.0, 34.5), (4.0, 41.0), (count // 200 + 1, 2))
    town = random.integers(0, len(towns), count)
    points = towns[town] + random.normal(0, 0.08, (count, 2))
    names = _names(random, count)
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


def record(random: np.random.Generator, places: Places, row: int) -> dict[str, Any]:
    """Return a record of a listed place as a row of `Places`: one letter changed, up to a kilometre off."""
    listed = places.table.slice(row, 1).to_pylist()[0]
    name, at = listed["names"][0]["text"], int(random.integers(1, 4))
    shift = random.normal(0, 0.004, 2)
    return {
        "id": "record",
        "names": [name[:at] + "e" + name[at + 1 :], f"New {name}"],
        "country": "KEN",
        "admin": listed["admin"],
        "lat": float(listed["lat"] + shift[0]),
        "lon": float(listed["lon"] + shift[1]),
        "r95_m": 1000.0,
        "kind": "village",
    }


def _names(random: np.random.Generator, count: int) -> list[str]:
    """Return names of two to four syllables, some with a second word."""
    parts = [c + v + e for c in "bcdfghjklmnprstvwyz" for v in "aeiou" for e in ("", "", "n", "r", "s")]
    words = ["".join(random.choice(parts, size)) for size in random.integers(2, 5, count)]
    second = random.random(count) < 0.3
    return [f"{word} {words[-i]}" if second[i] else word for i, word in enumerate(words)]
