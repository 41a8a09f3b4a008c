"""Schedules: each source that is due is brought up to date once, whoever looks at the clock."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from connectors.errors import ConnectorError
from service import sync
from service.context import Context, close, open_context
from service.errors import INVALID, NOT_FOUND, Problem
from service.sources import fetching, turns
from service.store import events, leases, sources
from service.syncing.schedule import ATTEMPTS, claim, set_schedule, upcoming
from service.syncing.scheduler import Scheduler
from service.syncing.upkeep import upkeep

SUNDAY = datetime(2026, 11, 22, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
WEEK = timedelta(days=7)


class Clock:
    """A clock that is set by hand."""

    def __init__(self, at: datetime) -> None:
        """Begin somewhere."""
        self.at = at

    def __call__(self) -> datetime:
        """Return the moment."""
        return self.at


@pytest.fixture
def fetched(monkeypatch):
    """Let every fetch fail quietly, and give the list of the sources that were asked."""
    asked: list[str] = []

    class Noting:
        name, title, needs = "noting", "Noting", {}

        def fetch(self, _client, request):
            asked.append(request["source"])
            msg = "nothing there"
            raise ConnectorError(msg, source=request["source"], hint="try later")

    monkeypatch.setattr(fetching.catalogue, "connector", lambda _name: Noting())
    return asked


@pytest.fixture
def followed(context, fetched):
    """Follow two sources."""
    for name in ("a", "b"):
        sync.configure(context, name, "noting")
    return fetched


def with_general(context: Context, expression: str | None) -> Context:
    """Return the context with a schedule for all sources."""
    settings = context.settings.model_copy(update={"sync_schedule": expression})
    return Context(settings, context.store, context.archive, context.lists)


def test_nothing_runs_unless_it_is_scheduled(context, followed):
    """Off by default: years may pass."""
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock)
    for _ in range(3):
        assert scheduler.look() == []
        clock.at += 500 * WEEK
    assert followed == []
    assert upcoming(context, SUNDAY) == {}


def test_a_source_runs_when_it_is_due_and_not_before(context, followed):
    """Mondays at 03:00: not on Sunday, once on Monday however often the clock is looked at, and again in a week."""
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock)
    assert scheduler.look() == []
    assert upcoming(context, SUNDAY) == {"a": ("0 3 * * 1", MONDAY)}
    for at, runs in ((MONDAY - timedelta(seconds=1), 0), (MONDAY, 1), (MONDAY + timedelta(hours=5), 1)):
        clock.at = at
        scheduler.look()
        assert len(followed) == runs, at
    clock.at = MONDAY + WEEK
    (attempt,) = scheduler.look()
    assert (attempt.source, attempt.stopped, followed) == ("a", "nothing there", ["a", "a"])
    with context.store.read() as session:
        assert "nothing there" in sources.get(session, "a").last_error


def test_what_was_missed_while_nothing_ran_is_made_up_for_once(context, followed):
    """After three weeks without a process one sync follows, not three."""
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock)
    scheduler.look()
    clock.at = MONDAY + 3 * WEEK + timedelta(hours=1)
    scheduler.look()
    scheduler.look()
    assert followed == ["a"]
    assert upcoming(context, clock.at)["a"][1] == MONDAY + 4 * WEEK


def test_a_clock_that_was_far_ahead_stops_nothing(context, followed):
    """Due in ten years by a clock that was wrong, a source is due by the right one again; set back an hour, as before.

    What ran within that hour does not run twice.
    """
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(MONDAY + 520 * WEEK)
    scheduler = Scheduler(context, clock)
    scheduler.look()
    clock.at = SUNDAY
    scheduler.look()
    assert upcoming(context, SUNDAY)["a"][1] == MONDAY
    clock.at = MONDAY
    scheduler.look()
    for back in (timedelta(hours=1), timedelta(seconds=1), timedelta(0)):
        clock.at = MONDAY - back
        scheduler.look()
    assert followed == ["a"]


def test_the_schedule_of_the_settings_holds_for_all_but_those_with_their_own(context, followed):
    """A source may be off or have other hours; taking the setting away stops the rest."""
    set_schedule(context, "b", "off")
    clock = Clock(SUNDAY)
    scheduled = with_general(context, "0 3 * * *")
    Scheduler(scheduled, clock).look()
    clock.at = MONDAY
    Scheduler(scheduled, clock).look()
    assert followed == ["a"]
    set_schedule(context, "b", None)
    clock.at = MONDAY + timedelta(hours=1)
    Scheduler(scheduled, clock).look()
    clock.at = MONDAY + timedelta(days=1)
    Scheduler(scheduled, clock).look()
    assert followed == ["a", "a", "b"]
    clock.at = MONDAY + WEEK
    Scheduler(context, clock).look()
    assert followed == ["a", "a", "b"]


def test_a_changed_schedule_holds_from_its_change(context, followed):
    """What would have been due by the old one is not run."""
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock)
    scheduler.look()
    set_schedule(context, "a", "0 5 1 * *")
    clock.at = MONDAY + timedelta(hours=1)
    assert scheduler.look() == []
    assert upcoming(context, clock.at)["a"][1] == datetime(2026, 12, 1, 5, tzinfo=UTC)
    assert followed == []


def test_of_many_workers_one_brings_each_source(context, followed):
    """Eight workers, each with its own connections, look at the same moment: every source is fetched once."""
    for name in ("a", "b"):
        set_schedule(context, name, "0 3 * * 1")
    clock = Clock(SUNDAY)
    Scheduler(context, clock).look()
    workers = [open_context(context.settings) for _ in range(8)]
    try:
        for week in range(3):
            clock.at = MONDAY + week * WEEK
            together = threading.Barrier(len(workers))

            def look(worker: Context, together: threading.Barrier = together) -> None:
                together.wait(10)
                Scheduler(worker, clock).look()

            threads = [threading.Thread(target=look, args=(worker,)) for worker in workers]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
            assert sorted(followed) == sorted(["a", "b"] * (week + 1))
    finally:
        for worker in workers:
            close(worker)


def test_who_syncs_by_hand_at_the_due_moment_is_not_doubled(context, followed):
    """A source that somebody is at work on is not taken, and not made up for afterwards."""
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock)
    scheduler.look()
    clock.at = MONDAY
    with turns.turn(context, "a"):
        assert scheduler.look() == []
    assert scheduler.look() == []
    assert followed == []


def test_a_scheduled_sync_that_died_is_begun_again_but_not_for_ever(context, followed):
    """A process killed over it is followed by another one, three times in all; then the next moment is waited for."""
    set_schedule(context, "a", "0 3 1 1 *")
    clock = Clock(datetime.now(UTC))
    scheduler = Scheduler(context, clock)
    scheduler.look()
    tries = 0
    with context.store.begin() as session:
        turns.take(session, "a")
    for _ in range(2 * ATTEMPTS):
        with context.store.begin() as session:
            lease = turns.under_way(session)["a"]
            leases.renew(session, lease, datetime.now(UTC) - timedelta(seconds=1))
        assert upkeep(context)["a"].broken_off_at == lease.since
        tries += claim(context, clock()) is not None  # and dies
    assert tries == ATTEMPTS - 1
    with context.store.read() as session:
        told = [event.kind for event in events.about(session, "source", "a")]
    assert told.count("source.sync_broken_off") == tries
    assert followed == []


def test_a_stopped_scheduler_begins_nothing(context, followed):
    """Stopping ends the thread, and what is due then waits for the next start."""
    set_schedule(context, "a", "* * * * *")
    clock = Clock(SUNDAY)
    scheduler = Scheduler(context, clock, every_s=0.01)
    scheduler.start()
    scheduler.stop(10)
    clock.at = MONDAY
    assert scheduler.look() == []
    assert followed == []


def test_the_thread_keeps_looking_when_a_look_fails(context, followed, monkeypatch):
    """A database that is away for a moment does not end the schedule."""
    set_schedule(context, "a", "0 3 * * 1")
    clock = Clock(SUNDAY)
    Scheduler(context, clock).look()
    clock.at = MONDAY
    scheduler = Scheduler(context, clock, every_s=0.01)
    real, ran, failed = scheduler.look, threading.Event(), []

    def look():
        if not failed:
            failed.append(True)
            raise OSError
        real()
        ran.set()

    monkeypatch.setattr(scheduler, "look", look)
    scheduler.start()
    assert ran.wait(30)
    scheduler.stop(10)
    assert followed == ["a"]


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("every day", "2 fields"),
        ("61 * * * *", "bad minute"),
        ("0 3 */20 * 1L", "never comes"),
        ("0 0 3 * * 1", "6 fields"),
        ("0 3 * * mondays", "bad day-of-week"),
    ],
)
def test_what_is_no_schedule_says_how_one_is_written(context, followed, expression, said):
    """A wrong expression is refused when it is given, for a source as for all."""
    assert followed == []
    with pytest.raises(Problem, match=said) as raised:
        set_schedule(context, "a", expression)
    assert raised.value.kind is INVALID
    assert "0 3 * * 1" in raised.value.detail
    with pytest.raises(Problem, match="UNCOUNTED_SYNC_SCHEDULE"):
        open_context(context.settings.model_copy(update={"sync_schedule": expression}))


def test_only_configured_sources_are_scheduled(context):
    """A misspelt name is told."""
    with pytest.raises(Problem) as raised:
        set_schedule(context, "nowhere", "0 3 * * mon")
    assert raised.value.kind is NOT_FOUND
