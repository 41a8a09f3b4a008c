"""Rows given as columns are the rows that would be there had they come one by one, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from sqlalchemy import insert, select

from service.callers.caller import Caller, Role
from service.errors import INVALID, Problem
from service.store import bulk, events, keys
from service.store.records import RECORDS
from service.store.tables import EventRow, OrganisationRow

EVENTS, ORGANISATIONS = EventRow.__table__, OrganisationRow.__table__
_ODD = ('o"', "a\\", '","', "{o0}", "", "NULL", "two\nlines", "মিরপুর", '\\"')
AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)


def test_columns_are_kept_as_single_rows_are(store):
    """Empty texts, missing ones, quotes, line breaks, JSON and moments are the same either way."""
    subjects = ["", 'said "so"', "two\nlines", "a,b", "মিরপুর", "\\N", "\\."]
    by = Caller("map-kibera", None, Role.CONTRIBUTOR)
    singly = [events.Event("record.created", one, AT, by, {"revision": 1}) for one in subjects]
    series = events.Series(
        "record",
        pa.array(["record.created"] * len(subjects)),
        pa.array(subjects),
        pa.array(['{"revision":1}'] * len(subjects)),
        AT,
        by,
    )
    with store.begin() as session:
        events.add(session, singly)
        events.add_series(session, series)
    with store.read() as session:
        rows = [row[1:-1] for row in session.execute(select(EVENTS).order_by(EVENTS.c.seq))]  # but number and link
    assert rows[: len(subjects)] == rows[len(subjects) :]


def test_more_rows_than_one_statement_takes_stand_in_their_order(store):
    """However many rows there are, none is lost or moved."""
    number = 20_001
    with store.begin() as session:
        ids = pa.array([f"o{row}" for row in range(number)])
        bulk.insert(session, ORGANISATIONS, {"id": ids, "created_at": AT}, number)
    with store.read() as session:
        rows = session.execute(select(ORGANISATIONS.c.id, ORGANISATIONS.c.created_at)).all()
    assert sorted(rows) == sorted((f"o{row}", AT) for row in range(number))


def test_no_rows_are_nothing(store):
    """Where nothing is given nothing is asked of the database."""
    with store.begin() as session:
        bulk.insert(session, ORGANISATIONS, {"id": pa.array([], pa.string()), "created_at": AT}, 0)
    with store.read() as session:
        assert session.execute(select(ORGANISATIONS)).all() == []


def test_what_a_constraint_refuses_is_refused_in_bulk(store):
    """The quick way is no way around what the database checks, and nothing of the transaction stays."""

    def work(session):
        keys.add_organisation(session, "ours", AT)
        bulk.insert(session, ORGANISATIONS, {"id": pa.array(["theirs", "ours"]), "created_at": AT}, 2)

    with pytest.raises(Problem, match="The database refused this"):
        store.write(work)
    with store.read() as session:
        assert session.execute(select(ORGANISATIONS)).all() == []


def test_a_value_that_the_database_cannot_keep_is_said_plainly(postgres_databases, tmp_path):
    """PostgreSQL keeps no NUL character, and says so as it does of a single row."""
    from service.store.engine import Store  # noqa: PLC0415

    store = Store(postgres_databases.fresh(tmp_path))
    with pytest.raises(Problem, match="NUL") as raised, store.begin() as session:
        bulk.insert(session, ORGANISATIONS, {"id": pa.array(["a\0b"]), "created_at": AT}, 1)
    assert raised.value.kind is INVALID
    store.close()


@pytest.mark.parametrize("number", [0, 1, 70_000])
def test_any_number_of_texts_can_be_asked_for(store, number):
    """More than a statement takes values are one parameter; no text at all is among none."""
    with store.begin() as session:
        session.execute(insert(ORGANISATIONS), [{"id": name, "created_at": AT} for name in ("o0", "o1", "p", *_ODD)])
        asked = [f"o{row}" for row in range(number)] + (list(_ODD) if number else [])
        found = select(ORGANISATIONS.c.id).where(bulk.among(session, ORGANISATIONS.c.id, asked))
        assert set(session.execute(found).scalars()) == {"o0", "o1", *_ODD} & set(asked)


def test_sqlite_remembers_its_usual_pages_afterwards(sqlite_context):
    """The memory that arrivals take is given back."""
    with sqlite_context.store.begin() as session:
        usual = session.exec_driver_sql("PRAGMA cache_size").scalar_one()
        with bulk.roomy(session):
            assert session.exec_driver_sql("PRAGMA cache_size").scalar_one() < usual
        assert session.exec_driver_sql("PRAGMA cache_size").scalar_one() == usual


def test_known_ids_are_found_through_their_index(store):
    """The question is asked of the index of own ids, not of every record of an organisation."""
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by what it counted of a table, and an empty one is read through")
    with store.read() as session:
        asked = select(RECORDS.c.id).where(
            RECORDS.c.organisation == "o", bulk.among(session, RECORDS.c.own_id, ["a", "b"])
        )
        compiled = asked.compile(session, compile_kwargs={"literal_binds": True})
        plan = [row[3] for row in session.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}")]
    assert "(organisation=? AND own_id=?)" in plan[0]
