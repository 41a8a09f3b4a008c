"""Refusals: what a database says when it cannot do something is told as what it means."""

from __future__ import annotations

import os
import sqlite3

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from service.errors import BUSY, INTERNAL, READ_ONLY, STORAGE_FAILED, STORAGE_FULL, Problem
from service.store.engine import Store
from service.store.probing import can_be_written
from service.store.refusals import kind_of

ADD = text("INSERT INTO organisations (id, created_at) VALUES (:id, '2026-01-01')")
COUNT = text("SELECT count(*) FROM organisations")


def said(original):
    """Return an error as SQLAlchemy wraps it."""
    return OperationalError("INSERT", {}, original)


def state(sqlstate):
    """Return PostgreSQL's error of a state."""
    return said(psycopg.errors.lookup(sqlstate)("as the server says it"))


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("53100", STORAGE_FULL),
        ("25006", READ_ONLY),
        ("57P01", BUSY),
        ("57P03", BUSY),
        ("08006", BUSY),
        ("53300", BUSY),
        ("58030", STORAGE_FAILED),
        ("XX001", STORAGE_FAILED),
    ],
)
def test_states_of_postgresql_are_told_apart(sqlstate, kind):
    """A full disk, a standby, a restart and a broken disk are different things to whoever has to mend them."""
    assert kind_of(state(sqlstate)) is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, STORAGE_FULL),
        (sqlite3.SQLITE_IOERR_SHMSIZE, STORAGE_FULL),
        (sqlite3.SQLITE_READONLY_DBMOVED, READ_ONLY),
        (sqlite3.SQLITE_IOERR_FSYNC, STORAGE_FAILED),
        (sqlite3.SQLITE_CORRUPT, STORAGE_FAILED),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, BUSY),
        (sqlite3.SQLITE_ERROR, INTERNAL),
    ],
)
def test_codes_of_sqlite_are_told_apart(code, kind):
    """So they are on SQLite, also by its extended codes."""
    original = sqlite3.OperationalError("as SQLite says it")
    original.sqlite_errorcode = code
    assert kind_of(said(original)) is kind


def test_a_full_database_refuses_keeps_what_it_has_and_recovers(sqlite_databases, tmp_path):
    """Where SQLite has no room, the write is refused whole, reading goes on, and with room again so does writing."""
    store = Store(sqlite_databases.fresh(tmp_path))
    with store.begin() as session:
        session.execute(ADD, {"id": "before"})
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count={pages}"))
    rows = [{"id": f"{number}" + "x" * 500} for number in range(10_000)]
    with pytest.raises(Problem) as refused, store.begin() as session:
        session.execute(ADD, rows)
    assert refused.value.kind is STORAGE_FULL
    with store.read() as session:
        assert session.execute(COUNT).scalar_one() == 1
    with store.begin() as session:
        session.execute(text("PRAGMA max_page_count=1073741823"))
        session.execute(ADD, {"id": "after"})
    with store.read() as session:
        assert session.execute(COUNT).scalar_one() == 2
    store.close()


def test_a_read_only_server_is_told_and_read_from(postgres_databases, tmp_path):
    """A PostgreSQL that takes nothing, as a standby, is read from; a write is refused as what it is."""
    url = postgres_databases.fresh(tmp_path)
    store = Store(f"{url}&options=-c%20default_transaction_read_only=on")
    try:
        for _ in range(2):  # also after a read
            with pytest.raises(Problem) as refused, store.begin() as session:
                session.execute(ADD, {"id": "never"})
            assert refused.value.kind is READ_ONLY
            assert not can_be_written(store)
            with store.read() as session:
                assert session.execute(COUNT).scalar_one() == 0
    finally:
        store.close()
        postgres_databases.drop(url)


def test_a_lost_connection_is_replaced_at_once(postgres_databases, tmp_path):
    """Connections that the server closed a moment ago are noticed before they are used: the first try succeeds."""
    url = postgres_databases.fresh(tmp_path)
    store = Store(url)
    try:
        with store.read() as session:
            pid = session.execute(text("SELECT pg_backend_pid()")).scalar_one()
        assert pid != os.getpid()
        with psycopg.connect(url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        with store.read() as session:
            assert session.execute(COUNT).scalar_one() == 0
    finally:
        store.close()
        postgres_databases.drop(url)
