"""Dumping: every table as Arrow batches, in one state of the database, whichever database it is.

JSON is given as the text that is kept, so that what was hashed stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    Integer,
    Table,
    Text,
    cast,
    func,
    select,
)

from service.store.columns import UtcDateTime
from service.store.engine import Session
from service.store.tables import METADATA

_ROWS = 10_000  # in one batch
_KINDS = (
    ((UtcDateTime, DateTime), pa.timestamp("us", "UTC")),
    ((Date,), pa.date32()),
    ((Boolean,), pa.bool_()),
    ((BigInteger, Integer), pa.int64()),
    ((Float,), pa.float64()),
)


def tables() -> tuple[str, ...]:
    """Return the names of all tables; each stands after those it refers to."""
    return tuple(table.name for table in METADATA.sorted_tables)


def schema(name: str) -> pa.Schema:
    """Return how a table's columns are given."""
    return pa.schema([pa.field(column.name, _kind(column)) for column in METADATA.tables[name].c])


def size(session: Session, name: str) -> int:
    """Return how many rows a table has."""
    return int(session.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one())


def batches(session: Session, name: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a table, some thousand at a time, in the order of its key."""
    table, given = METADATA.tables[name], schema(name)
    query = select(*map(_read, table.c)).order_by(*table.primary_key.columns)
    with session.execute(query.execution_options(yield_per=_ROWS)) as rows:
        for part in rows.partitions():
            columns = zip(*part, strict=True)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, given, strict=True)]
            yield pa.RecordBatch.from_arrays(arrays, schema=given)


def empty(session: Session) -> bool:
    """Return whether nobody has put anything into any table; the head of the chain stands there from the beginning."""
    return not any(_filled(session, table) for table in METADATA.sorted_tables if table.name != "event_head")


def _filled(session: Session, table: Table) -> bool:
    return session.execute(select(*table.primary_key.columns).limit(1)).first() is not None


def _read(column: Column[object]) -> Column[object]:
    return cast(column, Text).label(column.name) if isinstance(column.type, JSON) else column  # type: ignore[return-value]  # a column either way


def _kind(column: Column[object]) -> pa.DataType:
    return next((kind for types, kind in _KINDS if isinstance(column.type, types)), pa.string())
