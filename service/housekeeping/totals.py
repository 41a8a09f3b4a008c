"""Totals: the next edition of what outsiders are told of hidden communities, worked out beside the answers.

One process of all that serve a database leads: it holds a lease for as long as it lives, looks whether anything moved,
and works out what there is to tell then. Where it dies, another takes over and works it out anew.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from threading import Thread

import structlog

from service.context import Context
from service.disclosure import hidden
from service.housekeeping.leading import Pace, lead

#: Seconds between two looks at whether anything moved.
EVERY_S = 5.0

#: Times as long as the last edition took, for which the next one waits: a tenth of one core at most.
_RESTING = 10

#: Whoever holds this lease works totals out; the others leave it alone.
LEASE = "totals"

log = structlog.get_logger(__name__)


class _Ended(Exception):
    """The process ends before the edition is worked out."""


def settle(context: Context) -> None:
    """Work out now what is to be told, in this thread, and return when it is kept."""
    hidden.work_out(context.store)


class Totalling:
    """Runs in every serving process; one of them works."""

    def __init__(self, context: Context, every_s: float = EVERY_S) -> None:
        """Say how often it looks. Nothing runs yet."""
        self._context = context
        self._pace = Pace(every_s)
        self._known: Hashable = None
        self._rests_until = 0.0
        self.thread = Thread(target=self._run, name="totals", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self.thread.start()

    def end(self) -> None:
        """Give up what is under way: whoever serves next works it out."""
        self._pace.end()

    def look(self) -> bool:
        """Work out the next edition if anything moved since the last look, and return whether it was worked out.

        An edition that was worked out while something moved is kept, and is followed by another one.
        """
        with self._context.store.read() as session:
            mark = hidden.moved(session)
        if mark == self._known or time.monotonic() < self._rests_until:
            return False
        begun = time.monotonic()
        try:
            found = hidden.work_out(self._context.store, self._on)
        except _Ended:
            return False
        took = time.monotonic() - begun
        self._rests_until = begun + took * (1 + _RESTING)
        if found.allowed:
            self._known = mark
            log.info("totals.worked_out", edition=found.release_id, seconds=round(took, 3))
        return True

    def _on(self) -> None:
        if self._pace.ended:
            raise _Ended

    def _run(self) -> None:
        lead(self._context, LEASE, self._pace, self.look)
