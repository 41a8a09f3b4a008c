"""The database: one way to read it, one way to write to it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from math import inf
from typing import Any, TypeAlias, TypeVar

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection, QueuePool

from service.errors import INVALID, Problem
from service.running import tracing
from service.store.ahead import ahead, install
from service.store.refusals import translated, worth_another_try

T = TypeVar("T")

#: One open transaction, as every query takes it. Queries are written in SQL expressions, not in objects that remember
#: the database: nothing is loaded by surprise, and posting a record costs half as much.
Session: TypeAlias = Connection

BUSY_TIMEOUT_MS = 30_000  # how long a writer waits for another one on SQLite
CACHE_KIB = 32_768  # pages that a connection to SQLite holds in memory, at most
TRUSTED_S = 1.0  # for which a connection to PostgreSQL that was set down is taken to be open still
#: How long a server is waited for that does not answer at all, in libpq's own words, unless the URL says otherwise.
#: Without these a request hangs for as long as the system believes in a connection whose other end is gone.
PATIENCE = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
LOG_PAGES = 8_000  # of 4 KiB in the write-ahead log of SQLite before they are copied to the file
ATTEMPTS = 5  # of one write, when another process wrote the same thing at the same moment

#: Option of a connection: what is to be done at the end of its transaction, and for what (`at_the_end`).
_AT_THE_END = "at_the_end"


class Store:
    """A database, opened once and shared by all threads of a process.

    `url` is an SQLAlchemy URL of SQLite or PostgreSQL (`postgresql://…` speaks through psycopg 3).
    Raises `Problem` (invalid) when the URL names neither. Connecting happens at the first use.
    """

    def __init__(self, url: str) -> None:
        """Prepare the engine; nothing is connected yet."""
        self.url = database_url(url)
        self.engine = _engine(self.url)
        self._let_go = False
        event.listen(self.engine, "checkin", self._given_back)
        self._writer = self.engine.execution_options(writes=True)
        self._reader = self.engine
        self._glance = self.engine.execution_options(begins=False)
        if self.url.get_backend_name() == "postgresql":  # where by itself every statement would see another state
            self._reader = self.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._glance = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @property
    def embedded(self) -> bool:
        """Whether the database lives in this process: nothing travels, and readers never wait for a writer."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a transaction that sees one state of the database and changes nothing."""
        with tracing.span("database.read"), translated(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """Open a connection for one query, which sees one state by itself: no transaction begins and ends around it."""
        with translated(), self._glance.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """Open a transaction that is committed at the end of the block, or undone when the block raises.

        On SQLite it takes the write lock at once, so that what it reads cannot change before it writes.
        """
        with tracing.span("database.write"), translated(), self._writer.begin() as connection:
            yield from _ending(connection)

    def write(self, work: Callable[[Session], T]) -> T:
        """Do the work in one write transaction, again from the start when another writer was quicker.

        The work must only touch the database, because it may run more than once.
        """
        return self._written(work, self.begin)

    def write_ahead(self, work: Callable[[Session], T]) -> T:
        """Do the same where what the work changes may be sent ahead (`service.store.ahead`).

        How many rows it changed it cannot ask then, and what fails may be raised by a later statement, or the commit.
        """
        return self._written(work, self._ahead)

    @contextmanager
    def _ahead(self) -> Iterator[Session]:
        with (
            tracing.span("database.write"),
            translated(),
            self._writer.connect() as connection,
            ahead(connection),
            connection.begin(),
        ):
            yield from _ending(connection)

    def _written(self, work: Callable[[Session], T], begin: Callable[[], AbstractContextManager[Session]]) -> T:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with begin() as connection:
                    return work(connection)
            except Problem as problem:
                if attempt == ATTEMPTS or not worth_another_try(problem.__cause__):
                    raise
                time.sleep(0.01 * attempt)
        raise AssertionError  # pragma: no cover  # the last attempt returns or raises

    @property
    def busy_connections(self) -> int:
        """How many connections are in use just now."""
        pool = self.engine.pool
        return pool.checkedout() if isinstance(pool, QueuePool) else 0

    def close(self) -> None:
        """Let go of every connection: of those that a thread still works with, once it gives them back."""
        self._let_go = True
        self.engine.dispose()

    def _given_back(self, connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if self._let_go and connection is not None:
            record.invalidate()


def at_the_end(session: Session, work: Callable[[Session, list[T]], None], item: T) -> None:
    """Have work done for all items that are given it, once, when the transaction has done everything else.

    What many writers want at once is taken then, and held for as short as can be; whoever holds it waits for nothing
    else. In a transaction that `Store` did not open for writing it is done at once.
    """
    waiting: dict[Any, list[Any]] | None = session.get_execution_options().get(_AT_THE_END)
    if waiting is None:
        work(session, [item])
    else:
        waiting.setdefault(work, []).append(item)


def database_url(url: str) -> URL:
    """Return the URL with the driver this service uses. Raises `Problem` (invalid) for any other kind of database."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        detail = "The database URL cannot be read. Write it as postgresql://user:password@host:5432/name."
        raise Problem(INVALID, detail) from error
    backend = parsed.get_backend_name()
    if backend in {"postgresql", "postgres"}:
        return parsed.set(drivername="postgresql+psycopg")
    if backend == "sqlite" and parsed.database not in {None, "", ":memory:"}:
        return parsed.set(drivername="sqlite")
    detail = (
        f"The database URL is not one this service keeps records in ({backend}). Use postgresql://… or sqlite:///path."
    )
    raise Problem(INVALID, detail)


def _ending(connection: Connection) -> Iterator[Connection]:
    """Give the connection to a block, and do at its end what was to be done then."""
    waiting: dict[Any, list[Any]] = {}
    yield connection.execution_options(**{_AT_THE_END: waiting})
    for work, items in waiting.items():
        work(connection, items)


def _engine(url: URL) -> Engine:
    # An error that is not translated must not repeat the names and places that were being written.
    common: dict[str, Any] = {"json_serializer": _dumps, "json_deserializer": orjson.loads, "hide_parameters": True}
    # The connection that was given back last is taken first: it has the pages in memory that are asked for most, and
    # those that only a crowd needs hold none.
    common |= {"pool_size": 10, "max_overflow": 20, "pool_use_lifo": True}
    if url.get_backend_name() == "postgresql":
        patience = {name: value for name, value in PATIENCE.items() if name not in url.query}
        engine = create_engine(url, connect_args=patience, **common)
        event.listen(engine, "checkin", _set_down)
        event.listen(engine, "checkout", _take_up)
        install(engine)
        return engine
    engine = create_engine(url, connect_args={"check_same_thread": False}, **common)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the driver must not open transactions of its own: `_begin_sqlite` does
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")  # readers and the writer do not wait for one another
    # FULL: a commit returns only when the log is on the disk. NORMAL would be quicker, but then a power cut takes back
    # the last commits, and a volunteer who was told "kept" would be wrong.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # A record touches a page of every index it stands in: these are held in memory, and copied from the log to the
    # file rarely, so that a page that changes with many commits is copied once.
    cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
    cursor.execute(f"PRAGMA wal_autocheckpoint={LOG_PAGES}")
    cursor.close()


def _set_down(connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["set_down"] = time.monotonic()
    if connection is not None:  # after a read SQLAlchemy leaves "read-write", past a server that takes nothing now
        connection.read_only = None


def _take_up(connection: DBAPIConnection, record: ConnectionPoolEntry, _fairy: PoolProxiedConnection) -> None:
    """Have a connection replaced that the server closed while it lay idle, instead of failing a request.

    One that was just used is not asked: a post takes three, and each question is a way to the server and back. Only
    whether something came unasked is looked at, as when the server says that it goes, which costs nothing.
    """
    if time.monotonic() - record.info.get("set_down", inf) < TRUSTED_S and not _has_come(connection):
        return
    try:
        connection.cursor().execute("SELECT 1")
        connection.rollback()
    except Exception as error:
        raise DisconnectionError from error  # the pool takes another one


def _has_come(connection: DBAPIConnection) -> bool:
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would otherwise fail at once, without waiting, when
    # another process wrote in between.
    options = connection.get_execution_options()
    if options.get("begins", True):
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def _dumps(value: object) -> str:
    return orjson.dumps(value).decode()
