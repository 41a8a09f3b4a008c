"""Bulk: many rows at once, given as columns, the quickest way each database takes them with everything checked.

PostgreSQL copies them (`COPY`); SQLite gets some hundred in one statement, during which the other threads of the
process go on. Constraints, triggers and durability are those of any other row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice, repeat
from typing import Any, TypeAlias

import orjson
import pyarrow as pa
from sqlalchemy import ColumnElement, Table, any_, cast, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import UserDefinedType

from service.store import copied
from service.store.engine import CACHE_KIB, Session

#: A column of the rows, or the one value that all of them have. JSON is given as text, a moment only as one value.
Column: TypeAlias = Any

#: Values in one statement: SQLite takes no more unless it was built to.
_MOST_VALUES = 32_766

#: Kilobytes of pages that SQLite remembers while rows arrive in bulk, instead of its own 2,000: every index grows at
#: another place, and a page that was forgotten is written and read again.
_PAGES_KB = 131_072


class _Texts(UserDefinedType[str]):
    """An array of texts as PostgreSQL writes it, written here: the driver looks at each by itself."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return what PostgreSQL calls it."""
        return "VARCHAR[]"


def insert(session: Session, table: Table, columns: Mapping[str, Column], length: int) -> None:
    """Add rows to a table; columns that are not named stay empty. Nothing is done where there are no rows."""
    if not length:
        return
    given = {name: _kept(session, table, name, column) for name, column in columns.items()}
    if session.dialect.name == "postgresql":
        _copy(session, table, given, length)
    else:
        _insert(session, table, given, length)


def among(session: Session, column: ColumnElement[Any], values: Collection[str]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of some texts; any number of them is one parameter."""
    if session.dialect.name == "postgresql":
        return column == any_(cast(_listed(values), _Texts()))
    each = func.json_each(orjson.dumps(sorted(values)).decode()).table_valued("value")
    return column.in_(select(each.c.value))


@contextmanager
def roomy(session: Session) -> Iterator[None]:
    """Let SQLite remember more pages until the end of the block; PostgreSQL has its own memory."""
    if session.dialect.name == "postgresql":
        yield
        return
    session.exec_driver_sql(f"PRAGMA cache_size=-{_PAGES_KB}")
    try:
        yield
    finally:
        session.exec_driver_sql(f"PRAGMA cache_size=-{CACHE_KIB}")


def _listed(values: Collection[str]) -> str:
    """Return texts as one array, in order, so that an index is walked from one end to the other."""
    if not values:
        return "{}"
    between, ordered = '","', sorted(values)
    text = between.join(ordered)
    if "\\" in text or text.count('"') > 2 * (len(ordered) - 1):
        text = between.join(value.replace("\\", "\\\\").replace('"', '\\"') for value in ordered)
    return f'{{"{text}"}}'


def _kept(session: Session, table: Table, name: str, column: Column) -> Column:
    """Return a column as the driver is given it: single values as the type of the table's column writes them."""
    if isinstance(column, pa.Array | pa.ChunkedArray):
        return column
    if isinstance(column, str):
        return column  # JSON too, which is given as text
    write = table.c[name].type.dialect_impl(session.dialect).bind_processor(session.dialect)
    return column if write is None or column is None else write(column)


def _insert(session: Session, table: Table, columns: Mapping[str, Column], length: int) -> None:
    rows = zip(
        *(
            column.to_pylist() if isinstance(column, pa.Array | pa.ChunkedArray) else repeat(column, length)
            for column in columns.values()
        ),
        strict=True,
    )
    begin = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES "  # noqa: S608 - our own names, no values
    row = f"({', '.join('?' * len(columns))})"
    most = _MOST_VALUES // len(columns)
    for start in range(0, length, most):
        number = min(most, length - start)
        statement = begin + ", ".join([row] * number)
        session.exec_driver_sql(statement, tuple(chain.from_iterable(islice(rows, number))))


def _copy(session: Session, table: Table, columns: Mapping[str, Column], length: int) -> None:
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    driver: Any = session.connection.dbapi_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for piece in copied.binary(table, columns, length):
                copy.write(piece)
    except session.dialect.loaded_dbapi.Error as error:
        raised = DBAPIError.instance(
            statement, None, error, session.dialect.loaded_dbapi.Error, dialect=session.dialect
        )
        raise raised from error
