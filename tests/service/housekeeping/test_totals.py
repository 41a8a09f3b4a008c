"""Totals: who reads never waits for them; one process works them out, when something moved."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest

from service import submit, verify
from service.callers.caller import ANONYMOUS, Role
from service.housekeeping import totals
from service.housekeeping.totals import Totalling
from service.report import AWAITED, ReportScope, reading
from service.review import Decision, decide
from service.store import editions, embargoes, leases
from service.store.values import FlagStatus

WITHIN_S = 60


@pytest.fixture
def hide(sqlite_context, scene):
    """Give a function that publishes so many communities that agreed to totals only, and returns their flags."""
    scene.publish(sqlite_context, scene.official(scene.without("Bondeni")))
    sender = scene.caller(sqlite_context.store)
    people = (("knbs", Role.REVIEWER), ("desk", Role.ADMIN))
    deciding = [scene.caller(sqlite_context.store, name, role) for name, role in people]
    place = next((lat, lon) for name, lat, lon in scene.villages if name == "Bondeni")

    def published(number):
        consent = {"consent": "public_aggregate", "lat": place[0], "lon": place[1]}
        accounts = [scene.account("Bondeni", own_id=f"b{at}", **consent) for at in range(number)]
        receipts = submit.accept(sqlite_context, accounts, sender)
        flag_ids = [one.flag_id for one in verify.verify(sqlite_context, [one.record_id for one in receipts])]
        for flag_id in flag_ids:
            for status, by in zip((FlagStatus.CONFIRMED, FlagStatus.PUBLISHED), deciding, strict=True):
                decide(sqlite_context, flag_id, Decision(status, "field_visit"), by)
        return flag_ids

    return published


def public(context):
    """Return what anybody is told."""
    with reading(context, ReportScope(), ANONYMOUS) as (report, _):
        return report


def test_until_there_is_an_edition_a_report_says_that_totals_are_awaited(sqlite_context, hide):
    """Nobody waits: the report comes without these numbers, and says so; then it comes with them."""
    hide(12)
    before = public(sqlite_context)
    assert (before.totals.published(), before.limits[-1]) == (0, AWAITED)
    totals.settle(sqlite_context)
    after = public(sqlite_context)
    assert after.totals.published() in {10, 15}
    assert AWAITED not in after.limits


def test_an_edition_that_was_superseded_is_told_no_more_at_once(sqlite_context, hide):
    """From the withdrawal on nothing is told, in this process and in every other, until the next edition."""
    hide(12)
    totals.settle(sqlite_context)
    assert public(sqlite_context).totals.published()
    sqlite_context.store.write(lambda session: editions.supersede(session, datetime.now(UTC)))
    told = public(sqlite_context)
    assert (told.totals.published(), told.limits[-1]) == (0, AWAITED)


def test_nothing_is_worked_out_again_unless_something_moved(sqlite_context, hide):
    """A look after nothing happened works nothing out; one after a withdrawal, a decision or the like does."""
    flag_ids = hide(2)
    looking = Totalling(sqlite_context)
    assert looking.look()
    looking._rests_until = 0.0  # as if a while had passed
    assert not looking.look()
    sqlite_context.store.write(
        lambda session: embargoes.set_until(session, flag_ids[0], datetime.now(UTC) + timedelta(days=1))
    )
    assert looking.look()


def test_the_end_of_an_embargo_moves_the_mark(sqlite_context, hide):
    """What opens by the clock alone is counted soon after, not the next day."""
    (flag_id,) = hide(1)
    until = datetime.now(UTC) + timedelta(seconds=0.5)
    sqlite_context.store.write(lambda session: embargoes.set_until(session, flag_id, until))

    def mark():
        with sqlite_context.store.read() as session:
            return embargoes.mark(session)

    before = mark()
    assert before == (0, until)
    deadline = time.monotonic() + WITHIN_S
    while mark() == before and time.monotonic() < deadline:
        time.sleep(0.05)
    assert mark() == (1, None)


def test_an_edition_waits_for_ten_times_as_long_as_the_last_one_took(sqlite_context, hide):
    """However much moves, at most a tenth of one core works on totals."""
    hide(1)
    looking = Totalling(sqlite_context)
    assert looking.look()
    looking._known = None
    looking._rests_until = time.monotonic() + WITHIN_S
    assert not looking.look()


def leader(context):
    """Return who leads."""
    with context.store.read() as session:
        found = leases.get(session, totals.LEASE)
    return found.holder if found else None


def until(condition):
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + WITHIN_S
    while not (found := condition()) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def test_of_several_processes_one_works_and_another_follows_it(context):
    """The second does nothing as long as the first leads, and takes over when it ends."""
    first, second = (Totalling(context, every_s=0.02) for _ in range(2))
    first.start()
    leading = until(lambda: leader(context))
    second.start()
    assert until(lambda: not public(context).totals.pending)
    assert leader(context) == leading
    first.end()
    first.thread.join(WITHIN_S)
    assert until(lambda: leader(context) not in {None, leading})
    second.end()
    second.thread.join(WITHIN_S)
    assert leader(context) is None
    assert not {one.name for one in threading.enumerate()} & {"totals", "turn"}
