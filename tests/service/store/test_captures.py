"""Captures: what people said about pairs that the machine had linked, whatever findings followed."""

from __future__ import annotations

from service import verify
from service.callers.caller import Role
from service.review import Decision, decide
from service.ruling import Rulings
from service.store import captures, records
from service.store.captures import Judged
from service.store.filters import RecordFilter
from service.store.values import FlagStatus
from service.submit import accept


def judged(context):
    """Return what was judged of the one list."""
    with context.store.read() as session:
        return captures.judged(session, "ke-villages")


def test_links_of_the_machine_are_counted_by_the_latest_answer(context, scene):
    """A community missing from one release and linked with the next: confirmed, then ruled out."""
    scene.publish(context, scene.official(scene.without("Bondeni")))
    absent = scene.account("Bondeni", lat=0.536, lon=35.0)
    accept(context, [absent], scene.caller(context.store))
    verify.pending(context)
    with context.store.read() as session:
        (found,) = captures.captures(session, RecordFilter(country="KEN"), "ke-villages")
    assert (found.matched, found.verdict, found.status) == (False, "hidden_place", FlagStatus.OPEN)
    scene.publish(context, scene.official(scene.villages, vintage="2020"))
    with context.store.begin() as session:
        records.set_pending(session)
    verify.pending(context)
    with context.store.read() as session:
        (found,) = captures.captures(session, RecordFilter(country="KEN"), "ke-villages")
        (record,) = records.page(session, RecordFilter()).items
        assert captures.organisations(session) == {"map-kibera"}
    assert found.matched
    assert judged(context) == Judged(0, 0)
    reviewer = scene.caller(context.store, "office", Role.REVIEWER)
    same = Decision(
        FlagStatus.MATCHED_EXISTING, "field_visit", rulings=Rulings(same=found.official_id, source="ke-villages")
    )
    opened = Decision(FlagStatus.OPEN, "field_visit")
    other = Decision(
        FlagStatus.IN_REVIEW, "field_visit", rulings=Rulings(different=(found.official_id or "",), source="ke-villages")
    )
    decide(context, record.flag_id, opened, reviewer)
    decide(context, record.flag_id, same, reviewer)
    assert judged(context) == Judged(1, 0)
    decide(context, record.flag_id, other, reviewer)
    assert judged(context) == Judged(0, 1)
