"""Holders: whether a process that holds something still lives."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from service.running import holders

ROOT = Path(__file__).parents[3]
NAMED = "from service.running import holders; print(holders.name(), flush=True); input()"


def test_a_process_is_seen_to_live_and_to_be_gone():
    """As long as it lives its name is that of a living one; as soon as it was killed it is not."""
    words = [sys.executable, "-c", NAMED]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True) as process:  # noqa: S603 - ours
        name = process.stdout.readline().strip()
        alive = holders.gone(name)
        process.kill()
        process.wait()
    assert (alive, holders.gone(name)) == (False, True)


def test_another_process_of_the_same_number_is_not_the_holder():
    """Numbers of processes are given out again: when it began tells them apart."""
    machine, pid, started, rest = holders.name().split(":")
    assert not holders.gone(f"{machine}:{pid}:{started}:{rest}")
    assert holders.gone(f"{machine}:{pid}:{int(started) - 1}:{rest}")


def test_nothing_is_known_of_other_machines():
    """A holder elsewhere, or one that a version before named, is never said to be gone."""
    _, _, started, rest = holders.name().split(":")
    assert not holders.gone(f"elsewhere:{2**22 + 1}:{started}:{rest}")
    assert not holders.gone(f"{os.uname().nodename}:{2**22 + 1}:0123456789abcdef0123456789abcdef")
