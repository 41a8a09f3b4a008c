"""How fast a file of 1,000,000 rows becomes stored records, against what somebody would write first.

That is `pandas.read_csv` and SQLModel's `add_all`, 10,000 rows a commit: into one table of the eight columns with one
index, and into the tables that a record really takes. Each runs in a process of its own, on the same disk, with the
same pragmas; the time on the CPU is that of the process, without the server of PostgreSQL. PostgreSQL is measured where
UNCOUNTED_TEST_POSTGRES_URL names a server. Run: python -m bench importing
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pacsv
from sqlalchemy import make_url

from bench.lists import SEED
from bench.table import Table

ROWS = 1_000_000
PLAIN_ROWS = 200_000  # of which the rate does not fall: its tables are small
SYLLABLES = np.array([c + v + e for c in "bcdfghjklmnprstvwyz" for v in "aeiou" for e in ("", "n", "r", "s")])
KINDS = np.array(["village", "village", "town", "camp"])
WAYS = {
    "this, to records": ("taken", ROWS),
    "pandas and add_all, to one plain table": ("plain", PLAIN_ROWS),
    "pandas and add_all, to the tables of a record": ("same", PLAIN_ROWS // 4),
}
COLUMNS = ("database", "way", "rows", "seconds", "of them on the CPU", "rows a second", "this is faster by", "peak MiB")


def run() -> list[Table]:
    """Measure each way on each database."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "villages.csv"
        write(file, ROWS)
        rows = [row for name in ("SQLite", "PostgreSQL") for row in _measured(name, file)]
    title = f"A CSV file of {ROWS:,} villages to stored records (id, name, country, lat, lon, persons, kind, admin)"
    return [Table("importing", title, COLUMNS, tuple(rows))]


def write(file: Path, count: int) -> None:
    """Write a file of made-up villages, clustered around towns in 50 districts."""
    random = np.random.default_rng(SEED)
    towns = random.uniform((-4.0, 34.5), (4.0, 41.0), (count // 200 + 1, 2))
    town = random.integers(0, len(towns), count)
    points = np.round(towns[town] + random.normal(0, 0.08, (count, 2)), 6)
    parts = [SYLLABLES[random.integers(0, len(SYLLABLES), count)] for _ in range(3)]
    columns = {
        "id": [f"V{number:07d}" for number in range(count)],
        "name": np.char.capitalize(np.char.add(np.char.add(parts[0], parts[1]), parts[2])),
        "country": ["KEN"] * count,
        "lat": points[:, 0],
        "lon": points[:, 1],
        "persons": random.integers(20, 5_000, count),
        "kind": KINDS[random.integers(0, len(KINDS), count)],
        "admin": [f"District {number % 50}" for number in town],
    }
    pacsv.write_csv(pa.table(columns), file)


def _measured(database: str, file: Path) -> Iterator[tuple[str, ...]]:
    if database == "PostgreSQL" and not os.environ.get("UNCOUNTED_TEST_POSTGRES_URL"):
        return
    told = {name: _child(database, file, how, rows) for name, (how, rows) in WAYS.items()}
    ours = next(iter(told.values()))
    for name, one in told.items():
        rate = one["rows"] / one["seconds"]
        faster = ours["rows"] / ours["seconds"] / rate
        times = (f"{one['seconds']:.1f}", f"{one['cpu']:.1f}")
        yield (database, name, f"{one['rows']:,}", *times, f"{rate:,.0f}", f"{faster:.1f}", f"{one['peak']:,.0f}")


def _child(database: str, file: Path, how: str, rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, fresh(database, Path(folder)) as url:
        command = [sys.executable, "-m", "bench.importing_ways", how, url, str(file), str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    assert told["rows"] == rows
    return told


@contextmanager
def fresh(database: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty database."""
    if database == "SQLite":
        yield f"sqlite:///{folder}/bench.sqlite"
        return
    server, name = os.environ["UNCOUNTED_TEST_POSTGRES_URL"], f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
