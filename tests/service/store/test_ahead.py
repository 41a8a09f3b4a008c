"""Sending ahead: what changes rows goes out without waiting, and nothing is lost, doubled or kept quiet by that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import event, insert, select
from sqlalchemy.exc import IntegrityError

from service.errors import Problem
from service.store.tables import OrganisationRow

ORGANISATIONS = OrganisationRow.__table__
_ADD = insert(ORGANISATIONS).inline()
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def added(session, *names):
    """Keep organisations, each by a statement of its own."""
    for name in names:
        session.execute(_ADD, [{"id": name, "created_at": NOW}])


def known(session):
    """Return the organisations there are."""
    return list(session.execute(select(ORGANISATIONS.c.id).order_by(ORGANISATIONS.c.id)).scalars())


def test_what_was_sent_ahead_is_read_and_kept(store):
    """Rows read later in the transaction, and after it, hold what was sent before."""

    def work(session):
        added(session, "a", "b")
        seen = known(session)
        added(session, "c")
        return seen

    assert store.write_ahead(work) == ["a", "b"]
    with store.glance() as session:
        assert known(session) == ["a", "b", "c"]


def test_what_fails_late_undoes_everything_and_is_tried_again(store):
    """Two of one name: the work is done again as whenever another writer was quicker, then the failure is told."""
    attempts = []

    def work(session):
        attempts.append(len(attempts))
        added(session, "a", "b", "b" if len(attempts) < 3 else "c")

    store.write_ahead(work)
    assert len(attempts) == 3
    with store.glance() as session:
        assert known(session) == ["a", "b", "c"]


def test_what_always_fails_is_told_and_the_connection_serves_on(store):
    """The problem has the database's own failure as its cause, and the next transaction finds nothing of it."""
    with pytest.raises(Problem) as raised:
        store.write_ahead(lambda session: added(session, "a", "a"))
    assert isinstance(raised.value.__cause__, IntegrityError)
    store.write_ahead(lambda session: added(session, "b"))
    with store.read() as session:
        assert known(session) == ["b"]


def test_an_exception_of_the_work_undoes_what_was_sent(store):
    """Whatever the work raises comes out as it is, and nothing is kept."""

    def work(session):
        added(session, "a")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write_ahead(work)
    with store.glance() as session:
        assert known(session) == []


def test_a_glance_begins_no_transaction(store):
    """A single query is sent as it is."""
    sent = []
    event.listen(store.engine, "before_cursor_execute", lambda *told: sent.append(told[2].split()[0]))
    with store.glance() as session:
        known(session)
    with store.read() as session:
        known(session)
    assert sent == (["SELECT", "BEGIN", "SELECT"] if store.embedded else ["SELECT", "SELECT"])
