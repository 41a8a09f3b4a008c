"""Quarantine: let a record out that was set aside, once a person looked at it; from then on it is like any other."""

from __future__ import annotations

from service.callers.caller import Caller, Right
from service.callers.permission import not_permitted, required
from service.context import Context
from service.errors import INVALID, STALE_STATE, Problem
from service.running import clock
from service.store import events, quarantine, records
from service.store.engine import Session
from service.store.values import Record
from service.verify import verify


def release(context: Context, record_id: str, reason_code: str, caller: Caller) -> Record:
    """Let a record out of quarantine, verify it, and return it. Its corrections are not set aside again.

    Raises `Problem`: not permitted (no reviewer, or not there), not found, stale state (not in quarantine), invalid (no
    reason).
    """
    if not caller.holds(Right.REVIEW):
        raise not_permitted(caller, Right.REVIEW)
    if not reason_code.strip():
        detail = "Letting a record out needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])
    context.store.write(lambda session: _release(session, record_id, reason_code.strip(), caller))
    with context.store.read() as session:
        found = records.get(session, record_id)
    settled = verify(context, [record_id], [found])
    return settled[0] if settled else found


def _release(session: Session, record_id: str, reason_code: str, caller: Caller) -> None:
    at, account = clock.now(), records.get(session, record_id).account
    required(caller.at(account.country, account.admin), Right.REVIEW, "Letting this record out")
    if not quarantine.release(session, record_id, at):
        state = records.get(session, record_id).state
        detail = f"The record is not in quarantine but {state}; somebody may have let it out before."
        raise Problem(STALE_STATE, detail, state=state.value)
    events.add(session, [events.Event("record.released", record_id, at, caller, {"reason": reason_code})])
