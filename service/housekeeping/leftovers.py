"""Leftovers: records that go on waiting though nobody works on them: the database went away while they were compared.

Matters that people put off are brought back here too, on the day that they named.

Every start of the service settles what waits; this does so while it runs.
"""

from __future__ import annotations

from threading import Thread

import structlog

from service import verify
from service.context import Context
from service.housekeeping.leading import Pace
from service.review.putting_off import bring_back
from service.running import clock
from service.running.logs import told_safely
from service.sources import turns
from service.store import imports, leases, records
from service.store.engine import Session
from service.store.filters import RecordFilter
from service.store.leases import Taken
from service.store.values import RecordState

#: Seconds between two looks. What waits at two of them in a row was left behind.
EVERY_S = 15.0

_LEASE = "leftovers"
_WAITING = RecordFilter(state=RecordState.PENDING)

log = structlog.get_logger(__name__)


class Leftovers:
    """Runs in every serving process; what is left behind is settled by one of them."""

    def __init__(self, context: Context, every_s: float = EVERY_S) -> None:
        """Say how often it looks. Nothing runs yet."""
        self._context = context
        self._pace = Pace(every_s)
        self._seen: frozenset[str] = frozenset()
        self.thread = Thread(target=self._run, name="leftovers", daemon=True)

    def start(self) -> None:
        """Begin to look at what waits."""
        self.thread.start()

    def end(self) -> None:
        """Begin nothing new."""
        self._pace.end()

    def look(self) -> int:
        """Settle what waited at the last look already, unless somebody is at work on it, and return how many."""
        with self._context.store.read() as session:
            waiting = [record_id for _, record_id in records.ids(session, _WAITING, 0, verify.BATCH)]
            busy = bool(imports.unfinished(session)) or _somebody_syncs(session)
        before, self._seen = self._seen, frozenset() if busy else frozenset(waiting)
        left = [record_id for record_id in waiting if record_id in before]
        if not left or busy:
            return 0
        taken = self._context.store.write(lambda session: leases.take(session, _LEASE, turns.claim()))
        if not isinstance(taken, Taken):
            return 0
        with turns.kept(self._context, taken):
            settled = verify.verify(self._context, left)
        done = sum(record.state is not RecordState.PENDING for record in settled)
        log.info("leftovers.settled", records=done)
        return done

    def _run(self) -> None:
        while self._pace.rest():
            try:
                self.look()
                bring_back(self._context)
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("leftovers.stumbled", **told_safely(error))


def _somebody_syncs(session: Session) -> bool:
    """Return whether a source is being brought up to date. Over a turn that ran out somebody died, and nobody works."""
    at = clock.now()
    return any(not lease.ran_out(at) for lease in turns.under_way(session).values())
