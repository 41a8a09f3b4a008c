"""The maker: a thread of the serving process that makes editions that wait, and those a process died over."""

from __future__ import annotations

from threading import Event, Thread

import structlog

from service.context import Context
from service.errors import PASSING, Problem
from service.gap_reports.making import make
from service.running.logs import told_safely
from service.sources import turns
from service.store import gap_reports, leases
from service.store.gap_reports import Edition
from service.store.leases import Taken

#: Seconds between two looks at what waits.
EVERY_S = 2.0

log = structlog.get_logger(__name__)


def make_in_turn(context: Context, edition: Edition) -> Edition:
    """Make an edition unless another process is at it; return it as it stands then."""
    found = context.store.write(lambda session: leases.take(session, f"report/{edition.id}", turns.claim()))
    if isinstance(found, Taken):
        with turns.kept(context, found):
            return make(context, edition)
    return edition


class Maker:
    """Runs in every serving process; each edition is made by one of them."""

    def __init__(self, context: Context, every_s: float = EVERY_S) -> None:
        """Say how often it looks. Nothing runs yet."""
        self._context = context
        self._every_s = every_s
        self._ended = Event()
        self.thread = Thread(target=self._run, name="maker", daemon=True)

    def start(self) -> None:
        """Begin to look at what waits."""
        self.thread.start()

    def end(self) -> None:
        """Begin nothing new; what was broken off is made by the next process that starts."""
        self._ended.set()

    def look(self) -> int:
        """Make what waits and is nobody else's turn, and return how many editions were made."""
        with self._context.store.read() as session:
            waiting = gap_reports.waiting(session)
        made = 0
        for edition in waiting:
            if self._ended.is_set():
                break
            made += make_in_turn(self._context, edition).made_at is not None
        return made

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                made = self.look()
            except Problem as problem:
                if problem.kind not in PASSING:
                    log.warning("report.failed", **told_safely(problem))
                made = 0
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("report.stumbled", **told_safely(error))
                made = 0
            if not made:
                self._ended.wait(self._every_s)
