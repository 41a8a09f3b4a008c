"""How long a system takes from two tables to its answers: the median of three where it is quick."""

from __future__ import annotations

import time
from collections.abc import Callable

from bench.peers.task import Answers, Timed

#: A quick answer is timed so often, a slow one once.
TIMES, QUICK_S = 3, 20.0


def timed(answer: Callable[[], Answers], made_by: str) -> Timed:
    """Ask once, and again where that was quick; the answers are those of the last time."""
    seconds: list[float] = []
    while not seconds or (len(seconds) < TIMES and seconds[0] < QUICK_S):
        started = time.perf_counter()
        answers = answer()
        seconds.append(time.perf_counter() - started)
    return Timed(answers, seconds, made_by)
