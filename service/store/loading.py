"""Loading: batches of rows into the tables of a database that holds nothing yet, at whatever revision they were made.

The columns are those of the batches, so that rows of an older version go into tables of that version, which are then
migrated. All foreign keys are checked, at the end.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from sqlalchemy import MetaData, delete, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from service.errors import INVALID, Problem
from service.store.engine import Session

_OF_ALEMBIC = "alembic_version"


def holding(session: Session) -> tuple[str, ...]:
    """Return the tables that hold anything that somebody put there, at whatever revision the database is."""
    found = MetaData()
    found.reflect(session)
    there = [table for table in found.sorted_tables if table.name not in {_OF_ALEMBIC, "event_head"}]
    return tuple(
        table.name for table in there if session.execute(select(text("1")).select_from(table).limit(1)).first()
    )


def order(session: Session, names: Iterable[str]) -> list[str]:
    """Return tables, each after those it refers to. Raises `Problem` (invalid) for one that is not there."""
    found = MetaData()
    found.reflect(session)
    wanted = set(names)
    if strange := sorted(wanted - found.tables.keys()):
        detail = f"The backup holds tables that its version of the database does not have: {', '.join(strange)}."
        raise Problem(INVALID, detail)
    return [table.name for table in found.sorted_tables if table.name in wanted]


def prepare(session: Session) -> None:
    """Make ready for rows in any order: what a migration put there goes, and keys are checked at the commit."""
    if session.dialect.name == "sqlite":
        session.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    if inspect(session).has_table("event_head"):
        head = MetaData()
        head.reflect(session, only=["event_head"])
        session.execute(delete(head.tables["event_head"]))


def load(session: Session, name: str, columns: Sequence[str], rows: Iterable[pa.RecordBatch]) -> None:
    """Put rows of these columns into a table."""
    if session.dialect.name == "sqlite":
        for batch in rows:
            _insert(session, name, batch)
    else:
        _copy(session, name, columns, rows)


def finish(session: Session, names: Iterable[str]) -> None:
    """Have numbers go on after those that were loaded."""
    if session.dialect.name == "sqlite":
        return  # a key counts on from the greatest by itself
    for name in names:
        if "seq" in {column["name"] for column in inspect(session).get_columns(name)}:
            sequence = func.pg_get_serial_sequence(name, "seq")
            if session.execute(select(sequence)).scalar() is not None:
                last = select(func.coalesce(func.max(text("seq")), 0) + 1).select_from(text(name)).scalar_subquery()
                session.execute(select(func.setval(sequence, last, False)))  # noqa: FBT003 - an argument of SQL


def _insert(session: Session, name: str, batch: pa.RecordBatch) -> None:
    columns = [_written(column).to_pylist() for column in batch.columns]
    marks = ", ".join("?" * len(columns))
    statement = f'INSERT INTO "{name}" ({_listed(batch.schema.names)}) VALUES ({marks})'  # noqa: S608 - our own names
    session.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _written(column: pa.Array) -> pa.Array:
    """Return a column as SQLAlchemy writes it to SQLite: moments as texts, yes and no as numbers."""
    if pa.types.is_timestamp(column.type):
        return pc.strftime(column.cast(pa.timestamp("us")), "%Y-%m-%d %H:%M:%S")
    return column.cast(pa.int8()) if pa.types.is_boolean(column.type) else column


def _copy(session: Session, name: str, columns: Sequence[str], rows: Iterable[pa.RecordBatch]) -> None:
    driver: Any = session.connection.dbapi_connection
    statement = f'COPY "{name}" ({_listed(columns)}) FROM STDIN (FORMAT csv)'
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for batch in rows:
                copy.write(_csv(batch))
    except session.dialect.loaded_dbapi.Error as error:
        raised = DBAPIError.instance(
            statement, None, error, session.dialect.loaded_dbapi.Error, dialect=session.dialect
        )
        raise raised from error


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _csv(batch: pa.RecordBatch) -> bytes:
    """Return rows as PostgreSQL reads them: what is not there is nothing at all, an empty text stands in quotes."""
    plain = [column.cast(pa.string()) if pa.types.is_timestamp(column.type) else column for column in batch.columns]
    sink = io.BytesIO()
    options = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")
    pacsv.write_csv(pa.RecordBatch.from_arrays(plain, names=batch.schema.names), sink, options)
    return sink.getvalue()
