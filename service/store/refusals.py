"""Refusals: what a database says when it cannot do what it was asked, as the problem that its caller is told.

SQLite is told apart by its result codes (sqlite.org/rescode.html), PostgreSQL by its states (Appendix A of its manual).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from service.errors import BUSY, INTERNAL, INVALID, READ_ONLY, STORAGE_FAILED, STORAGE_FULL, Problem, ProblemType

#: What PostgreSQL says when two writers met and one must start again: serialization failure, deadlock.
MET_ANOTHER = frozenset({"40001", "40P01"})

#: Of SQLite's extended codes those that mean a full disk although their primary code does not.
_FULL_TOO = frozenset({sqlite3.SQLITE_IOERR_SHMSIZE})

_SQLITE: dict[int, ProblemType] = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_NOMEM: BUSY,
    sqlite3.SQLITE_INTERRUPT: BUSY,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_FULL: STORAGE_FULL,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: STORAGE_FAILED,
    sqlite3.SQLITE_CANTOPEN: STORAGE_FAILED,
    sqlite3.SQLITE_CORRUPT: STORAGE_FAILED,
    sqlite3.SQLITE_NOTADB: STORAGE_FAILED,
}

_POSTGRESQL: dict[str, ProblemType] = {
    "25006": READ_ONLY,  # read_only_sql_transaction: a standby, or a server whose default was changed
    "53100": STORAGE_FULL,
    "53200": BUSY,  # out of memory
    "53300": BUSY,  # too many connections
    "55P03": BUSY,  # a lock that was not waited for
    "57014": BUSY,  # cancelled by a statement timeout
    "57P01": BUSY,  # admin_shutdown
    "57P02": BUSY,  # crash_shutdown
    "57P03": BUSY,  # cannot_connect_now: starting up, shutting down or recovering
    "58030": STORAGE_FAILED,  # io_error
    "XX001": STORAGE_FAILED,  # data_corrupted
    "XX002": STORAGE_FAILED,  # index_corrupted
}

#: Seconds after which it is worth asking again; where nothing is said, one.
_AGAIN_S = {STORAGE_FULL: 60, READ_ONLY: 30, STORAGE_FAILED: 30}

_DETAILS = {
    STORAGE_FULL: "The database has no room left",
    READ_ONLY: "The database can only be read",
    STORAGE_FAILED: "The database cannot read or write its files",
    BUSY: "The database did not answer",
}


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the database refuses as a `Problem` that says why; no value that was being written stands in it."""
    try:
        yield
    except DataError as error:
        detail = "The database cannot keep one of these values: a text with a NUL character, or a number too large."
        raise Problem(INVALID, detail) from error
    except DBAPIError as error:
        raise _problem(error) from error
    except NoConnectionFree as error:
        detail = "Every connection to the database is in use."
        raise Problem(BUSY, detail) from error


def kind_of(error: DBAPIError) -> ProblemType:
    """Return which kind of problem a refusal is."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code in _FULL_TOO:
        return STORAGE_FULL
    if code is not None:
        return _SQLITE.get(code & 0xFF, INTERNAL)
    named = _POSTGRESQL.get(_state(error))
    if named is not None:
        return named
    lost = error.connection_invalidated or isinstance(error, OperationalError) or _state(error).startswith("08")
    return BUSY if lost else INTERNAL


def worth_another_try(error: BaseException | None) -> bool:
    """Return whether a transaction failed only because another writer was quicker."""
    if isinstance(error, IntegrityError):
        return True
    return isinstance(error, DBAPIError) and _state(error) in MET_ANOTHER


def _problem(error: DBAPIError) -> Problem:
    kind = kind_of(error)
    said = _DETAILS.get(kind, "The database refused this")
    extra = {"retry_after": _AGAIN_S[kind]} if kind in _AGAIN_S else {}
    return Problem(kind, f"{said}: {_said(error)}", **extra)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _said(error: DBAPIError) -> str:
    """Return what the database said, without the lines in which PostgreSQL repeats the row it refused."""
    primary = getattr(getattr(error.orig, "diag", None), "message_primary", None)
    return str(primary or error.orig).strip().partition("\n")[0]
