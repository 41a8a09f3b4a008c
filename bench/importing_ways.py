"""One way to store a file, in a process of its own; prints seconds, rows and peak memory as JSON.

Run by `bench.importing`: python -m bench.importing_ways WAY URL FILE ROWS
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

from geodata.files.columns import read_places
from geodata.files.streaming import open_tables
from service.accounts.account import Account, Count, Name
from service.callers.caller import Caller, Role
from service.configuration.settings import Settings
from service.context import close, open_context
from service.importing.ahead import one_ahead
from service.intake import Intake, keep, prepare
from service.store.engine import Store, database_url
from service.store.keys import add_organisation
from service.store.migrate import upgrade
from service.store.tables import CommunityRow, EventRow, RecordRow, RevisionRow

COMMITTED = 10_000  # rows
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Village(SQLModel, table=True):
    """What somebody would write first."""

    id: str = Field(primary_key=True)
    name: str
    country: str
    lat: float
    lon: float
    persons: int
    kind: str
    admin: str


def taken(url: str, file: Path, rows: int) -> int:
    """Read the file in parts and take each in, as an import does."""
    upgrade(url)
    with tempfile.TemporaryDirectory() as folder:
        options: dict[str, Any] = {"data_dir": folder, "database_url": url, "_env_file": None}
        context = open_context(Settings(**options))
        caller, kept = Caller("bench", None, Role.CONTRIBUTOR), 0
        readings = (read_places(part) for part in open_tables(file))
        parts = (prepare(Intake(caller, "bench", reading.places, AT, reading.said)) for reading in readings)
        for part in one_ahead(parts):
            kept += keep(context, part).created
        close(context)
    return min(kept, rows)


def plain(url: str, file: Path, rows: int) -> int:
    """Store the eight columns in one table."""
    engine = create_engine(database_url(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda driver, _: driver.executescript(_PRAGMAS))
    Village.__table__.create(engine)
    for batch in _batches(file, rows):
        with Session(engine) as session:
            session.add_all([Village(**row) for row in batch])
            session.commit()
    return rows


def same(url: str, file: Path, rows: int) -> int:
    """Store the rows that a record takes, from objects of the same tables."""
    upgrade(url)
    store = Store(url)
    with store.begin() as session:
        add_organisation(session, "bench", AT)
    for batch in _batches(file, rows):
        with Session(store.engine.execution_options(writes=True)) as session:
            made = [rows_of(row) for row in batch]
            for kind in zip(*made, strict=True):  # a record refers to its community, a revision to its record
                session.add_all(kind)
                session.flush()
            session.commit()
    return rows


def rows_of(row: dict[str, Any]) -> tuple[CommunityRow, RecordRow, RevisionRow, EventRow]:
    """Return the four rows that one row of the file becomes."""
    account = Account(
        names=(Name(row["name"], None, "Latn"),),
        country=row["country"],
        own_id=row["id"],
        lat=row["lat"],
        lon=row["lon"],
        kind=row["kind"],
        admin=(("admin", row["admin"]),),
        counts=(Count(float(row["persons"])),),
        collection="bench",
    )
    record, community, name = uuid.uuid4().hex, uuid.uuid4().hex, row["name"].lower()
    kept = RecordRow(
        id=record,
        organisation="bench",
        own_id=row["id"],
        revision=1,
        fingerprint=account.fingerprint(),
        state="pending",
        country=row["country"],
        lat=row["lat"],
        lon=row["lon"],
        cell=int((row["lat"] + 90) * 100) * 36_000 + int((row["lon"] + 180) * 100),
        spot=f"{row['lat']:.5f},{row['lon']:.5f}",
        search=name,
        name_key=name,
        admin=f"\nadmin={row['admin'].lower()}\n",
        collection="bench",
        community_id=community,
        created_at=AT,
        updated_at=AT,
    )
    revision = RevisionRow(record_id=record, number=1, fingerprint=kept.fingerprint, body=account, created_at=AT)
    told = EventRow(kind="record.created", noun="record", noun_id=record, data={"revision": 1}, created_at=AT, link="")
    return CommunityRow(id=community, created_at=AT), kept, revision, told


def _batches(file: Path, rows: int) -> Iterator[list[dict[str, Any]]]:
    frame = pd.read_csv(file, nrows=rows, keep_default_na=False)  # somebody is called Nan
    for start in range(0, rows, COMMITTED):
        yield frame[start : start + COMMITTED].to_dict("records")


def _peak() -> float:
    """Return the most memory this process held, in MiB; `getrusage` would tell that of whoever started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


_PRAGMAS = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
_WAYS: dict[str, Callable[[str, Path, int], int]] = {"taken": taken, "plain": plain, "same": same}

if __name__ == "__main__":
    way, url, file, rows = sys.argv[1:]
    started = time.perf_counter()
    kept = _WAYS[way](url, Path(file), int(rows))
    seconds = time.perf_counter() - started
    print(json.dumps({"seconds": seconds, "cpu": time.process_time(), "rows": kept, "peak": _peak()}))
