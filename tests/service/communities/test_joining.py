"""Which community goes on: the one people decided about; and which of its records speaks for it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service import submit, verify
from service.accounts.account import written
from service.communities.gathering import Group
from service.communities.joining import identities
from service.communities.speaking import Voice, speaker
from service.store import events, flags, records
from service.store.flags import Grounds, Matter
from service.store.values import FlagStatus

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def matter(community, record, *, decided=False):
    """Return a flag of a community."""
    grounds = Grounds("account", "hidden_place", None, "ke-villages", None)
    return Matter(f"flag-{community}", community, record, FlagStatus.OPEN, decided, 1, grounds, None, 0.97, NOW)


def group(**known):
    """Return records with the communities they were of."""
    return Group(tuple(known), tuple(known.values()))


@pytest.mark.parametrize(
    ("groups", "matters", "chosen"),
    [
        ([group(a="x", b="x")], [], ["x"]),
        ([group(a="x", b="y")], [], ["x"]),
        ([group(a="x", b="y")], [matter("y", "b")], ["y"]),
        ([group(a="x", b="y")], [matter("x", "a"), matter("y", "b", decided=True)], ["y"]),
        ([group(a="x"), group(b="x")], [], ["x", None]),
        ([group(a="x"), group(b="x")], [matter("x", "b")], [None, "x"]),
        ([group(a=None)], [], [None]),
        ([group(a=None, b="y")], [], ["y"]),
    ],
)
def test_a_community_goes_on_once(groups, matters, chosen):
    """The decided one before the flagged one before the oldest; where records part, where its speaker goes."""
    assert identities(groups, {each.community_id: each for each in matters}) == chosen


@pytest.mark.parametrize(
    ("voices", "present", "chosen"),
    [
        ([], None, None),
        ([("a", "hidden_place", False), ("b", "hidden_place", False)], None, "a"),
        ([("a", "hidden_place", False), ("b", "hidden_place", False)], "b", "b"),
        ([("a", "hidden_place", False), ("b", "needs_review", False)], "a", "b"),
        ([("a", "hidden_place", False), ("b", "consistent", True)], "a", "b"),
        ([("a", "consistent", True), ("b", "undercount", True)], "a", "b"),
        ([("a", "not_assessable", False), ("b", "hidden_place", False)], "a", "b"),
    ],
)
def test_who_speaks_for_a_community(voices, present, chosen):
    """One that was found on the list before any that was not, the careful before the bold, else who spoke before."""
    assert speaker([Voice(*voice) for voice in voices], present) == chosen


def test_a_third_account_joins_two_communities(context, scene):
    """Two accounts under two names become one community by one that bears both; only the older flag stays open."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")

    def sent(organisation, *names):
        account = scene.account(lat=lat, lon=lon + 0.00013, names=tuple(map(written, names)))
        (receipt,) = submit.accept(context, [account], scene.caller(context.store, organisation))
        (record,) = verify.verify(context, [receipt.record_id], [receipt.record])
        return record

    first, second = sent("one", "Bondeni"), sent("two", "Makao Mapya")
    assert first.community_id != second.community_id
    between = sent("three", "Makao Mapya", "Bondeni")
    with context.store.read() as session:
        now = records.many(session, [first.id, second.id, between.id])
        told = events.about(session, "community", second.community_id)
        statuses = {flag_id: flags.get(session, flag_id).status for flag_id in (first.flag_id, second.flag_id)}
    assert {(record.community_id, record.flag_id) for record in now} == {(first.community_id, first.flag_id)}
    assert [(event.kind, event.data) for event in told] == [("community.merged", {"into": first.community_id})]
    assert statuses == {first.flag_id: FlagStatus.OPEN, second.flag_id: FlagStatus.WITHDRAWN}


def test_verifying_again_changes_nothing(context, scene):
    """Records of one community stay together, with one flag, however often they are verified."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
    account = scene.account("Bondeni", lat=lat, lon=lon + 0.00013)
    ids = [
        receipt.record_id
        for organisation in ("one", "two", "three")
        for receipt in submit.accept(context, [account], scene.caller(context.store, organisation))
    ]
    before = verify.verify(context, ids)
    verify.everything(context)
    with context.store.read() as session:
        after = records.many(session, ids)
    assert len({record.community_id for record in before}) == 1
    assert [(one.community_id, one.flag_id) for one in after] == [(one.community_id, one.flag_id) for one in before]
