"""Withdrawing: what a replaced list no longer has is taken back (`service.rights.taking_back`)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from service.callers.caller import Caller
from service.context import Context
from service.importing.identity import Seen, qualified
from service.importing.jobs import sender
from service.rights.taking_back import take_back
from service.store import withdrawals
from service.store.engine import Session
from service.store.imports import Import
from service.store.passports import Key
from service.store.withdrawals import Held

_AT_ONCE = 1_000  # records taken back in one transaction

Note = Callable[[Session, int], None]


def withdraw_others(context: Context, job: Import, file: Seen, note: Note) -> list[str]:
    """Take back the records of an import's collection that its file does not have.

    `note` is told how many in each transaction that takes any back. Returns the records of any collection that were in
    company of those, and wait to be compared without them.
    """
    after = 0
    waiting: dict[str, None] = {}
    while True:
        with context.store.read() as session:
            held = withdrawals.holds(session, (job.organisation, job.collection), after, _AT_ONCE)
        if not held:
            return list(waiting)
        after = held[-1].seq
        gone = [one for one in held if one.own_id is None or one.own_id not in file]
        if gone:
            left = context.store.write(partial(_withdraw, gone=gone, by=sender(job), note=note))
            waiting |= dict.fromkeys(left)


def withdraw_these(context: Context, key: Key, own_ids: Sequence[str], by: Caller) -> tuple[int, list[str]]:
    """Take back the records of a collection that are kept under these identifiers of their organisation.

    Returns how many there were, and the records that were in company of those and wait to be compared without them.
    """
    number, waiting = 0, dict[str, None]()
    wanted = [*own_ids, *qualified(own_ids, key[1], dict.fromkeys(own_ids))]

    def take(session: Session, part: Sequence[str]) -> tuple[int, list[str]]:
        gone = withdrawals.holds_of(session, key, part)
        return len(gone), _withdraw(session, gone, by, _nobody) if gone else []

    for part in _parts(wanted):
        taken, left = context.store.write(partial(take, part=part))
        number += taken
        waiting |= dict.fromkeys(left)
    return number, list(waiting)


def _nobody(_session: Session, _number: int) -> None:
    """Tell nobody how many there were: the caller counts."""


def _parts(own_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (own_ids[start : start + _AT_ONCE] for start in range(0, len(own_ids), _AT_ONCE))


def _withdraw(session: Session, gone: Sequence[Held], by: Caller, note: Note) -> list[str]:
    left = take_back(session, gone, by)
    note(session, len(gone))
    return left
