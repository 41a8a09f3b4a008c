"""Leading: of several who would, one looks at its pace; whoever fails or ends makes room for another."""

from __future__ import annotations

import threading
import time
from threading import Thread

import pytest

from service.housekeeping.leading import Pace, lead
from service.store import leases

WITHIN_S = 60
NAME = "test-lead"


@pytest.fixture
def leading(context):
    """Give a function that begins to lead in a thread, and ends all of them afterwards."""
    begun = []

    def begin(look, every_s=0.02):
        pace = Pace(every_s)
        thread = Thread(target=lead, args=(context, NAME, pace, look), daemon=True)
        begun.append((pace, thread))
        thread.start()
        return pace, thread

    yield begin
    for pace, thread in begun:
        pace.end()
        thread.join(WITHIN_S)
    with context.store.read() as session:
        assert leases.get(session, NAME) is None
    assert "turn" not in {one.name for one in threading.enumerate()}


def until(condition):
    """Wait until something holds."""
    deadline = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_one_looks_and_another_follows_when_it_ends(leading):
    """Nobody else looks as long as the first leads; the lead passes on once it ended."""
    looks = {"first": 0, "second": 0}

    def looking(name):
        return lambda: looks.update({name: looks[name] + 1})

    pace, thread = leading(looking("first"))
    until(lambda: looks["first"] >= 2)
    leading(looking("second"))
    before = looks["first"]
    until(lambda: looks["first"] > before + 2)
    assert looks["second"] == 0
    pace.end()
    thread.join(WITHIN_S)
    until(lambda: looks["second"] >= 2)


def test_who_fails_makes_room(leading):
    """A look that fails gives up the lead: another has it, and this one goes on trying."""
    failed, looked = [], threading.Event()

    def fail():
        failed.append(1)
        raise ZeroDivisionError

    leading(fail)
    until(lambda: len(failed) >= 2)
    leading(looked.set)
    assert looked.wait(WITHIN_S)


def test_who_is_woken_looks_at_once(leading):
    """A pace of an hour is no obstacle to whoever is woken, nor to the end."""
    looks = []
    pace, thread = leading(lambda: looks.append(1), every_s=3600)
    for number in (1, 2):
        pace.wake()
        until(lambda number=number: len(looks) >= number)
    pace.end()
    thread.join(WITHIN_S)
    assert not thread.is_alive()
