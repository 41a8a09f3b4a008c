"""What PostgreSQL's part of keeping records is made of: the same rows, with what checks and finds them taken away.

Each step leaves away more than the one before it; rows go as the text that the server copied out. Time is that of the
server's process where it runs on this machine, which others who use it disturb less than the clock; else of the clock.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bench.importing import fresh
from bench.table import Table
from service.context import Context
from service.intake import Columns, keep
from service.store.engine import Session, Store
from service.store.migrate import upgrade

ROUNDS = 2
#: The tables of a record, in the order in which they refer to one another, each with the identifier its indexes follow.
TABLES = {"organisations": "id", "communities": "id", "records": "id", "revisions": "record_id", "events": "noun_id"}

_OF_KIND = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT IF EXISTS %I CASCADE', conrelid::regclass, conname) FROM pg_constraint
WHERE contype::text = ANY(:kinds) AND conrelid::regclass::text = ANY(:tables)
"""
_INDEXES = (
    r"SELECT format('DROP INDEX %I', indexname) FROM pg_indexes WHERE tablename = ANY(:tables) AND indexname ^@ 'ix_'"
)
#: What is left away, by what it is called: kinds of constraint as PostgreSQL abbreviates them, "i" for indexes.
STEPS = {
    "as records are kept": "",
    "without foreign keys": "f",
    "and without indexes to find them by": "fi",
    "and without checks": "fic",
    "and without keys: bare tables": "ficup",
}

Rows = Mapping[str, bytes]  # by table, as PostgreSQL copies them out


def apart(context: Context, parts: Sequence[Columns]) -> Table:
    """Keep the parts, copy out what is there then, and copy it into tables that ask for less and less.

    `context` is on an empty, migrated database.
    """
    kept = sum(keep(context, part).created for part in parts)
    with context.store.read() as session:
        given = {table: _out(session, table) for table in TABLES}
        landed = {"landing": _out(session, "(SELECT own_id, body FROM records JOIN revisions ON record_id = id)")}
    took = {
        name: _best(partial(_stripped, left_out=left_out), partial(_fill, rows=given))
        for name, left_out in STEPS.items()
    }
    took["as they are kept, from tables on the server, by identifier"] = _best(partial(_staged, rows=given), _moved)
    took["instead: identifier and body in one table, without index"] = _best(_landing, partial(_fill, rows=landed))
    rows = tuple((name, f"{took[name] / kept * 1e6:.1f}", f"{kept / took[name]:,.0f}") for name in took)
    return Table(
        "copying-apart", f"What {kept:,} records cost PostgreSQL", ("the rows", "µs a record", "records a second"), rows
    )


def _best(prepare: Callable[[Session], object], work: Callable[[Session], object]) -> float:
    """Return the least seconds that the work took, each time in a database of its own."""
    return min(_once(prepare, work) for _ in range(ROUNDS))


def _once(prepare: Callable[[Session], object], work: Callable[[Session], object]) -> float:
    with tempfile.TemporaryDirectory() as folder, fresh("PostgreSQL", Path(folder)) as url:
        upgrade(url)
        store = Store(url)
        try:
            with store.begin() as session:
                prepare(session)
            with store.begin() as session:
                began = _seconds(session)
                work(session)
                return _seconds(session) - began
        finally:
            store.close()


def _seconds(session: Session) -> float:
    """Return how long the server's process for this session was on the CPU, or the clock where nobody says."""
    driver: Any = session.connection.dbapi_connection
    told = Path(f"/proc/{driver.info.backend_pid}/stat")
    if driver.info.host.startswith("/") and told.exists():  # a socket: the server runs here
        user, system = told.read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / 100
    return time.perf_counter()


def _stripped(session: Session, left_out: str) -> None:
    queries = [(_OF_KIND, {"kinds": list(left_out)}), *([(_INDEXES, {})] if "i" in left_out else [])]
    for query, given in queries:
        for statement in session.execute(text(query), given | {"tables": list(TABLES)}).scalars().all():
            session.execute(text(statement))


def _landing(session: Session) -> None:
    session.execute(text("CREATE TABLE landing (own_id varchar, body json NOT NULL)"))


def _staged(session: Session, rows: Rows) -> None:
    for table in rows:
        session.execute(text(f"CREATE TABLE staged_{table} (LIKE {table})"))
    _fill(session, {f"staged_{table}": written for table, written in rows.items()})


def _moved(session: Session) -> None:
    for table, identifier in TABLES.items():
        session.execute(text(f"INSERT INTO {table} SELECT * FROM staged_{table} ORDER BY {identifier}"))  # noqa: S608 - our own


def _out(session: Session, what: str) -> bytes:
    driver: Any = session.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {what} TO STDOUT") as copy:
        return b"".join(copy)


def _fill(session: Session, rows: Rows) -> None:
    driver: Any = session.connection.dbapi_connection
    for table, written in rows.items():
        with driver.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            copy.write(written)
