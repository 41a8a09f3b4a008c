"""Keeping layers: of each audience that asked lately, the flags it sees, never older than the question.

To read a hundred thousand flags through the redactor takes most of a minute; a map asks for twenty tiles at once. So a
layer is read once, beside the answers, and then only what moved is read again. Whoever asks is given nothing that was
read before they asked and moved since: what is withdrawn, held or decided otherwise is gone from the next answer on.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

import structlog

from geodata import sensitivity
from geodata.tags import tagging
from service.callers.caller import ANONYMOUS, Caller
from service.layers.layer import Layer
from service.layers.reading import Read, brought_up, read
from service.running.logs import told_safely
from service.store import moved
from service.store.engine import Store
from service.store.moved import Mark

log = structlog.get_logger(__name__)

#: Audiences whose layers are kept, beside that of everybody: of 100,000 flags each takes about 130 MB.
_AUDIENCES = 4

#: Seconds after which a layer is read anew although nothing told that it moved: embargoes end, and limits in time do.
_AGE_S = 60.0

#: Times as long as reading took, for which the next reading for that reason waits.
_RESTING = 20


class _Ended(Exception):
    """The process ends before the layer is read."""


@dataclass(eq=False)
class _Held:
    """What is kept for one audience."""

    read: Read | None = None
    at: float = 0.0  # when it was last read as a whole
    took: float = 0.0
    rules: Hashable = None  # in force when it was read
    failed: Exception | None = None
    working: bool = False
    lock: Lock = field(default_factory=Lock)


class Layers:
    """The layers of one process. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        """Hold nothing yet."""
        self._store = store
        self._held: OrderedDict[Caller, _Held] = OrderedDict()
        self._reading: set[Thread] = set()
        self._lock = Lock()
        self._ended = Event()

    def now(self) -> Mark:
        """Return up to where a layer has to be read that answers a question asked now."""
        with self._store.read() as session:
            return moved.mark(session)

    def of(self, caller: Caller, asked: Mark) -> Layer | None:
        """Return what a caller sees, None while that is still being read: ask again a moment later.

        Raises what reading raised, once for each time it was tried.
        """
        held = self._of(caller)
        with held.lock:
            if held.failed is not None:
                failed, held.failed = held.failed, None
                raise failed
            fresh = held.read is not None and held.rules == _rules() and _reaches(held.read.mark, asked)
            if not held.working and (not fresh or time.monotonic() > held.at + max(_AGE_S, _RESTING * held.took)):
                held.working = True
                self._begin(caller, held, whole=fresh)
            return held.read.layer if fresh and held.read is not None else None

    def end(self) -> None:
        """Give up what is being read."""
        self._ended.set()

    @property
    def threads(self) -> tuple[Thread, ...]:
        """Those that read, for whoever waits until nothing does."""
        with self._lock:
            return tuple(self._reading)

    def _begin(self, caller: Caller, held: _Held, *, whole: bool) -> None:
        thread = Thread(target=self._work, args=(caller, held), kwargs={"whole": whole}, name="layer", daemon=True)
        with self._lock:
            thread.start()
            self._reading = {one for one in self._reading if one.is_alive()} | {thread}

    def _of(self, caller: Caller) -> _Held:
        with self._lock:
            held = self._held.setdefault(caller, _Held())
            if caller != ANONYMOUS:
                self._held.move_to_end(caller)
            others = [one for one in self._held if one != ANONYMOUS]
            for one in others[:-_AUDIENCES]:
                del self._held[one]
            return held

    def _work(self, caller: Caller, held: _Held, *, whole: bool) -> None:
        """Bring a layer up to date, or read all of it."""
        rules, begun = _rules(), time.monotonic()
        found, failed = None, None
        try:
            before = None if whole or held.rules != rules else held.read
            found = brought_up(self._store, caller, before) if before is not None else None
            again = found is None
            found = found or read(self._store, caller, self._on)
        except _Ended:
            again = False
        except Exception as error:  # noqa: BLE001 - whoever waits for it is told, and the next one tries again
            log.warning("layers.stumbled", **told_safely(error))
            again, failed = False, error
        with held.lock:
            if again:
                held.at, held.took = time.monotonic(), time.monotonic() - begun
            if found is not None:
                held.read, held.rules = found, rules
            held.failed, held.working = failed, False

    def _on(self) -> None:
        if self._ended.is_set():
            raise _Ended


def _reaches(mark: Mark, asked: Mark) -> bool:
    """Return whether a layer that was read up to a mark holds all that there was at another."""
    if mark.event != asked.event:
        return mark.event > asked.event
    return asked.placed_at is None or (
        mark.placed_at is not None and mark.placed_at >= asked.placed_at and mark.placed >= asked.placed
    )


def _rules() -> Hashable:
    """Return what moves when flags are shown by other rules."""
    return sensitivity.in_force().digest, tagging.digest()
