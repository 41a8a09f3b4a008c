"""Pruning: old snapshots go, but none that anything rests on, and what they were stays known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from service import review, submit, verify
from service.callers.caller import Role
from service.errors import BUSY, INVALID, NOT_FOUND, Problem
from service.replay import replay
from service.review import Decision
from service.sources import turns
from service.store import events, snapshots, sources
from service.store.grounds import Ground
from service.store.values import FlagStatus
from service.syncing import pruning
from service.syncing.sizes import measure

AT = datetime(2026, 2, 1, 8, tzinfo=UTC)


@pytest.fixture
def publish(context, scene):
    """Give a function that publishes a list of a vintage and returns its sha256; Bondeni is on none."""

    def make(vintage, source="ke-villages"):
        return scene.publish(context, scene.official(scene.without("Bondeni"), source=source, vintage=vintage))

    return make


@pytest.fixture
def bondeni(context, scene):
    """Give a function that sends and verifies an account of Bondeni and returns the record."""

    def send():
        lat, lon = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")
        account = scene.account("Bondeni", own_id="B", lat=lat, lon=lon + 0.0005)
        (receipt,) = submit.accept(context, [account], scene.caller(context.store))
        return verify.verify(context, [receipt.record_id])[0]

    return send


def bondeni_with(context, send, rates):
    """Return the record of Bondeni as if its certificate had been made with these growth rates."""
    with context.store.begin() as session:  # nobody is to read rates that are in no archive
        session.execute(text("UPDATE snapshots SET connector = 'elsewhere' WHERE source = 'worldbank'"))
    record = send()
    told = f'{{"search": {{"known": {{"growth": "{rates}"}}}}}}'
    with context.store.begin() as session:
        session.execute(text("UPDATE findings SET certificate = :told"), {"told": told})
    return record


def there(context):
    """Return the snapshots that the archive holds."""
    with context.store.read() as session:
        return [one.sha256 for one in snapshots.page(session).items if context.archive.exists(one.sha256)]


def test_the_newest_stay_and_the_others_go(context, publish):
    """Of five states of one source and two of another, to three each, the two oldest of the first go, and are told."""
    one = [publish(str(year)) for year in range(2019, 2024)]
    two = [publish(str(year), "ug-villages") for year in (2019, 2020)]
    weights = {sha256: context.archive.size(sha256) for sha256 in one}
    pruned = pruning.prune(context, 3)
    assert [entry.sha256 for entry in pruned.removed] == one[:2]
    assert pruned.bytes == weights[one[0]] + weights[one[1]]
    assert pruned.kept == ()
    assert sorted(there(context)) == sorted(one[2:] + two)
    with context.store.read() as session:
        gone = snapshots.get(session, one[0])
        (event,) = events.about(session, "snapshot", one[0])
        weighing = {source.id: source.bytes for source in sources.all(session)}
    assert (gone.vintage, gone.pruned_at is not None) == ("2019", True)
    assert (event.kind, event.data) == (
        "snapshot.pruned",
        {"source": "ke-villages", "vintage": "2019", "bytes": weights[one[0]]},
    )
    assert weighing["ke-villages"] == sum(weights[sha256] for sha256 in one[2:])


def test_a_plan_changes_nothing(context, publish):
    """What would be removed is told, and everything is there still; asking twice says the same."""
    made = [publish(str(year)) for year in range(2019, 2023)]
    planned = pruning.plan(context, 1)
    assert [entry.sha256 for entry in planned.removed] == made[:3]
    assert pruning.plan(context, 1) == planned
    assert sorted(there(context)) == sorted(made)


def test_what_a_present_finding_and_its_flag_rest_on_stays(context, publish, bondeni):
    """Newer states came, but the record was compared with the first one only: its certificate can be replayed."""
    first = publish("2019")
    record = bondeni()
    second, third = publish("2020"), publish("2021")
    pruned = pruning.prune(context, 1)
    assert [entry.sha256 for entry in pruned.removed] == [second]
    ((entry, why),) = ((kept.entry.sha256, kept.why) for kept in pruned.kept)
    assert (entry, dict(why)) == (first, {Ground.FINDINGS: 1, Ground.FLAGS: 1})
    assert sorted(there(context)) == sorted([first, third])
    assert replay(context, record.findings[0].id).reproduced


def test_what_people_decided_upon_stays(context, scene, publish, bondeni):
    """A later comparison took the finding's place, but what was confirmed and published can still be shown."""
    first = publish("2019")
    record = bondeni()
    one, two = (scene.caller(context.store, "knbs", Role.PUBLISHER) for _ in range(2))
    review.decide(context, record.flag_id, Decision(FlagStatus.CONFIRMED, "field_visit"), one)
    review.decide(context, record.flag_id, Decision(FlagStatus.PUBLISHED, "release"), two)
    publish("2020")
    verify.everything(context)
    publish("2021")
    verify.everything(context)
    (kept,) = (kept for kept in pruning.prune(context, 1).kept if kept.entry.sha256 == first)
    assert Ground.DECISIONS in kept.why
    assert replay(context, record.findings[0].id).reproduced


def test_a_finding_that_holds_no_longer_and_nobody_decided_upon_keeps_nothing(context, publish, bondeni):
    """History without people in it goes with its snapshot, and a replay says that it cannot be made again."""
    first = publish("2019")
    record = bondeni()
    publish("2020")
    verify.everything(context)
    with context.store.begin() as session:  # as a flag that was raised anew by the newer state
        session.execute(text("UPDATE flags SET snapshot = (SELECT sha256 FROM snapshots WHERE current)"))
    assert [entry.sha256 for entry in pruning.prune(context, 1).removed] == [first]
    context.lists.current()
    with pytest.raises(Problem, match="cannot be read again") as raised:
        replay(context, record.findings[0].id)
    assert raised.value.kind is NOT_FOUND


def test_growth_rates_that_a_certificate_names_stay(context, scene, bondeni, publish):
    """Rates are no list and no finding names them as its snapshot, yet a certificate was made with them."""
    publish("2019")
    shas = []
    for vintage in ("old", "older than new", "new"):
        figures = scene.entry(f"{vintage:x<64}", scene.official((), source="worldbank", vintage=vintage), 0)
        with context.store.begin() as session:
            sources.configure(session, "worldbank", sources.Configuration("worldbank", "Rates", {}), AT)
            snapshots.make_current(session, replace(figures, observations=7), AT)
        shas.append(figures.sha256)
    record = bondeni_with(context, bondeni, shas[0])
    pruned = pruning.prune(context, 1)
    assert [entry.sha256 for entry in pruned.removed] == [shas[1]]
    ((entry, why),) = ((kept.entry.sha256, dict(kept.why)) for kept in pruned.kept)
    assert (entry, why) == (shas[0], {Ground.GROWTH: len(record.findings)})


def test_content_that_comes_again_is_whole_again(context, scene, publish):
    """A state that was pruned and is published anew is kept anew, present, and not marked any more."""
    first = publish("2019")
    publish("2020")
    pruning.prune(context, 1)
    assert not context.archive.exists(first)
    assert publish("2019") == first
    with context.store.read() as session:
        entry = snapshots.current(session, "ke-villages")
    assert (entry.sha256, entry.pruned_at) == (first, None)
    assert len(context.archive.get(first).places) == len(scene.villages) - 1


def test_a_run_that_was_killed_is_finished_by_the_next(context, publish):
    """What was marked and not removed is removed next time, though nothing else is old."""
    first, second = publish("2019"), publish("2020")
    with context.store.begin() as session:
        snapshots.set_pruned(session, [first, second], datetime.now(UTC))
        assert snapshots.current(session, "ke-villages").pruned_at is None
    assert pruning.prune(context, 3).removed == ()
    assert there(context) == [second]


def test_a_source_that_is_being_brought_up_to_date_is_left_alone(context, publish):
    """Pruning waits its turn, so that what a sync has just put is never removed."""
    made = [publish("2019"), publish("2020")]
    with turns.turn(context, "ke-villages"), pytest.raises(Problem) as raised:
        pruning.prune(context, 1)
    assert raised.value.kind is BUSY
    assert sorted(there(context)) == sorted(made)


def test_at_least_one_is_kept(context):
    """Nothing to compare with is no state to be in."""
    with pytest.raises(Problem, match="At least one") as raised:
        pruning.prune(context, 0)
    assert raised.value.kind is INVALID


def test_what_was_never_measured_is_measured_and_the_lost_weigh_nothing(context, scene, publish):
    """Snapshots of before sizes were kept are measured once; one that the archive lost does not stop the others."""
    known = publish("2019")
    with context.store.begin() as session:
        lost = replace(scene.entry("f" * 64, scene.official((), source="lost"), 0))
        sources.configure(session, "lost", sources.Configuration("register", "Lost", {}), lost.retrieved_at)
        snapshots.make_current(session, lost, lost.retrieved_at)
        session.execute(text("UPDATE snapshots SET bytes = NULL"))
    assert measure(context) == 2
    assert measure(context) == 0
    with context.store.read() as session:
        assert snapshots.get(session, known).bytes == context.archive.size(known)
        assert snapshots.get(session, "f" * 64).bytes == 0
