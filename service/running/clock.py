"""The clock: what time it is, in a process in which that never goes back.

A machine's clock is set: by a time server that corrects it, or by hand, when it was an hour or a year wrong. Whoever
asks for what changed since a moment would then miss what changed after it. So a process goes on from the latest moment
it knows, at half the speed, until the machine's clock has caught up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

#: How far a moment that was kept may lie ahead of the machine's clock and still be gone on from. One that is further
#: ahead was kept by a clock that was plainly wrong, and nobody waits for years until it is right again.
BELIEVED = timedelta(days=1)


class Clock:
    """Moments in UTC that never go back. Safe to share between threads."""

    def __init__(self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic) -> None:
        """Take the machine's clock, seconds since 1970, and one that only ever goes forward."""
        self._wall = wall
        self._steady = steady
        self._last = wall()
        self._at = steady()
        self._lock = Lock()

    def now(self) -> datetime:
        """Return the moment."""
        with self._lock:
            wall, steady = self._wall(), self._steady()
            self._last = max(wall, self._last + (steady - self._at) / 2)
            if self._last - wall > BELIEVED.total_seconds():
                self._last = wall
            self._at = steady
            return datetime.fromtimestamp(self._last, UTC)

    def not_before(self, moment: datetime) -> None:
        """Go on from a moment that was kept, unless it lies too far ahead to be believed."""
        with self._lock:
            ahead = moment.timestamp() - self._wall()
            if 0 < ahead <= BELIEVED.total_seconds():
                self._last = max(self._last, moment.timestamp())


CLOCK = Clock()


def now() -> datetime:
    """Return the moment by the clock of this process."""
    return CLOCK.now()
