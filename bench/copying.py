"""How fast rows that are ready become kept ones, against SQLModel's `add_all` into the very same tables.

What is kept of records (`service.intake.keep`: known identifiers, screening, four tables, every index and check, one
commit a part) and, for comparison, five plain columns. Reading files is left out on either side (`bench.importing` has
it). Then what is left is taken apart: the same rows again, with what checks and finds them taken away piece by piece.

PostgreSQL is measured where UNCOUNTED_TEST_POSTGRES_URL names a server. Run: python -m bench copying
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any, TypeVar

import pyarrow as pa
from sqlalchemy import text
from sqlmodel import Field, Session, SQLModel

from bench.copying_apart import apart
from bench.importing import fresh, write
from bench.importing_ways import AT, rows_of
from bench.table import Table
from geodata.files.columns import read_places
from geodata.files.streaming import open_tables
from service.callers.caller import Caller, Role
from service.configuration.settings import Settings
from service.context import Context, close, open_context
from service.intake import Columns, Intake, keep, prepare
from service.store import bulk
from service.store.keys import add_organisation
from service.store.migrate import upgrade

T = TypeVar("T")

ROWS = 60_000  # three parts of a file
SINGLY = 4_000  # by `add_all` into the tables of a record: its rate does not depend on their number
PLAIN, PLAIN_SINGLY = 100_000, 20_000
ROUNDS = 3
HEADERS = ("database", "what", "way", "rows", "rows a second", "on the CPU of this process, µs a row", "ratio")
SETTINGS = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")


class Spot(SQLModel, table=True):
    """Five columns, of which one is the key."""

    __tablename__ = "bench_spots"

    id: int = Field(primary_key=True)
    name: str
    country: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class _Took:
    rows: int
    seconds: float
    cpu: float


def run() -> list[Table]:
    """Measure each database, then take apart what PostgreSQL does."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "villages.csv"
        write(file, ROWS)
        parts = [_prepared(part) for part in open_tables(file)]
        there = ["SQLite", *(["PostgreSQL"] if os.environ.get("UNCOUNTED_TEST_POSTGRES_URL") else [])]
        rows = [line for database in there for line in _measured(database, parts)]
        tables = [Table("copying", "Rows to kept rows, median of three rounds in turns", HEADERS, tuple(rows))]
        if "PostgreSQL" in there:
            tables += [_on_fresh("PostgreSQL", _settings), _on_fresh("PostgreSQL", lambda one: apart(one, parts))]
    return tables


def _prepared(part: Any) -> Columns:
    reading = read_places(part)
    return prepare(Intake(Caller("bench", None, Role.CONTRIBUTOR), "bench", reading.places, AT, reading.said))


def _measured(database: str, parts: Sequence[Columns]) -> Iterator[tuple[str, ...]]:
    quick = "COPY" if database == "PostgreSQL" else "some hundred in one statement"
    ways: dict[tuple[str, str], Callable[[Context], _Took]] = {
        ("records", quick): lambda context: _kept(context, parts),
        ("records", "add_all"): lambda context: _singly(context, parts),
        ("five columns", quick): _copied,
        ("five columns", "add_all"): _added,
    }
    took: dict[tuple[str, str], list[_Took]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        for way, work in ways.items():
            took[way].append(_on_fresh(database, work))
    for (what, way), rounds in took.items():
        rates = [one.rows / one.seconds for one in rounds]
        singly = [one.rows / one.seconds for one in took[what, "add_all"]]
        ratio = median(rates) / median(singly)
        cpu = median(one.cpu / one.rows for one in rounds)
        yield (database, what, way, f"{rounds[0].rows:,}", f"{median(rates):,.0f}", f"{cpu * 1e6:.1f}", f"{ratio:.1f}")


def _on_fresh(database: str, work: Callable[[Context], T]) -> T:
    with tempfile.TemporaryDirectory() as folder, fresh(database, Path(folder)) as url:
        upgrade(url)
        options: dict[str, Any] = {"data_dir": folder, "database_url": url, "_env_file": None}
        context = open_context(Settings(**options))
        try:
            with context.store.begin() as session:
                add_organisation(session, "bench", AT)
                Spot.__table__.create(session)
            return work(context)
        finally:
            close(context)


def _timed(rows: int, work: Callable[[], object]) -> _Took:
    began, busy = time.perf_counter(), time.process_time()
    work()
    return _Took(rows, time.perf_counter() - began, time.process_time() - busy)


def _kept(context: Context, parts: Sequence[Columns]) -> _Took:
    return _timed(ROWS, lambda: [keep(context, part) for part in parts])


def _singly(context: Context, parts: Sequence[Columns]) -> _Took:
    given = [_row(row) for row in islice(parts[0].intake.places.table.to_pylist(), SINGLY)]

    def work() -> None:
        with Session(context.store.engine.execution_options(writes=True)) as session:
            for kind in zip(*map(rows_of, given), strict=True):  # a record refers to its community
                session.add_all(kind)
                session.flush()
            session.commit()

    return _timed(SINGLY, work)


def _row(place: dict[str, Any]) -> dict[str, Any]:
    same = {name: place[name] for name in ("id", "country", "lat", "lon", "kind")}
    persons, district = place["counts"][0]["value"], place["admin"][0][1]
    return same | {"name": place["names"][0]["text"], "persons": persons, "admin": district}


def _copied(context: Context) -> _Took:
    columns = {name: pa.array([row[name] for row in _spots(PLAIN)]) for name in ("id", "name", "country", "lat", "lon")}

    def work() -> None:
        with context.store.begin() as session:
            bulk.insert(session, Spot.__table__, columns, PLAIN)

    return _timed(PLAIN, work)


def _added(context: Context) -> _Took:
    rows = _spots(PLAIN_SINGLY)

    def work() -> None:
        with Session(context.store.engine.execution_options(writes=True)) as session:
            session.add_all([Spot(**row) for row in rows])
            session.commit()

    return _timed(PLAIN_SINGLY, work)


def _spots(number: int) -> list[dict[str, Any]]:
    return [
        {"id": at, "name": f"Kijiji {at * 7919 % number}", "country": "KEN", "lat": at / 1e5, "lon": 34 + at / 1e5}
        for at in range(number)
    ]


def _settings(context: Context) -> Table:
    with context.store.read() as session:
        rows = [(name, str(session.execute(text(f"SHOW {name}")).scalar_one())) for name in SETTINGS]
        collation = "SELECT datcollate FROM pg_database WHERE datname = current_database()"
        rows.append(("collation", str(session.execute(text(collation)).scalar_one())))
    return Table("copying-server", "The PostgreSQL that was measured", ("setting", "value"), tuple(rows))
