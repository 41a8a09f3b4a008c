"""Submit: what was acknowledged is kept, once, whatever is sent twice."""

from __future__ import annotations

import threading

import pytest

from service import submit
from service.callers.caller import ANONYMOUS, Caller, Role
from service.errors import CONFLICT, KEY_NEEDED, Problem
from service.store import events, records
from service.store.engine import Store
from service.store.filters import RecordFilter
from service.store.values import RecordState
from service.submit import Outcome


def test_an_account_is_kept_before_anybody_thinks_about_it(context, scene):
    """An accepted account is a pending record with the account as sent, and an event says who sent it."""
    sender = scene.caller(context.store)
    (receipt,) = submit.accept(context, [scene.account(own_id="MK-1")], sender)
    assert (receipt.own_id, receipt.revision, receipt.outcome) == ("MK-1", 1, Outcome.CREATED)
    other_process = Store(str(context.store.url.render_as_string(hide_password=False)))
    with other_process.read() as session:
        kept = records.get(session, receipt.record_id)
        (event,) = events.about(session, "record", receipt.record_id)
    other_process.close()
    assert kept.account == scene.account(own_id="MK-1")
    assert (kept.state, kept.verdict, kept.organisation) == (RecordState.PENDING, None, "map-kibera")
    assert (event.kind, event.by.organisation, event.by.key_id) == ("record.created", "map-kibera", sender.key_id)


def test_nobody_in_particular_keeps_nothing(context, scene):
    """Without a key nothing is kept."""
    with pytest.raises(Problem) as raised:
        submit.accept(context, [scene.account()], ANONYMOUS)
    assert raised.value.kind is KEY_NEEDED


def test_the_command_line_may_name_a_new_organisation(context, scene):
    """Without a key but with an organisation (the service itself), the organisation is made known on the way."""
    (receipt,) = submit.accept(context, [scene.account()], Caller("new-group", None, Role.CONTRIBUTOR))
    assert receipt.outcome is Outcome.CREATED


def test_the_same_own_id_with_the_same_content_changes_nothing(context, scene):
    """Sending a list again neither doubles nor touches what is kept."""
    sender = scene.caller(context.store)
    (first,) = submit.accept(context, [scene.account(own_id="MK-1")], sender)
    (second,) = submit.accept(context, [scene.account(own_id="MK-1")], sender)
    assert (second.record_id, second.revision, second.outcome) == (first.record_id, 1, Outcome.UNCHANGED)
    with context.store.read() as session:
        assert len(records.page(session, RecordFilter()).items) == 1
        assert len(events.about(session, "record", first.record_id)) == 1


def test_the_same_own_id_with_other_content_is_the_next_revision(context, scene):
    """A correction keeps the record's identity, and the record waits to be verified again."""
    sender = scene.caller(context.store)
    (first,) = submit.accept(context, [scene.account(own_id="MK-1")], sender)
    (second,) = submit.accept(context, [scene.account("Gatwikira", own_id="MK-1", collection="2026")], sender)
    assert (second.record_id, second.revision, second.outcome) == (first.record_id, 2, Outcome.REVISED)
    with context.store.read() as session:
        (kept,) = records.page(session, RecordFilter(q="gatwikira", collection="2026")).items
        assert records.page(session, RecordFilter(q="gatwekera")).items == ()
    assert (kept.id, kept.revision, kept.account.names[0].text) == (first.record_id, 2, "Gatwikira")


def test_two_organisations_may_use_the_same_own_id(context, scene):
    """An own id belongs to its organisation alone."""
    ours = submit.accept(context, [scene.account(own_id="1")], scene.caller(context.store, "map-kibera"))
    theirs = submit.accept(context, [scene.account(own_id="1")], scene.caller(context.store, "shelter-forum"))
    assert ours[0].record_id != theirs[0].record_id


def test_receipts_stand_in_the_order_of_the_accounts(context, scene):
    """A batch of new, unchanged, revised and doubled accounts gets one receipt each, in order."""
    sender = scene.caller(context.store)
    submit.accept(context, [scene.account(own_id="old"), scene.account(own_id="same")], sender)
    batch = [
        scene.account("A", own_id="new"),
        scene.account(own_id="same"),
        scene.account("B", own_id="old"),
        scene.account("A", own_id="new"),
        scene.account("C", own_id="new"),
        scene.account("D"),
    ]
    receipts = submit.accept(context, batch, sender)
    outcomes = ["created", "unchanged", "revised", "unchanged", "revised", "created"]
    assert [receipt.outcome for receipt in receipts] == outcomes
    assert [receipt.own_id for receipt in receipts] == ["new", "same", "old", "new", "new", None]
    assert receipts[0].record_id == receipts[3].record_id == receipts[4].record_id
    assert receipts[4].revision == 2
    with context.store.read() as session:
        assert records.get(session, receipts[0].record_id).account.names[0].text == "C"


def test_a_retry_under_the_same_key_gets_the_same_receipts(context, scene):
    """An answer that was lost on the way is given again, and nothing is kept twice."""
    sender = scene.caller(context.store)
    first = submit.accept(context, [scene.account(), scene.account("Lindi")], sender, "try-1")
    assert submit.accept(context, [scene.account(), scene.account("Lindi")], sender, "try-1") == first
    with context.store.read() as session:
        assert len(records.page(session, RecordFilter()).items) == 2


def test_other_content_under_the_same_key_is_a_conflict(context, scene):
    """A reused idempotency key is refused, naming the record that was kept under it."""
    sender = scene.caller(context.store)
    (kept,) = submit.accept(context, [scene.account()], sender, "try-1")
    with pytest.raises(Problem) as raised:
        submit.accept(context, [scene.account("Lindi")], sender, "try-1")
    assert raised.value.kind is CONFLICT
    assert raised.value.extra["conflicting_id"] == kept.record_id
    other = scene.caller(context.store, "shelter-forum")
    (theirs,) = submit.accept(context, [scene.account("Lindi")], other, "try-1")
    assert theirs.outcome is Outcome.CREATED


def test_all_or_none_of_a_batch_is_kept(context, scene):
    """When the database refuses one account, the others of its batch are not kept either."""
    sender = scene.caller(context.store)
    with pytest.raises(Problem):
        submit.accept(context, [scene.account(), scene.account(lat=91.0)], sender)
    with context.store.read() as session:
        assert records.page(session, RecordFilter()).items == ()


def test_many_senders_at_once_lose_and_double_nothing(context, scene):
    """Threads that send the same own ids and the same idempotency keys at once agree on one record each."""
    sender = scene.caller(context.store)
    batch = [scene.account(own_id=f"MK-{number}") for number in range(10)]
    given, failed = [], []
    start = threading.Barrier(6)

    def send(turn: int) -> None:
        start.wait()
        try:
            given.append(submit.accept(context, batch[:: 1 if turn % 2 else -1], sender))
            given.append(submit.accept(context, [scene.account("Lindi")], sender, "one-key"))
        except Problem as problem:
            failed.append(problem)

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failed == []
    with context.store.read() as session:
        assert len(records.page(session, RecordFilter()).items) == 11
    assert len({receipt.record_id for receipts in given for receipt in receipts}) == 11
