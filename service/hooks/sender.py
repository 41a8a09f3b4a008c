"""The sender: writes messages down and sends them, beside the answers, in one process of all that serve a database.

It holds a lease for as long as it lives; where it dies, another takes over. Each address has one message under way at a
time, in a thread of its own, so that one that does not answer keeps nobody else waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from functools import partial
from threading import Lock, Thread

import structlog

from connectors.courier import Courier
from service.changes import passing
from service.context import Context
from service.hooks import outbox
from service.hooks.delivering import attempt
from service.housekeeping.leading import Pace, lead
from service.running import clock
from service.running.logs import told_safely
from service.store import deliveries, events, webhooks
from service.store.deliveries import Due

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
        self._pace = Pace(every_s)
        self._courier = Courier(context.settings.contact, context.settings.allowed)
        self._read_to = -1
        self._swept = clock.now() - KEPT
        self._busy: set[str] = set()
        self._sending: set[Thread] = set()
        self._lock = Lock()
        self.thread = Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self.thread.start()

    def end(self) -> None:
        """Send nothing new; what is under way goes again, by whoever serves next, unless it was received in time."""
        self._pace.end()

    def look(self) -> int:
        """Write down what is new, begin to send what is due, and return how many messages that is."""
        passing.note(self._context)
        with self._context.store.read() as session:
            mark = events.mark(session)
            known = () if mark == self._read_to else webhooks.all(session)
        for webhook in known:
            if self._pace.ended:
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
            self._pace.wake()

    def _sweep(self) -> None:
        now = clock.now()
        if now - self._swept >= timedelta(hours=1):
            self._context.store.write(partial(deliveries.forget, before=now - KEPT))
            self._swept = now

    def _run(self) -> None:
        lead(self._context, LEASE, self._pace, self.look)
        for thread in self._sending:
            thread.join(_ENDING_S)
