"""Whoever changes, takes out, puts in or moves what happened, behind the service's back, is found out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256

import orjson
import pyarrow as pa
import pytest
from sqlalchemy import text

from service import submit
from service.auditing.verifying import verify
from service.callers.caller import Caller, Role
from service.review import Decision, decide
from service.store import chain, events
from service.store.chain import BEGINNING
from service.store.engine import Store
from service.store.values import FlagStatus
from service.verify import silent
from service.verify import verify as compare

AT = datetime(2026, 3, 1, 12, 30, 0, 123456, tzinfo=UTC)
BY = Caller("map-kibera", "k1", Role.CONTRIBUTOR)


def told(number, kind="record.verified"):
    """Return some events."""
    return [events.Event(kind, f"r{at}", AT, BY, {"at": at, "of": "Ünï"}) for at in range(number)]


def keep(store, *several):
    """Keep events, each lot in a transaction of its own."""
    for one in several:
        with store.begin() as session:
            events.add(session, one)


def tamper(store, *statements):
    """Change what is kept as somebody does who may do anything to the database."""
    with store.begin() as session:
        if store.embedded:
            for table in ("events", "reviews"):
                session.execute(text(f"DROP TRIGGER {table}_refuse_update"))
                session.execute(text(f"DROP TRIGGER {table}_refuse_delete"))
            session.execute(text("DROP TRIGGER reviews_refuse_note"))
        else:
            session.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            session.execute(text(statement))


def test_the_chain_can_be_worked_out_from_the_rows_alone(store):
    """Each link is the sha256 that the documentation states, the same for single events and for a series."""
    keep(store, told(2))
    with store.begin() as session:
        for subjects in (["a", "মিরপুর"], ["a", 'b "c"'], ["d\\", "e\nf"]):
            kinds = pa.array(["record.created"] * 2)
            series = events.Series("record", kinds, pa.array(subjects), pa.array(['{"revision":1}'] * 2), AT, BY)
            events.add_series(session, series)
        events.add(session, told(1))
    with store.read() as session:
        rows = (
            session.execute(text("SELECT *, CAST(data AS TEXT) AS written FROM events ORDER BY seq")).mappings().all()
        )
    assert [row["seq"] for row in rows] == list(range(1, 10))
    link = "0" * 64
    for row in rows:
        moment = round(AT.timestamp() * 1_000_000)
        said = [row["seq"], row["kind"], row["noun"], row["noun_id"], row["organisation"], row["key_id"], moment]
        link = sha256(link.encode() + orjson.dumps(said) + row["written"].encode()).hexdigest()
        assert row["link"] == link
    audited = verify(store, silent)
    assert (audited.sound, audited.events, audited.head) == (True, 9, (9, link))


def test_nothing_that_happened_is_a_chain_too(store):
    """An empty database verifies, and its head is that of the beginning."""
    audited = verify(store, silent, BEGINNING.link)
    assert (audited.sound, audited.head, audited.found) == (True, BEGINNING, 0)


def test_an_undone_transaction_leaves_no_gap(store):
    """Numbers follow on one another: what is missing was taken out."""
    keep(store, told(1))

    def broken_off():
        with store.begin() as session:
            events.add(session, told(3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken_off()
    keep(store, told(1))
    assert verify(store, silent).head.seq == 2


@pytest.mark.parametrize(
    ("statement", "first", "why"),
    [
        ("UPDATE events SET kind = 'record.withdrawn' WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET noun_id = 'another' WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET organisation = NULL WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET key_id = '' WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET data = '{\"at\": 0}' WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET created_at = '2026-03-01 12:30:00.123457' WHERE seq = 4", "event 4", "changed"),
        ("UPDATE events SET link = '' WHERE seq = 4", "event 4", "changed"),
        ("DELETE FROM events WHERE seq = 4", "event 5", "between event 3 and this one"),
        ("DELETE FROM events WHERE seq = 1", "event 2", "between event 0 and this one"),
        ("UPDATE events SET seq = 99 WHERE seq = 4", "event 5", "taken out"),
        ("DELETE FROM events WHERE seq > 8", "event 8", "went on to event 10"),
        ("DELETE FROM events", "event 0", "went on to event 10"),
        ("UPDATE event_head SET seq = 8", "event 10", "head says that it ends at event 8"),
    ],
)
def test_what_was_altered_is_found_and_told(store, statement, first, why):
    """Any change of any column, any row taken out, and a tail cut off: the first broken row is named."""
    keep(store, told(3), told(7))
    tamper(store, statement)
    audited = verify(store, silent)
    assert not audited.sound
    assert audited.broken[0].what == first
    assert why in audited.broken[0].why


def test_two_rows_that_changed_places_are_found(store):
    """What happened in another order happened otherwise."""
    keep(store, told(5))
    tamper(
        store,
        "UPDATE events SET seq = 99 WHERE seq = 2",
        "UPDATE events SET seq = 2 WHERE seq = 3",
        "UPDATE events SET seq = 3 WHERE seq = 99",
    )
    assert [one.what for one in verify(store, silent).broken] == ["event 2", "event 3", "event 4"]


def test_a_row_that_was_put_in_is_found(store):
    """Even where all that followed was renumbered, and the head with it."""
    keep(store, told(5))
    columns = "kind, noun, noun_id, organisation, key_id, data, created_at, link"
    tamper(
        store,
        "UPDATE events SET seq = seq + 100 WHERE seq > 2",
        "UPDATE events SET seq = seq - 99 WHERE seq > 100",
        f"INSERT INTO events (seq, {columns}) SELECT 3, {columns} FROM events WHERE seq = 2",  # noqa: S608 - our own names
        "UPDATE event_head SET seq = 6",
    )
    assert verify(store, silent).broken[0].what == "event 3"


def test_a_tail_cut_off_with_its_head_shows_against_a_link_written_down(store):
    """Inside the database nothing is left to see; a link on paper tells that the chain once went further."""
    keep(store, told(3))
    with store.read() as session:
        early = chain.head(session)
    keep(store, told(3))
    with store.read() as session:
        late = chain.head(session)
    assert (verify(store, silent, early.link).found, verify(store, silent, late.link).found) == (3, 6)
    tamper(
        store,
        "DELETE FROM events WHERE seq > 4",
        "UPDATE event_head SET seq = 4, link = (SELECT link FROM events WHERE seq = 4)",
    )
    audited = verify(store, silent, late.link)
    assert (audited.sound, audited.found) == (True, None)
    assert verify(store, silent, early.link).found == 3


def test_writers_at_the_same_moment_make_one_chain(databases, tmp_path):
    """Several writers, each with connections of its own as processes have them, never fork or double the chain."""
    url = databases.fresh(tmp_path)
    stores = [Store(url) for _ in range(4)]

    def write(store):
        for number in range(15):
            work = store.write if number % 2 else store.write_ahead
            work(partial(events.add, events=told(number % 3 + 1)))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, store) for store in stores]:
            done.result(timeout=120)
    audited = verify(stores[0], silent)
    expected = 4 * sum(number % 3 + 1 for number in range(15))
    assert (audited.sound, audited.events, audited.head.seq) == (True, expected, expected)
    for store in stores:
        store.close()
    databases.drop(url)


@pytest.fixture
def decided(context, scene):
    """Keep two records, compare them, and confirm one flag."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    sender = scene.caller(context.store)
    named = [scene.account(name, lat=0.536, lon=35.0) for name in ("Bondeni",)] + [scene.account("Elsewhere")]
    receipts = submit.accept(context, named, sender)
    flagged = [one.flag_id for one in compare(context, [receipt.record_id for receipt in receipts]) if one.flag_id]
    reviewer = scene.caller(context.store, "knbs", Role.REVIEWER)
    decide(context, flagged[0], Decision(FlagStatus.CONFIRMED, "field_visit", "Seen"), reviewer)
    assert verify(context.store, silent).sound
    return context.store


@pytest.mark.parametrize(
    ("statement", "what", "why"),
    [
        ("UPDATE reviews SET decision = 'rejected'", "decision", "changed"),
        ("UPDATE reviews SET note = 'Not seen'", "decision", "changed"),
        ("UPDATE reviews SET key_id = (SELECT id FROM keys WHERE role = 'contributor')", "decision", "changed"),
        ("DELETE FROM reviews", "decision", "taken out"),
        ("UPDATE revisions SET fingerprint = 'f'", "revision 1 of record", "changed"),
        ("DELETE FROM revisions", "revision 1 of record", "taken out"),
    ],
)
def test_decisions_and_accounts_are_vouched_for_by_their_events(decided, statement, what, why):
    """What people decided and sent cannot be altered either without its event telling."""
    tamper(decided, statement)
    audited = verify(decided, silent)
    assert audited.broken[0].what.startswith(what)
    assert why in audited.broken[0].why


def test_an_account_whose_words_were_changed_is_found(decided):
    """The fingerprint is worked out again from the account itself."""
    moved = "REPLACE(CAST(body AS TEXT), '36.7826', '36.7827')"
    kept = moved if decided.embedded else f"CAST({moved} AS JSON)"
    tamper(decided, f"UPDATE revisions SET body = {kept}")  # noqa: S608 - our own words
    assert [one.what.partition(" of")[0] for one in verify(decided, silent).broken] == ["revision 1"]


def test_an_erased_account_leaves_a_sound_chain(decided):
    """Where an event says that a record was erased, its words and notes about it need not be there; digests must."""
    emptied = 'UPDATE revisions SET body = \'{"names": [], "country": "KEN"}\''
    tamper(decided, emptied, "UPDATE reviews SET note = NULL")
    assert verify(decided, silent).wrong == 3
    with decided.read() as session:
        ids = session.execute(text("SELECT id FROM records")).scalars().all()
    with decided.begin() as session:
        told = {"erased": "true"}
        events.add(session, [events.Event("record.withdrawn", one, AT, data=told) for one in ids])
    assert verify(decided, silent).sound
    with decided.begin() as session:
        session.execute(text("UPDATE revisions SET fingerprint = 'f'"))
    assert verify(decided, silent).wrong == 2


def test_a_decision_nobody_took_is_found(decided):
    """A row put in beside the service has no event."""
    with decided.begin() as session:
        columns = "flag_id, flag_version, evidence_hash, decision, reason_code, note, organisation, key_id, created_at"
        again = f"INSERT INTO reviews (id, {columns}) SELECT 'x', {columns} FROM reviews"  # noqa: S608 - our own names
        session.execute(text(again))
    (broken,) = verify(decided, silent).broken
    assert (broken.what, "put in" in broken.why) == ("decision x", True)
