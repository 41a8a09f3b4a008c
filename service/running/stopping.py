"""Stopping: what happens between the first signal and the end of a serving process.

First it says that it is not ready, and begins no new job; for a moment it goes on answering, until whoever sends it
requests has heard. Then it takes no more, answers what is under way, hands back the turns of its jobs, and ends. A
second signal ends it at once: what is under way then is as safe as after a power cut.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import structlog

log = structlog.get_logger(__name__)

#: Seconds that answers and jobs under way are given to finish, from when nothing new is taken.
GRACE_S = 8

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_LEAST_S = 0.2  # for which a thread is waited for, however late it is, and between two looks at the clock


class Stopping:
    """Whether the process is about to end, and by when it has to. Safe to share between threads."""

    def __init__(self, drain_s: float = 0.0, grace_s: float = GRACE_S) -> None:
        """Say for how many seconds requests are still taken after the signal, and how many all else may take then."""
        self._drain_s = drain_s
        self._grace_s = grace_s
        self._begun = threading.Event()
        self._until: float | None = None  # by the clock that never goes back
        self._told: list[Callable[[], None]] = []
        self._gave_up = False

    @property
    def begun(self) -> bool:
        """Whether the process was asked to stop."""
        return self._begun.is_set()

    @property
    def gave_up(self) -> bool:
        """Whether something was under way still when there was no time left for it."""
        return self._gave_up

    def tell(self, listener: Callable[[], None]) -> None:
        """Have something called when stopping begins. It must return at once."""
        self._told.append(listener)

    def begin(self, drain_s: float = 0.0) -> None:
        """Begin to stop; a second time changes nothing."""
        if self._begun.is_set():
            return
        self._until = time.monotonic() + drain_s + self._grace_s
        self._begun.set()
        log.info("stopping")
        for listener in self._told:
            listener()

    def hurry(self) -> None:
        """Wait for nothing any more."""
        self.begin()
        self._until = time.monotonic()
        self._gave_up = True

    def wait_for(self, thread: threading.Thread) -> None:
        """Wait until a thread ended, or there is no time left."""
        thread.join(_LEAST_S)
        while thread.is_alive() and self._until is not None and time.monotonic() < self._until:
            thread.join(_LEAST_S)
        self._gave_up |= thread.is_alive()

    @contextmanager
    def heard(self, later: Callable[[float, Callable[[], Any]], Any]) -> Iterator[None]:
        """Hear signals before the server does, for the length of the block; `later` calls something after seconds.

        The server, whose handlers stand already, is told when requests are no longer taken: for Ctrl-C at once, else
        after the seconds of draining. Outside of the main thread nothing is heard, because no signal comes there.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        servers = {sig: signal.getsignal(sig) for sig in _SIGNALS}

        def hear(sig: int, frame: FrameType | None) -> None:
            server = servers[signal.Signals(sig)]
            if not callable(server):  # nobody serves here, as in a test
                self.begin()
            elif self.begun:
                self.hurry()
                server(signal.SIGINT, frame)  # of which the server takes the second as "at once"
                server(signal.SIGINT, frame)
            else:
                drain_s = 0.0 if sig == signal.SIGINT else self._drain_s
                later(drain_s, lambda: server(sig, None))
                later(0.0, lambda: self.begin(drain_s))

        for sig in _SIGNALS:
            signal.signal(sig, hear)
        try:
            yield
        finally:
            for sig, server in servers.items():
                signal.signal(sig, server)
