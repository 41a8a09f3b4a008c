"""The sender: writes messages down and sends them, beside the answers, in one process of all that serve a database.

It holds a lease for as long as it lives; where it dies, another takes over. Each address has one message under way at a
time, in a thread of its own, so that one that does not answer keeps nobody else waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from threading import Event, Lock, Thread

import structlog

from connectors.courier import Courier
from service import clock, turns
from service.changes import passing
from service.context import Context
from service.hooks import outbox
from service.hooks.delivering import attempt
from service.logs import told_safely
from service.store import deliveries, events, leases, webhooks
from service.store.deliveries import Due
from service.store.leases import Taken

#: Seconds between two looks while nothing is to be sent.
EVERY_S = 1.0

#: Whoever holds this lease sends; the others leave it alone.
LEASE = "webhooks"

#: Addresses that are sent to at once.
AT_ONCE = 32

#: For how long it is kept what became of a message.
KEPT = timedelta(days=30)
_ENDING_S = 2.0  # for a message under way when the service stops

log = structlog.get_logger(__name__)


class Sender:
    """Runs in every serving process; one of them works."""

    def __init__(self, context: Context, every_s: float = EVERY_S) -> None:
        """Say how often it looks. Nothing runs yet."""
        self._context = context
        self._every_s = every_s
        self._courier = Courier(context.settings.contact, context.settings.allowed)
        self._read_to = -1
        self._swept = clock.now() - KEPT
        self._busy: set[str] = set()
        self._sending: set[Thread] = set()
        self._lock = Lock()
        self._ended, self._woken = Event(), Event()
        self.thread = Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self.thread.start()

    def end(self) -> None:
        """Send nothing new; what is under way goes again, by whoever serves next, unless it was received in time."""
        self._ended.set()
        self._woken.set()

    def look(self) -> int:
        """Write down what is new, begin to send what is due, and return how many messages that is."""
        passing.note(self._context)
        with self._context.store.read() as session:
            mark = events.mark(session)
            known = () if mark == self._read_to else webhooks.all(session)
        for webhook in known:
            if self._ended.is_set():
                return 0
            outbox.write_down(self._context, webhook.id)
        self._read_to = mark
        self._sweep()
        now = clock.now()
        with self._context.store.read() as session:
            due = deliveries.due(session, now)
        return self._begin(due)

    def _begin(self, due: Iterable[Due]) -> int:
        begun = 0
        for one in due:
            with self._lock:
                if one.webhook_id in self._busy or len(self._busy) >= AT_ONCE:
                    continue
                self._busy.add(one.webhook_id)
            thread = Thread(target=self._send, args=(one,), name="webhook", daemon=True)
            thread.start()
            self._sending = {other for other in self._sending if other.is_alive()} | {thread}
            begun += 1
        return begun

    def _send(self, due: Due) -> None:
        try:
            attempt(self._context, self._courier, due)
        except Exception as error:  # noqa: BLE001 - it goes again when it is due
            log.warning("webhooks.not_sent", **told_safely(error))
        finally:
            with self._lock:
                self._busy.discard(due.webhook_id)
            self._woken.set()

    def _sweep(self) -> None:
        now = clock.now()
        if now - self._swept >= timedelta(hours=1):
            self._context.store.write(partial(deliveries.forget, before=now - KEPT))
            self._swept = now

    def _run(self) -> None:
        while not self._ended.wait(self._every_s):
            try:
                taken = self._taken()
                if taken is not None:
                    with turns.kept(self._context, taken):
                        self._lead()
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("webhooks.stumbled", **told_safely(error))
        for thread in self._sending:
            thread.join(_ENDING_S)

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
        while not self._ended.is_set():
            self.look()
            self._woken.wait(self._every_s)
            self._woken.clear()
