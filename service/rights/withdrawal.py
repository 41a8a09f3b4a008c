"""Withdrawal: an organisation, or the community through it, takes back what was said, and nobody reads it any more.

Unlike a record that a newer list merely no longer has, one that was withdrawn does not come back when its list is sent
or pulled again: it is refused until somebody admits it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from service.callers.caller import Caller, Charge, Right
from service.callers.permission import not_permitted
from service.context import Context
from service.errors import INVALID, KEY_NEEDED, NOT_FOUND, Problem
from service.rights.taking_back import take_back
from service.store import erasure, events, withdrawals
from service.store.engine import Session
from service.store.passports import Key
from service.verify import verify

_AT_ONCE = 500  # records in one transaction


class Outcome(StrEnum):
    """What became of a record that was to be withdrawn."""

    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    UNCHANGED = "unchanged"  # it was withdrawn before
    NOT_FOUND = "not_found"  # or it is not the caller's


@dataclass(frozen=True, slots=True)
class Reason:
    """Why records are withdrawn, in a word, and whether their content goes too."""

    code: str
    erase: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What became of each record, in the order asked."""

    outcomes: dict[str, Outcome]  # by record

    @property
    def withdrawn(self) -> int:
        """How many say nothing any more because of this call."""
        return sum(one in {Outcome.WITHDRAWN, Outcome.ERASED} for one in self.outcomes.values())


@dataclass(frozen=True, slots=True)
class _Taken:
    outcomes: dict[str, Outcome]
    waiting: list[str]


def withdraw(context: Context, record_ids: Sequence[str], reason: Reason, caller: Caller) -> Done:
    """Withdraw records of the caller's organisation, of a steward's charge, to an admin any; each five hundred or none.

    When it returns nobody outside reads them, alone or in a number, and what they were told with is mended or waits to
    be compared again. Raises `Problem`: key needed, invalid (no reason).
    """
    _check(reason, caller)
    outcomes: dict[str, Outcome] = {}
    waiting: dict[str, None] = {}
    wanted = list(dict.fromkeys(record_ids))
    for start in range(0, len(wanted), _AT_ONCE):
        part = wanted[start : start + _AT_ONCE]
        taken = context.store.write(partial(_withdraw, ids=part, reason=reason, by=caller))
        outcomes |= taken.outcomes
        waiting |= dict.fromkeys(taken.waiting)
    verify(context, [one for one in waiting if outcomes.get(one) in {None, Outcome.NOT_FOUND}])
    return Done({record_id: outcomes[record_id] for record_id in wanted})


def withdraw_collection(context: Context, key: Key, reason: Reason, caller: Caller) -> Done:
    """Withdraw every record of a collection. Raises `Problem` as `withdraw` does, and not found where it has none."""
    _check(reason, caller)
    mine = caller.may(Right.ADMINISTER) or caller.organisation == key[0] or Charge(*key) in caller.charges
    wanted = [record_id for part in _parts(context, key) for record_id in part] if mine else []
    if not wanted:
        detail = f"There is no collection {key[1]} that holds records of yours."
        raise Problem(NOT_FOUND, detail)
    return withdraw(context, wanted, reason, caller)


def withdraw_own(context: Context, own_ids: Sequence[str], reason: Reason, caller: Caller) -> dict[str, Outcome]:
    """Withdraw the records that the caller's organisation keeps under its own identifiers; return outcomes by these.

    Raises `Problem` as `withdraw` does.
    """
    _check(reason, caller)
    with context.store.read() as session:
        found = withdrawals.ids_of(session, caller.organisation, own_ids) if caller.organisation else {}
    done = withdraw(context, list(found.values()), reason, caller)
    return {own: done.outcomes[found[own]] if own in found else Outcome.NOT_FOUND for own in own_ids}


def admit(context: Context, record_id: str, caller: Caller) -> None:
    """Let a record that was withdrawn come back when it is sent again; nothing is shown before that.

    Raises `Problem`: key needed; not found, where it was not withdrawn or is not the caller's.
    """
    _check(Reason("admitted"), caller)
    if not caller.may(Right.SEND):
        raise not_permitted(caller, Right.SEND)
    context.store.write(partial(_admit, record_id=record_id, by=caller))


def _check(reason: Reason, caller: Caller) -> None:
    if not caller.may(Right.LOWER):
        detail = "Records are withdrawn by the organisation that sent them, by their steward, or by an admin."
        raise Problem(KEY_NEEDED, detail)
    if not reason.code.strip():
        detail = "A withdrawal needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])


def _parts(context: Context, key: Key) -> Iterator[list[str]]:
    after = 0
    while True:
        with context.store.read() as session:
            rows = withdrawals.ids_in(session, key, after)
        if not rows:
            return
        after = rows[-1][0]
        yield [record_id for _, record_id in rows]


def _withdraw(session: Session, ids: Sequence[str], reason: Reason, by: Caller) -> _Taken:
    there = withdrawals.of(session, ids)
    charged = withdrawals.charged(session, ids, by.charges)
    mine = {
        one: of
        for one, of in there.items()
        if by.may(Right.ADMINISTER) or by.organisation == of.organisation or one in charged
    }
    speaking = [of.held for of in mine.values() if not of.silent]
    changed = [one for one, of in mine.items() if reason.erase or not of.refused]
    data = {"reason": reason.code.strip(), "erased": str(reason.erase).lower()}
    waiting = take_back(session, speaking, by, data)
    at = datetime.now(UTC)
    told = [one for one in changed if mine[one].silent]  # the others are told with what they took with them
    events.add(session, [events.Event("record.withdrawn", one, at, by, data) for one in told])
    withdrawals.refuse(session, changed, reason.code.strip())
    if reason.erase:
        erasure.erase(session, changed, at)
    after = Outcome.ERASED if reason.erase else Outcome.WITHDRAWN
    outcomes = dict.fromkeys(ids, Outcome.NOT_FOUND) | dict.fromkeys(mine, Outcome.UNCHANGED)
    return _Taken(outcomes | dict.fromkeys(changed, after), waiting)


def _admit(session: Session, record_id: str, by: Caller) -> None:
    whose = withdrawals.admit(session, None if by.may(Right.ADMINISTER) else by.organisation, record_id)
    if whose is None:
        detail = f"There is no withdrawn record {record_id} of yours."
        raise Problem(NOT_FOUND, detail)
    events.add(session, [events.Event("record.admitted", record_id, datetime.now(UTC), by)])
