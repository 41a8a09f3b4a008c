"""Verifying: the chain of events from end to end, with every account and decision it vouches for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, islice
from typing import TypeAlias

from service.store import audit
from service.store.audit import Broken
from service.store.audit_due_process import due_process
from service.store.chain import BEGINNING, Head
from service.store.engine import Session, Store

#: Things that are wrong and told one by one; of the others only their number.
SHOWN = 20

#: Called with how many events were read, and of how many.
Step: TypeAlias = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Audited:
    """What came of it: how many events there are, where the chain ends, and what is not as it was."""

    events: int
    head: Head
    broken: tuple[Broken, ...]  # the first of them, at most `SHOWN`
    wrong: int  # how many there are
    found: int | None = None  # number of the event whose link was asked for; None: not asked, or not part of the chain

    @property
    def sound(self) -> bool:
        """Whether everything is as it was."""
        return not self.wrong


def verify(store: Store, step: Step, wanted: str | None = None) -> Audited:
    """Read the whole chain in one state of the database, and look for an event with the link that is `wanted`.

    Raises `Problem` (busy, internal) where the database does not answer, or does not say where the chain ends.
    """
    with store.read() as session:
        return verified(session, step, wanted)


def verified(session: Session, step: Step, wanted: str | None = None) -> Audited:
    """Do the same in a transaction of the caller's."""
    total, done, wrong = audit.size(session), 0, 0
    end, found = BEGINNING, 0 if wanted == BEGINNING.link else None
    broken: list[Broken] = []
    for chunk in audit.chunks(session):
        found = chunk.numbers.get(wanted, found) if wanted else None
        done, wrong, end = done + chunk.events, wrong + len(chunk.broken), chunk.end
        broken += islice(chunk.broken, SHOWN - len(broken))
        step(done, total)
    for one in chain(audit.reviews(session), due_process(session)):
        wrong += 1
        broken += [one] if len(broken) < SHOWN else []
    return Audited(done, end, tuple(broken), wrong, found)
