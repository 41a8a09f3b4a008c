"""Leftovers: what waits though nobody works on it is settled while the service runs, not only at its next start."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from service import submit
from service.housekeeping.leftovers import Leftovers
from service.running import clock
from service.sources.turns import claim
from service.store import leases, records
from service.store.values import RecordState


def state_of(context, receipt):
    """Return where a record stands."""
    with context.store.read() as session:
        return records.get(session, receipt.record_id).state


def test_what_was_left_behind_is_settled(context, scene):
    """A record that waits at two looks in a row is compared; one that just came is left to who works on it."""
    scene.publish(context, scene.official(scene.villages))
    caller = scene.caller(context.store)
    (first,) = submit.accept(context, [scene.account("Lindi")], caller)
    leftovers = Leftovers(context)
    assert leftovers.look() == 0
    (later,) = submit.accept(context, [scene.account("Soi")], caller)
    assert leftovers.look() == 1
    assert (state_of(context, first), state_of(context, later)) == (RecordState.VERIFIED, RecordState.PENDING)


def test_what_somebody_works_on_is_left_to_them(sqlite_context, scene):
    """While a source is brought up to date its records wait by right."""
    (receipt,) = submit.accept(sqlite_context, [scene.account("Lindi")], scene.caller(sqlite_context.store))
    with sqlite_context.store.begin() as session:
        leases.take(session, "source/worldbank", claim())
    leftovers = Leftovers(sqlite_context)
    assert [leftovers.look() for _ in range(3)] == [0, 0, 0]
    assert state_of(sqlite_context, receipt) is RecordState.PENDING


def test_what_a_sync_left_behind_that_died_is_settled(context, scene):
    """Its turn ran out, so nobody works on the records any more that it was to verify again."""
    (receipt,) = submit.accept(context, [scene.account("Lindi")], scene.caller(context.store))
    with context.store.begin() as session:
        leases.take(session, "source/places", replace(claim(), at=clock.now() - timedelta(hours=1)))
    leftovers = Leftovers(context)
    assert [leftovers.look() for _ in range(2)] == [0, 1]
    assert state_of(context, receipt) is RecordState.VERIFIED
