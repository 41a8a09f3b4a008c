"""Made-up lists and records that say all kinds of things, sensible or not. Seeded: the same world for the same number.

For tests that hold one way of judging against another.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

STEMS = (
    *("Nambale", "Bukiri", "Matayos", "Lugulu", "Butula", "Marachi", "Elukhari"),
    *("Bumala", "Sikoma", "Funyula", "Nangina", "Bwiri", "Bunyala", "Moding"),
)
KINDS = (None, "village", "town", "camp", "primary school", "ward", "nomadic camp", "informal settlement")
UNITS = ("persons", "persons", "persons", "people", "Persons", None, "households", "pupils", "household size")
METHODS = (None, "door to door", "census", "key informant", "somebody said", "registered members", "projection")
STATUSES = ("observed", "observed", "observed", "estimated", "suppressed", "not_available", "open_ended_bound")
DAYS = (None, None, date(2009, 8, 24), date(2019, 8, 24), date(2023, 5, 1), date(2031, 1, 1))
TODAY = date(2026, 1, 1)

#: Manifests of coverage, as the `[coverage]` table of a source has them.
MANIFESTS: tuple[dict[str, Any], ...] = (
    {},
    {"completeness": "exhaustive", "counts": {"boundary": "same"}},
    {"completeness": "partial", "countries": ["KEN"], "minimum_persons": 100},
    {"completeness": "exhaustive", "lowest_level": "sub-location", "kinds": ["administrative_unit", "settlement"]},
    {"excludes": ["camp", "Nubian"], "bbox": [34.4, 0.3, 34.9, 0.9], "admin": {"county": ["Busia"]}},
    {"reference_date": "2021-05-01", "counts": {"leaves_out": ["camp"], "universe": "de_facto"}},
    {"counts": {"disclosure": {"treatment": "rounded", "base": 5}, "boundary": "minor"}},
    {"counts": {"growth": [{"from": "2009-01-01", "to": "2026-01-01", "percent_per_year": 2.2}], "boundary": "same"}},
    {"counts": {"disclosure": {"treatment": "suppressed", "below": 10}, "household_size": {"persons": 4.8}}},
)


def listed(random: Random, size: int) -> list[dict[str, Any]]:
    """Return rows of a list, some of them twins, parents of others, nameless or without a point."""
    rows = [_entry(random, at) for at in range(size)]
    rows += [{**row, "id": f"{row['id']}b"} for row in random.sample(rows, size // 10)]
    return rows


def records(random: Random, rows: list[dict[str, Any]], size: int) -> list[dict[str, Any]]:
    """Return records of listed places, near them, far from them, or of none."""
    return [_record(random, random.choice(rows), at) for at in range(size)]


def _entry(random: Random, at: int) -> dict[str, Any]:
    name = f"{random.choice(STEMS)} {random.choice(('', '', 'North', '2', '(Busia)', 'Market'))}".strip()
    placed = random.random() < 0.9
    return {
        "id": f"E{at:03d}",
        "names": [name] if random.random() < 0.97 else [],
        "country": random.choice((None, "KEN", "KEN")),
        "admin": [("county", random.choice(("Busia", "Siaya"))), ("ward", f"Ward {at % 7}")],
        "lat": round(0.3 + 0.6 * random.random(), 4) if placed else None,
        "lon": round(34.3 + 0.6 * random.random(), 4) if placed else None,
        "kind": random.choice(KINDS[:6]),
        "parent": random.choice((None, None, f"E{at // 2:03d}")),
        "counts": _counts(random),
    }


def _record(random: Random, entry: dict[str, Any], at: int) -> dict[str, Any]:
    far = random.choice((0.0, 0.002, 0.01, 0.2))
    names = [random.choice((name, name[:-1], name + "e", f"New {name}")) for name in entry["names"]]
    lat, lon = (None, None) if entry["lat"] is None else (entry["lat"] + far, entry["lon"] - far / 2)
    silent = random.random() < 0.1
    attributes = random.choice(((), (), (("livelihood", "pastoralist"),), (("drivers", "evictions; drought"),)))
    admin = random.choice(((), entry["admin"], (("county", "Busia"),), (("p-code", entry["id"]), ("ward", "Ward 3"))))
    return {
        "id": f"r{at:03d}",
        "names": random.choice((names, names, [f"Zzyzx {at}"], [])),
        "country": random.choice((None, "KEN", "UGA")),
        "admin": list(admin),
        "lat": None if silent else lat,
        "lon": None if silent else lon,
        "r95_m": random.choice((None, 100.0, 1000.0, 15_000.0)),
        "kind": random.choice((*KINDS, entry["kind"])),
        "groups": random.choice((None, None, None, ["Nubian"], ["Luo", "deaf people"])),
        "counts": _counts(random, groups=(None, None, None, None, "Nubian")),
        "observed": random.choice(DAYS[:5]),
        "founded": random.choice((None, None, None, date(2015, 1, 1), date(2024, 1, 1))),
        "attributes": list(attributes),
    }


def _counts(random: Random, groups: tuple[str | None, ...] = (None,)) -> list[dict[str, Any]] | None:
    several = random.choice((0, 0, 1, 1, 1, 1, 2, 3))
    return [_count(random, groups) for _ in range(several)] or random.choice((None, []))


def _count(random: Random, groups: tuple[str | None, ...]) -> dict[str, Any]:
    plain = random.random() < 0.6
    value = float(random.choice((0, 3, 40, 120, 300, 480, 500, 900, 2600)))
    low, high = random.choice(((None, None), (value, None), (value * 0.8, value * 1.3), (9.0, 1.0)))
    return {
        "value": value if plain else random.choice((value, None, -5.0, float("nan"), 4.8)),
        "low": None if plain else low,
        "high": None if plain else high,
        "unit": "persons" if plain else random.choice(UNITS),
        "group": None if plain else random.choice(groups),
        "method": random.choice(METHODS),
        "date": random.choice(DAYS[:5] if plain else DAYS),
        "status": "observed" if plain else random.choice(STATUSES),
    }
