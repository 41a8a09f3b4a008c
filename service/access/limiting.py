"""Limiting: a community, through its steward, is shown less from now on, whatever its organisation says.

A limit only ever narrows: it makes consent no wider and the class no lower than it names. What others had seen and see
no longer leaves tombstones, and numbers it was counted in are told anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from service.accounts.account import Consent, Sensitivity
from service.callers.caller import Caller, Charge, Right
from service.callers.permission import not_permitted
from service.context import Context
from service.disclosure.gone import flag_gone, record_gone
from service.disclosure.openness import open_now
from service.disclosure.policy import in_charge
from service.errors import INVALID, NOT_FOUND, NOT_PERMITTED, STALE_STATE, Mistake, Problem
from service.placing import place_waiting
from service.store import editions, flags, limits, organisations, placed, records, tombstones
from service.store.engine import Session
from service.store.filters import FlagFilter
from service.store.limits import Limit
from service.store.passports import Key, key_of
from service.store.tombstones import Gone
from service.store.values import Flag


@dataclass(frozen=True, slots=True)
class Lowered:
    """What is to be shown less, and how far at most; of record and collection one is named."""

    reason_code: str
    record_id: str | None = None
    collection: Key | None = None
    consent: Consent = Consent.PUBLIC_EXACT  # the widest: not narrowed by this
    sensitivity: Sensitivity = Sensitivity.OPEN


def lower(context: Context, lowered: Lowered, caller: Caller) -> str:
    """Lay a limit and return its identifier: for the organisation that sent it, its steward, and admins.

    Raises `Problem`: not permitted; not found; invalid, where it would narrow nothing or has no reason.
    """
    if not caller.may(Right.LOWER):
        raise not_permitted(caller, Right.LOWER)
    if not lowered.reason_code.strip():
        detail = "Showing less needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])
    if lowered.consent is Consent.PUBLIC_EXACT and lowered.sensitivity is Sensitivity.OPEN:
        wrong = Mistake("", "This narrows nothing.", "Name a consent, a class, or both.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    limit_id = context.store.write(partial(_lower, lowered=lowered, by=caller))
    place_waiting(context, held=False)
    return limit_id


def lift(context: Context, limit_id: str, caller: Caller) -> Limit:
    """Let a limit hold no more and return it; for admins, because a community asked for it.

    Raises `Problem`: not permitted, not found, stale state (it was lifted before).
    """
    if not caller.may(Right.ADMINISTER):
        raise not_permitted(caller, Right.ADMINISTER)

    def let(session: Session) -> Limit:
        found = limits.of(session, limit_id)
        if found is None:
            detail = f"There is no limit {limit_id}."
            raise Problem(NOT_FOUND, detail)
        if not limits.lift(session, limit_id, caller, datetime.now(UTC)):
            detail = "The limit was lifted before."
            raise Problem(STALE_STATE, detail)
        return found

    return context.store.write(let)


def _lower(session: Session, lowered: Lowered, by: Caller) -> str:
    at = datetime.now(UTC)
    key, concerned = _concerned(session, lowered, by)
    before = [(flag, _seen(flag)) for flag in concerned]
    limit = Limit(
        organisation=key[0],
        collection=key[1] if lowered.record_id is None else None,
        record_id=lowered.record_id,
        consent=lowered.consent,
        sensitivity=lowered.sensitivity,
        reason_code=lowered.reason_code.strip(),
    )
    limit_id = limits.lay(session, limit, by, at)
    placed.unsettle(session, key)
    after = {
        one.id: one
        for flag in flags.about(session, [flag.record.community_id or "" for flag, _ in before])
        for one in _seen(flag)
    }
    tombstones.lay(session, [gone for _, seen in before for one in seen if (gone := _lost(one, after.get(one.id)))], at)
    if told := {flag.record.account.country for flag, _ in before if open_now(flag)}:
        editions.supersede(session, at, sorted(told))
    return limit_id


def _concerned(session: Session, lowered: Lowered, by: Caller) -> tuple[Key, list[Flag]]:
    """Return the collection that is meant, or that a record is of, and the flags that its records speak for."""
    if lowered.record_id is not None:
        record = records.get(session, lowered.record_id)
        if not _theirs(by, record.organisation) and not in_charge(by, record):
            raise _refused()
        told = flags.about(session, [record.community_id]) if record.community_id else ()
        return key_of(record.organisation, record.account), [flag for flag in told if flag.record.id == record.id]
    key = lowered.collection or (by.acts_for or "", "")
    if not _theirs(by, key[0]) and Charge(*key) not in by.charges:
        raise _refused()
    if not organisations.some(session, frozenset({key[0]})):
        detail = f"There is no collection {key[1]} of {key[0]}."
        raise Problem(NOT_FOUND, detail)
    every = flags.iterate(session, FlagFilter(organisation=key[0]))
    return key, [flag for flag in every if key_of(flag.record.organisation, flag.record.account) == key]


def _theirs(by: Caller, organisation: str) -> bool:
    return by.may(Right.ADMINISTER) or by.organisation == organisation


def _refused() -> Problem:
    detail = "Less is shown at the word of the organisation that sent it, of its steward, or of an admin."
    return Problem(NOT_PERMITTED, detail)


def _seen(flag: Flag) -> Iterable[Gone]:
    return flag_gone(flag), record_gone(flag.record, published=open_now(flag))


def _lost(before: Gone, after: Gone | None) -> Gone | None:
    """Return what goes, by who saw it before and does not now; None where nobody lost it."""
    public = before.public and not (after and after.public)
    reviewers = before.reviewers and not (after and after.reviewers)
    return Gone(before.noun, before.id, before.organisation, public, reviewers) if public or reviewers else None
