"""Leading: of all processes that serve a database one does a thing, for as long as it lives; then another takes over.

Whoever leads holds a lease that is renewed while it leads. The others only look whether somebody does.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import structlog

from service.context import Context
from service.running.logs import told_safely
from service.sources import turns
from service.store import leases
from service.store.leases import Taken

log = structlog.get_logger(__name__)


class Pace:
    """How often a process looks, until it ends or is woken. One thread keeps to it; any may end or wake it."""

    def __init__(self, every_s: float) -> None:
        """Name the seconds between two looks while nobody wakes it."""
        self._every_s = every_s
        self._ended, self._woken = Event(), Event()

    @property
    def ended(self) -> bool:
        """Whether nothing new is to be begun."""
        return self._ended.is_set()

    def end(self) -> None:
        """Look no more."""
        self._ended.set()
        self._woken.set()

    def wake(self) -> None:
        """Let the next look come at once."""
        self._woken.set()

    def rest(self) -> bool:
        """Wait until it is time to look, and return whether to: not once it ended."""
        if not self.ended:
            self._woken.wait(self._every_s)
            self._woken.clear()
        return not self.ended


def lead(context: Context, name: str, pace: Pace, look: Callable[[], object]) -> None:
    """Look at this pace while this process leads in what the lease `name` stands for; return when the pace ended.

    A look that fails is logged as `lead.stumbled` and gives up the lead; whoever looks first then has it.
    """
    while pace.rest():
        try:
            taken = _taken(context, name)
            if taken is not None:
                with turns.kept(context, taken):
                    _look(pace, look)
        except Exception as error:  # noqa: BLE001 - the database may be back at the next look
            log.warning("lead.stumbled", task=name, **told_safely(error))


def _look(pace: Pace, look: Callable[[], object]) -> None:
    look()
    while pace.rest():
        look()


def _taken(context: Context, name: str) -> Taken | None:
    """Return the lease, None where a process leads that lives: to see that, nothing is written."""
    claim = turns.claim()
    with context.store.read() as session:
        leader = leases.get(session, name)
    if leader is not None and not leader.ran_out(claim.at):
        return None
    found = context.store.write(lambda session: leases.take(session, name, claim))
    return found if isinstance(found, Taken) else None
