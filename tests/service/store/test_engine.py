"""One way to read the database and one way to write to it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from service.errors import BUSY, INTERNAL, INVALID, READ_ONLY, Problem
from service.store import engine, events
from service.store.engine import Store, database_url

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def happened(subject="one", at=NOON):
    """Return an event."""
    return events.Event("record.created", subject, at)


def test_a_block_that_raises_leaves_nothing_behind(store):
    """A write transaction is undone when its block raises."""

    def break_off():
        with store.begin() as session:
            events.add(session, [happened()])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    with store.read() as session:
        assert events.about(session, "record", "one") == ()


def test_a_read_transaction_keeps_nothing(store):
    """What is written while reading is refused (PostgreSQL) or forgotten (SQLite)."""
    refused = []
    try:
        with store.read() as session:
            events.add(session, [happened()])
    except Problem as problem:
        refused.append(problem.kind)
    assert refused == ([READ_ONLY] if store.url.get_backend_name() == "postgresql" else [])
    with store.read() as session:
        assert events.about(session, "record", "one") == ()


def test_a_read_transaction_sees_one_state(store):
    """What others write while a reader reads does not appear to it before it begins again."""
    with store.read() as session:
        assert events.about(session, "record", "one") == ()
        with store.begin() as writer:
            events.add(writer, [happened()])
        assert events.about(session, "record", "one") == ()
    with store.read() as session:
        assert len(events.about(session, "record", "one")) == 1


def test_moments_come_back_aware_and_in_utc(store):
    """Both databases give a moment back as the same aware value, whatever zone it was said in."""
    with store.begin() as session:
        events.add(session, [happened(at=NOON.astimezone(timezone(timedelta(hours=3))))])
    with store.read() as session:
        (event,) = events.about(session, "record", "one")
    assert (event.at, event.at.tzinfo) == (NOON, UTC)


def test_a_moment_without_a_zone_is_refused(store):
    """A naive datetime could mean any hour of the day, so it is not kept."""
    with pytest.raises(ValueError, match="needs a time zone"), store.begin() as session:
        events.add(session, [happened(at=NOON.replace(tzinfo=None))])


@pytest.mark.parametrize("change", ["UPDATE events SET kind = 'x'", "DELETE FROM events"])
def test_what_happened_cannot_be_changed_or_deleted(store, change):
    """The database itself refuses to change or delete events."""
    with store.begin() as session:
        events.add(session, [happened()])
    with pytest.raises(Problem, match="only ever added"), store.begin() as session:
        session.execute(text(change))


def test_work_is_done_again_when_another_writer_was_quicker(store):
    """A write that meets the same row of another writer starts again from what it can read then."""
    seen = []

    def work(session):
        seen.append(len(seen))
        values = "INSERT INTO organisations (id, created_at) VALUES (:id, '2026-03-01 12:00:00')"
        session.execute(text(values), {"id": "taken" if len(seen) < 3 else "free"})
        return len(seen)

    with store.begin() as session:
        session.execute(text("INSERT INTO organisations (id, created_at) VALUES ('taken', '2026-03-01 12:00:00')"))
    assert store.write(work) == 3


def test_a_write_that_can_never_succeed_is_given_up(store):
    """After some attempts the refusal is told, without the values that were refused."""

    def work(session):
        session.execute(text("INSERT INTO organisations (id, created_at) VALUES ('one', NULL)"))

    with pytest.raises(Problem, match="refused") as raised:
        store.write(work)
    assert raised.value.kind is INTERNAL


def test_an_error_in_the_work_itself_is_not_tried_again(store):
    """Only the database's own refusals are worth another try."""
    seen = []

    def work(_session):
        seen.append(1)
        raise KeyError

    with pytest.raises(KeyError):
        store.write(work)
    assert seen == [1]


def test_sqlite_loses_no_commit_to_a_power_cut(sqlite_context):
    """SQLite keeps a log, waits for the disk at each commit, and holds to its foreign keys."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": engine.BUSY_TIMEOUT_MS}
    with sqlite_context.store.read() as session:
        for pragma, value in wanted.items():
            assert session.execute(text(f"PRAGMA {pragma}")).scalar_one() == value


def test_a_writer_that_waits_too_long_is_told_so(sqlite_context, monkeypatch):
    """While another process writes, a writer waits, and at last answers that the service is busy."""
    monkeypatch.setattr(engine, "BUSY_TIMEOUT_MS", 50)
    impatient = Store(sqlite_context.store.url.render_as_string())
    with sqlite_context.store.begin(), pytest.raises(Problem, match="did not answer") as raised, impatient.begin():
        pass
    impatient.close()
    assert raised.value.kind is BUSY


def test_a_database_that_is_not_there_is_told_so():
    """A server that cannot be reached is a problem with a hint, not a traceback; no password is shown."""
    nowhere = Store("postgresql://user:hush-hush@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(Problem) as raised, nowhere.read():
        pass
    assert raised.value.kind is BUSY
    assert "hush-hush" not in raised.value.detail


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("postgresql://u:p@host/db", "postgresql+psycopg"),
        ("postgres://u@/db?host=/run", "postgresql+psycopg"),
        ("postgresql+psycopg://u@host/db", "postgresql+psycopg"),
        ("sqlite:///some/file.sqlite", "sqlite"),
    ],
)
def test_urls_as_people_write_them_are_understood(given, driver):
    """PostgreSQL and SQLite URLs in their usual spellings name the driver in use."""
    assert database_url(given).drivername == driver


@pytest.mark.parametrize("given", ["mysql://u@host/db", "sqlite://", "sqlite:///:memory:", "not a url"])
def test_other_urls_are_refused_with_the_way_to_mend_them(given):
    """A database this service does not keep records in is refused by name."""
    with pytest.raises(Problem, match=r"postgresql://") as raised:
        database_url(given)
    assert raised.value.kind is INVALID


_WRITER = """
import sys
from service.accounts.account import Account, Name
from service.callers.caller import Caller, Role
from service.context import open_context
from service import submit
from service.configuration.settings import Settings

url, data, who = sys.argv[1:]
context = open_context(Settings(data_dir=data, database_url=url, _env_file=None))
for number in range(20):
    account = Account((Name(f"{who} {number}"),), "KEN", own_id=f"{who}-{number}", lat=0.5, lon=35.0)
    (receipt,) = submit.accept(context, [account], Caller("map-kibera", None, Role.CONTRIBUTOR))
    print(receipt.record_id, flush=True)
"""


def test_several_processes_post_to_one_database(database_url, tmp_path, store):
    """Three processes that write at the same time all get through, and every acknowledged record is there."""
    command = [sys.executable, "-c", _WRITER, database_url, str(tmp_path)]
    running = [
        subprocess.Popen([*command, who], stdout=subprocess.PIPE, text=True)  # noqa: S603  # ourselves
        for who in ("a", "b", "c")
    ]
    told = {line for process in running for line in process.communicate(timeout=60)[0].split()}
    assert [process.returncode for process in running] == [0, 0, 0]
    with store.read() as session:
        kept = set(session.execute(text("SELECT id FROM records")).scalars())
    assert len(told) == 60
    assert told == kept


def test_a_killed_process_loses_nothing_it_acknowledged(database_url, tmp_path, store):
    """A process killed in the middle of a stream of posts has kept every record it said it kept."""
    command = [sys.executable, "-c", _WRITER.replace("range(20)", "range(10_000)"), database_url, str(tmp_path), "a"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  # ourselves
    told = [process.stdout.readline().strip() for _ in range(15)]
    process.kill()
    told += process.communicate(timeout=60)[0].split()
    with store.read() as session:
        kept = set(session.execute(text("SELECT id FROM records")).scalars())
        torn = "SELECT count(*) FROM records LEFT JOIN revisions ON record_id = id WHERE record_id IS NULL"
        assert session.execute(text(torn)).scalar_one() == 0
    whole = {record_id for record_id in told if len(record_id) == 32}
    assert len(whole) >= 15
    assert whole <= kept


def test_what_the_database_refuses_is_told_without_repeating_it(store):
    """A row that breaks a constraint is not quoted in the problem, although PostgreSQL would quote it."""
    row = "INSERT INTO organisations (id, created_at) VALUES ('a secret village', NULL)"
    with pytest.raises(Problem, match="refused") as raised, store.begin() as session:
        session.execute(text(row))
    assert "village" not in raised.value.detail


def test_a_connection_that_was_closed_while_it_lay_idle_is_replaced(store, monkeypatch):
    """The server may restart or end idle connections; the next request notices nothing of it."""
    if store.embedded:
        pytest.skip("an embedded database has no server that could close a connection")
    monkeypatch.setattr(engine, "TRUSTED_S", 0.0)
    with store.read() as session:
        mine = session.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    other = Store(store.url.render_as_string(hide_password=False))
    with other.read() as session:
        assert session.exec_driver_sql("SELECT pg_terminate_backend(%s)", (mine,)).scalar_one()
    other.close()
    with store.read() as session:
        assert session.exec_driver_sql("SELECT pg_backend_pid()").scalar_one() != mine


def test_what_is_given_back_after_everything_was_let_go_is_closed(sqlite_context):
    """A thread that still reads when the service ends leaves no connection open behind it."""
    with sqlite_context.store.read() as session:
        connection = session.connection.dbapi_connection
        sqlite_context.store.close()
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
