"""The importer: a thread of the serving process that works on imports that wait, and on those a process died over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import structlog

from service.context import Context
from service.errors import BUSY, PASSING, Problem
from service.importing import uploads
from service.importing.working import How, turn_of, work
from service.running import tracing
from service.running.logs import told_safely
from service.sources import turns
from service.store import imports, leases
from service.store.imports import Import
from service.store.leases import Taken

#: Seconds between two looks at what waits.
EVERY_S = 2.0

log = structlog.get_logger(__name__)


@contextmanager
def turn(context: Context, organisation: str) -> Iterator[None]:
    """Be the only one that imports for an organisation. Raises `Problem` (busy) where somebody else does."""
    found = context.store.write(lambda session: leases.take(session, turn_of(organisation), turns.claim()))
    if not isinstance(found, Taken):
        detail = f"Another file of {organisation} is being imported since {found.since:%Y-%m-%d %H:%M:%S} UTC."
        raise Problem(BUSY, detail)
    with turns.kept(context, found):
        yield


def next_in_turn(context: Context, organisation: str | None = None) -> Iterator[Import]:
    """Yield for each organisation, or one, the import that is next, unless its file lies on another machine."""
    with context.store.read() as session:
        waiting = imports.unfinished(session, organisation)
    begun: set[str] = set()
    for job in waiting:
        if job.organisation not in begun:
            begun.add(job.organisation)
            if uploads.path_of(context, job.id).exists():
                yield job


def work_in_turn(context: Context, job: Import, how: How | None = None) -> Import:
    """Work on an import if it is its organisation's next and nobody else is at work; return it as it stands then.

    Where it has to wait, the importer of a serving process takes it up.
    """
    first = next(next_in_turn(context, job.organisation), None)
    if first is None or first.id != job.id:
        return job
    try:
        with turn(context, job.organisation):
            with context.store.read() as session:
                job = imports.get(session, job.id)
            return work(context, job, how) if job.open else job
    except Problem as problem:
        if problem.kind not in PASSING:
            raise
        return job


class Importer:
    """Runs in every serving process; each import is worked on by one of them."""

    def __init__(self, context: Context, after: Thread | None = None, every_s: float = EVERY_S) -> None:
        """Say after which thread it begins, and how often it looks. Nothing runs yet.

        Beginning after what catches up keeps both from comparing the same records at once.
        """
        self._context = context
        self._after = after
        self._every_s = every_s
        self._ended = Event()
        self.thread = Thread(target=self._run, name="importer", daemon=True)

    def start(self) -> None:
        """Begin to look at what waits."""
        self.thread.start()

    def stop(self, wait_s: float) -> None:
        """End, and wait so long for what is under way."""
        self.end()
        self.thread.join(wait_s)

    def end(self) -> None:
        """Begin nothing new and end after the part under way; the next process that starts goes on with it."""
        self._ended.set()

    def look(self) -> int:
        """Work on what waits and is nobody else's turn, and return how many imports ended."""
        uploads.sweep(self._context)
        ended = 0
        for job in next_in_turn(self._context):
            if self._ended.is_set():
                break
            with tracing.span("imported"):
                done = work_in_turn(self._context, job, How(ended=self._ended))
            ended += not done.open
            if not done.open:
                log.info("import.ended", outcome=done.state.value, records=done.kept, count=done.set_aside)
        return ended

    def _run(self) -> None:
        while self._after is not None and self._after.is_alive() and not self._ended.is_set():
            self._after.join(self._every_s)
        while not self._ended.is_set():
            try:
                busy = self.look()
            except Exception as error:  # noqa: BLE001 - the database may be back at the next look
                log.warning("import.stumbled", **told_safely(error))
                busy = 0
            if not busy:
                self._ended.wait(self._every_s)
