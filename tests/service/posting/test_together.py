"""Keeping together: many single records at once end up as if each had been sent alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service import submit, verify
from service.errors import CONFLICT, Problem
from service.posting import together
from service.store import events, records
from service.store.filters import RecordFilter
from service.store.values import RecordState
from service.submit import Outcome
from service.verifying import judging


@pytest.fixture
def world(context, scene):
    """Publish a list that names every village but Bondeni."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    return context


@pytest.fixture
def posted(world, scene):
    """Give what makes a post of one village, by the same sender."""
    sender = scene.caller(world.store)

    def post(name, key=None, **parts):
        lat, lon = next((lat, lon) for known, lat, lon in scene.villages if known == name)
        account = scene.account(name, **{"lat": lat, "lon": lon + 0.0005} | parts)
        return submit.posted([account], sender, key)

    return post


def all_records(context):
    """Return every record that is kept."""
    with context.store.read() as session:
        return records.page(session, RecordFilter()).items


def said(record):
    """Return what is said about a record, without what differs from one time to the next."""
    told = [
        replace(one, id="", record_id="", created_at=None, certificate=None, candidates=()) for one in record.findings
    ]
    return record.account, record.state, record.verdict, record.p_absent, told, record.flag_id is not None


def test_what_is_answered_is_what_is_kept(world, posted):
    """Each answer holds the record as it can be read afterwards, verified and with its flag."""
    kept = together.keep(world, [posted("Bondeni"), posted("Lindi"), posted("Soi")])
    assert [one.record.verdict for one in kept] == ["hidden_place", "consistent", "consistent"]
    assert [one.outcome for one in kept] == [Outcome.CREATED] * 3
    assert list(all_records(world)) == [one.record for one in kept]


def test_together_as_alone(world, posted):
    """The records of a batch are told what each would be told by itself: a preview finds nothing else to say."""
    kept = together.keep(world, [posted(name) for name in ("Bondeni", "Lindi", "Soi", "Turbo")])
    alone_now = [verify.preview(world, [replace(one.record, state=RecordState.PENDING)])[0] for one in kept]
    assert [said(one) for one in alone_now] == [said(one.record) for one in kept]
    verified = verify.verify(world, [one.record.id for one in kept])
    assert verified == [one.record for one in kept]  # nothing new is found, so nothing is written


def test_what_happened_is_told_as_ever(world, posted):
    """Created by the sender, then verified by the service, then a flag raised."""
    (kept,) = together.keep(world, [posted("Bondeni")])
    with world.store.read() as session:
        told = events.about(session, "record", kept.record.id)
        flagged = events.about(session, "flag", kept.record.flag_id)
    assert [(one.kind, one.by.organisation) for one in told] == [
        ("record.created", "map-kibera"),
        ("record.verified", None),
    ]
    assert [one.kind for one in flagged] == ["flag.raised"]


def test_the_same_own_id_twice_is_one_record(world, posted):
    """Of two posts under one own id the first makes the record, and the other finds it there."""
    posts = [posted("Lindi", own_id="MK-1"), posted("Soi"), posted("Lindi", own_id="MK-1"), posted("Soi", own_id="1")]
    kept = together.keep(world, posts)
    assert [one.outcome for one in kept] == ["created", "created", "unchanged", "created"]
    assert kept[0].record.id == kept[2].record.id
    again = together.keep(world, [posted("Turbo", own_id="MK-1"), posted("Soi", own_id="1")])
    assert [(one.outcome, one.record.revision) for one in again] == [("revised", 2), ("unchanged", 1)]
    assert len(all_records(world)) == 3


def test_a_retry_is_answered_as_the_first_time_and_other_content_is_refused(world, posted):
    """An idempotency key works in company as it does alone."""
    first, neighbour = together.keep(world, [posted("Lindi", "key-1"), posted("Soi", "key-2")])
    again, other, fresh = together.keep(world, [posted("Lindi", "key-1"), posted("Soi", "key-1"), posted("Turbo")])
    assert (again.record.id, again.outcome) == (first.record.id, "created")
    assert isinstance(other, Problem)
    assert (other.kind, other.extra) == (CONFLICT, {"conflicting_id": first.record.id})
    assert [one.id for one in all_records(world)] == [first.record.id, neighbour.record.id, fresh.record.id]


def test_copies_are_set_aside_and_take_nobody_with_them(world, posted, scene):
    """Many accounts on one spot go into quarantine, as when sent one by one; another organisation's is verified."""
    stranger = scene.caller(world.store, "another-group")
    other = submit.posted([scene.account("Lindi", lat=0.518, lon=35.0)], stranger)
    kept = together.keep(world, [*(posted("Soi", own_id=f"{number}") for number in range(30)), other])
    assert kept[-1].record.state is RecordState.VERIFIED
    assert {record.state for record in all_records(world) if record.organisation == "map-kibera"} == {
        RecordState.QUARANTINED
    }


def test_one_that_breaks_the_matcher_waits_and_the_others_are_verified(world, posted, monkeypatch):
    """The failing record is kept as pending."""
    working = judging.compare

    def breaking(citizen, official, **options):
        if "Ziwa" in citizen.primary_names:
            raise ZeroDivisionError
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", breaking)
    kept = together.keep(world, [posted("Lindi"), posted("Ziwa"), posted("Soi")])
    assert [one.record.state for one in kept] == ["verified", "pending", "verified"]
    assert list(all_records(world)) == [one.record for one in kept]


def test_a_failure_while_keeping_is_tried_one_by_one(world, posted, monkeypatch):
    """What fails for one of a batch is answered to that one; all others are kept."""
    working = together.raise_flags

    def breaking(session, judged, keeping):
        if any(one.record.account.names[0].text == "Ziwa" for one in judged):
            raise ZeroDivisionError
        return working(session, judged, keeping)

    monkeypatch.setattr(together, "raise_flags", breaking)
    monkeypatch.setattr("service.verify.raise_flags", breaking)
    kept = together.keep(world, [posted("Lindi"), posted("Ziwa"), posted("Soi")])
    assert [one.record.state for one in kept] == ["verified", "pending", "verified"]
    assert sorted(record.id for record in all_records(world)) == sorted(one.record.id for one in kept)


def test_a_process_that_dies_between_comparing_and_keeping_leaves_nothing_half_kept(world, posted, monkeypatch):
    """What was acknowledged before is there, of what was not acknowledged nothing is."""
    (before,) = together.keep(world, [posted("Lindi")])

    class KilledError(BaseException):
        pass

    def dying(*_given):
        raise KilledError

    monkeypatch.setattr(together, "raise_flags", dying)
    with pytest.raises(KilledError):
        together.keep(world, [posted("Soi"), posted("Turbo")])
    assert list(all_records(world)) == [before.record]


def test_a_list_replaced_meanwhile_is_compared_anew(world, posted, scene, monkeypatch):
    """No finding is kept about a list that is no longer the present one."""
    working = judging.compare
    moved = []

    def slow(citizen, official, **options):
        if not moved:
            moved.append(scene.publish(world, scene.official(scene.villages, vintage="2026")))
        return working(citizen, official, **options)

    world.lists.current()
    monkeypatch.setattr(judging, "compare", slow)
    kept = together.keep(world, [posted("Bondeni"), posted("Lindi")])
    assert [one.record.verdict for one in kept] == ["consistent", "consistent"]
    assert {finding.snapshot for one in kept for finding in one.record.findings} == set(moved)


def test_an_account_sent_by_another_process_meanwhile_is_found(world, posted, monkeypatch):
    """An own id that became known while records were compared is corrected or unchanged, never doubled."""
    working = judging.compare
    sent = []

    def slow(citizen, official, **options):
        if not sent:
            sent.append(None)
            world.store.write(lambda session: submit.keep(session, posted("Lindi", own_id="MK-1")))
        return working(citizen, official, **options)

    monkeypatch.setattr(judging, "compare", slow)
    kept = together.keep(world, [posted("Soi", own_id="MK-1"), posted("Turbo")])
    assert [(one.outcome, one.record.revision) for one in kept] == [("revised", 2), ("created", 1)]
    assert len(all_records(world)) == 2
