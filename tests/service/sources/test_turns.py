"""Turns: one process at a time, and what a process died over is told and taken up."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from service.errors import BUSY, Problem
from service.sources import turns
from service.store import events, leases
from service.store.leases import Claim, Taken

ROOT = Path(__file__).parents[3]


def test_only_one_is_at_work_on_a_source(context):
    """A second one is told since when the first is; another source, or a later moment, is free."""
    with turns.turn(context, "worldbank") as first:
        assert first.broken_off is None
        with pytest.raises(Problem, match="at work on worldbank since") as raised, turns.turn(context, "worldbank"):
            pass
        with turns.turn(context, "census"):
            pass
    assert raised.value.kind is BUSY
    with turns.turn(context, "worldbank"):
        pass
    with context.store.read() as session:
        assert turns.under_way(session) == {}


def test_a_turn_ends_when_the_work_fails(context):
    """An error lets go of the turn as the end of the work does."""
    with pytest.raises(ZeroDivisionError), turns.turn(context, "worldbank"):
        raise ZeroDivisionError
    with context.store.read() as session:
        assert turns.under_way(session) == {}


def test_a_killed_process_is_told_and_its_work_taken_up(context):
    """Who comes next takes it over at once and learns when it began; the audit says so too."""
    dying = (
        "import os, sys\nfrom service.context import open_context\n"
        "from service.configuration.settings import Settings\nfrom service.sources import turns\n"
        "context = open_context(Settings(data_dir=sys.argv[1], database_url=sys.argv[2]))\n"
        "with turns.turn(context, 'worldbank'):\n    os._exit(9)\n"
    )
    url = context.store.url.render_as_string(hide_password=False)
    words = [sys.executable, "-c", dying, str(context.settings.data_dir), url]
    assert subprocess.run(words, cwd=ROOT, timeout=60, check=False).returncode == 9  # noqa: S603 - our own code
    with context.store.read() as session:
        (left,) = turns.under_way(session).values()
    assert left.until > datetime.now(UTC)  # and nobody waits for that: its process is seen to be gone
    with turns.turn(context, "worldbank") as taken:
        assert taken.broken_off == left.since
        assert taken.lease.attempts == 2
    with context.store.read() as session:
        (event,) = events.about(session, "source", "worldbank")
    assert (event.kind, event.data["attempt"]) == ("source.sync_broken_off", 2)


def test_a_turn_is_renewed_while_the_work_lasts(context, monkeypatch):
    """The lease of a living holder never runs out."""
    monkeypatch.setattr(turns, "_RENEWED_EVERY_S", 0.01)
    with turns.turn(context, "worldbank") as taken:
        for _ in range(1000):
            with context.store.read() as session:
                lease = leases.get(session, taken.lease.name)
            if lease.until > taken.lease.until:
                break
    assert lease.until > taken.lease.until
    assert lease.since == taken.lease.since


def test_who_was_taken_over_neither_renews_nor_releases(store):
    """A machine that slept through its lease does not disturb who works now."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    minute = timedelta(minutes=1)
    with store.begin() as session:
        old = leases.take(session, "source/a", Claim("old", at, minute))
        new = leases.take(session, "source/a", Claim("new", at + 2 * minute, minute))
        assert isinstance(old, Taken)
        assert isinstance(new, Taken)
        leases.renew(session, old.lease, at + 9 * minute)
        leases.release(session, old.lease)
        assert leases.get(session, "source/a") == new.lease
        assert (new.broken_off, new.lease.attempts) == (at, 2)


def test_names_of_sources_are_no_patterns(context):
    """An underscore in a source's name stands for itself."""
    with turns.turn(context, "a_b"), turns.turn(context, "axb"), context.store.read() as session:
        assert set(turns.under_way(session)) == {"a_b", "axb"}
        assert session.execute(text("SELECT count(*) FROM leases")).scalar_one() == 2


def test_a_process_elsewhere_that_died_is_taken_over_when_its_lease_ran_out(context):
    """Whether a process of another machine lives cannot be seen: it is waited for, as long as its lease says."""
    elsewhere = Claim("another-machine:17:4711:0", datetime.now(UTC), turns.LASTING)
    with context.store.begin() as session:
        left = leases.take(session, "source/worldbank", elsewhere).lease
    with pytest.raises(Problem, match="killed"), turns.turn(context, "worldbank"):
        pass
    with context.store.begin() as session:
        leases.renew(session, left, datetime.now(UTC) - timedelta(seconds=1))
    with turns.turn(context, "worldbank") as taken:
        assert taken.broken_off == left.since


def test_a_lease_of_before_the_clock_was_set_back_keeps_nobody_out(context):
    """Held until an hour from now it was renewed last by a clock that was an hour ahead: its holder died since."""
    ahead = Claim("another-machine:17:4711:0", datetime.now(UTC) + timedelta(hours=1), turns.LASTING)
    with context.store.begin() as session:
        leases.take(session, "source/worldbank", ahead)
    with turns.turn(context, "worldbank") as taken:
        assert taken.broken_off is not None
