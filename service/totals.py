"""Totals: the next edition of what outsiders are told of hidden communities, worked out beside the answers.

One process of all that serve a database leads: it holds a lease for as long as it lives, looks whether anything moved,
and works out what there is to tell then. Where it dies, another takes over and works it out anew.
"""

from __future__ import annotations

import time
from collections.abc import Hashable
from threading import Event, Thread

import structlog

from service import turns
from service.context import Context
from service.disclosure import hidden
from service.logs import told_safely
from service.store import leases
from service.store.leases import Taken

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
        self._every_s = every_s
        self._known: Hashable = None
        self._rests_until = 0.0
        self._ended = Event()
        self.thread = Thread(target=self._run, name="totals", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self.thread.start()

    def end(self) -> None:
        """Give up what is under way: whoever serves next works it out."""
        self._ended.set()

    def look(self) -> bool:
        """Work out the next edition if anything moved since the last look, and return whether it did.

        An edition that was worked out while something moved is kept, and is followed by another one.
        """
        with self._context.store.read() as session:
            mark = hidden.moved(session)
        if mark == self._known or time.monotonic() < self._rests_until:
            return False
        begun = time.monotonic()
        found = hidden.work_out(self._context.store, self._on)
        took = time.monotonic() - begun
        self._rests_until = begun + took * (1 + _RESTING)
        if found.allowed:
            self._known = mark
            log.info("totals.worked_out", edition=found.release_id, seconds=round(took, 3))
        return True

    def _on(self) -> None:
        if self._ended.is_set():
            raise _Ended

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                taken = self._taken()
                if taken is not None:
                    with turns.kept(self._context, taken):
                        self._lead()
            except _Ended:
                return
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("totals.stumbled", **told_safely(error))

    def _taken(self) -> Taken | None:
        """Return the lease, None where a process leads that lives: to see that, nothing is written."""
        claim = turns.claim()
        with self._context.store.read() as session:
            leader = leases.get(session, LEASE)
        if leader is not None and not leader.ran_out(claim.at):
            return None
        found = self._context.store.write(lambda session: leases.take(session, LEASE, claim))
        return found if isinstance(found, Taken) else None

    def _lead(self) -> None:
        self.look()
        while not self._ended.wait(self._every_s):
            self.look()
