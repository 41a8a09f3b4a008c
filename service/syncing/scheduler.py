"""The scheduler: a thread of the serving process that brings sources up to date when they are due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from threading import Event, Thread

import structlog

from service.auditing.heads import Heads
from service.context import Context
from service.running import clock, tracing
from service.running.logs import told_safely
from service.sources import turns
from service.store.leases import Taken
from service.sync import within_turn
from service.syncing.every import Attempt, attempted
from service.syncing.schedule import claim

#: Seconds between two looks at the clock; schedules are kept to the minute.
EVERY_S = 20.0

log = structlog.get_logger(__name__)


def now() -> datetime:
    """Return the moment by the clock of this machine."""
    return clock.now()


class Scheduler:
    """Runs in every serving process; each source that is due is brought up to date by one of them."""

    def __init__(self, context: Context, clock: Callable[[], datetime] = now, every_s: float = EVERY_S) -> None:
        """Say by which clock, and how often it is looked at. Nothing runs yet."""
        self._context = context
        self._clock = clock
        self._every_s = every_s
        self._heads = Heads(context.store)
        self._ended = Event()
        self.thread = Thread(target=self._run, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to look at the clock."""
        self.thread.start()

    def stop(self, wait_s: float) -> None:
        """End, and wait so long for what is under way."""
        self.end()
        self.thread.join(wait_s)

    def end(self) -> None:
        """Begin nothing new; what is under way is begun again next time, where it is broken off."""
        self._ended.set()

    def look(self) -> list[Attempt]:
        """Bring up to date what is due by now and nobody else works on, and return what came of it."""
        attempts: list[Attempt] = []
        while not self._ended.is_set() and (turn := claim(self._context, self._clock())) is not None:
            attempts.append(self._attempt(turn))
        return attempts

    def _attempt(self, turn: Taken) -> Attempt:
        source = turns.source_of(turn)
        with turns.kept(self._context, turn), tracing.span("synced", source=source):
            attempt = attempted(self._context, source, lambda: within_turn(self._context, source))
        if attempt.result is None:
            log.warning("schedule.failed", source=source)  # why stands beside the source
        else:
            log.info(
                "schedule.synced", source=source, outcome=attempt.result.outcome.value, **asdict(attempt.result.effect)
            )
        return attempt

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                self._heads.tell(self._clock())
                self.look()
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("schedule.stumbled", **told_safely(error))
