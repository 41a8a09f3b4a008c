"""The clock of a process never goes back, whatever becomes of the machine's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.running.clock import BELIEVED, Clock

START = datetime(2026, 3, 29, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Machine:
    """A machine whose clock is set by hand, and whose seconds go on by themselves."""

    def __init__(self) -> None:
        """Begin at three o'clock."""
        self.at, self.seconds = START, 0.0
        self.clock = Clock(self.wall, lambda: self.seconds)

    def wall(self) -> float:
        """Return what its clock says, seconds since 1970."""
        return self.at.timestamp()

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.at += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def machine() -> Machine:
    """Give a machine."""
    return Machine()


def test_moments_are_those_of_the_machine(machine):
    """As long as nobody sets it, the clock says what the machine's says, also when that is put forward."""
    machine.later(90)
    assert machine.clock.now() == START + timedelta(seconds=90)
    machine.at += HOUR
    assert machine.clock.now() == START + timedelta(seconds=90) + HOUR


def test_moments_never_go_back(machine):
    """Set back by an hour, the clock goes on at half the speed, until the machine's has caught up after two."""
    machine.later(60)
    before = machine.clock.now()
    machine.at -= HOUR
    moments = []
    for _ in range(130):
        machine.later(60)
        moments.append(machine.clock.now())
    assert moments == sorted(moments)
    assert moments[0] == before + timedelta(seconds=30)
    assert moments[-1] == machine.at


def test_a_clock_that_was_plainly_wrong_is_not_gone_on_from(machine):
    """Nobody waits for ten years because the clock was once ahead by them."""
    machine.at += timedelta(days=3650)
    machine.clock.now()
    machine.at -= timedelta(days=3650)
    assert machine.clock.now() == START


@pytest.mark.parametrize(("ahead", "goes_on"), [(HOUR, True), (-HOUR, False), (BELIEVED + HOUR, False)])
def test_a_new_process_goes_on_from_the_last_moment_kept(machine, ahead, goes_on):
    """What was kept an hour ahead is gone on from; what lies behind, or days ahead, is not."""
    machine.clock.not_before(START + ahead)
    assert machine.clock.now() == (START + ahead if goes_on else START)
