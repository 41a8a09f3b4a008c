"""Checking: what stands in the way of a decision, told without taking it, in the words that deciding would use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from service.caller import Caller, Right
from service.deciding.asking import Asked
from service.deciding.reasons import USUAL, Reasons, fits
from service.errors import INVALID, NOT_PERMITTED, STALE_STATE, Mistake, Problem
from service.permission import required
from service.review import TRANSITIONS
from service.store.values import Flag, FlagStatus

#: Whether two keys are one person's: a key, and those that it was exchanged for.
SameHand = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, and by which list of reasons."""

    caller: Caller
    reasons: Reasons = field(default_factory=lambda: USUAL)


def refusal(flag: Flag, one: Asked, by: Deciding, same_hand: SameHand) -> Problem | None:
    """Return what stands in the way of a decision, None where nothing does that can be told before."""
    return (
        _without_mandate(flag, one, by.caller)
        or _stale(flag, one)
        or _misspelt(one, by.reasons)
        or _not_following(flag, one)
        or _same_eyes(flag, one, by.caller, same_hand)
    )


def _without_mandate(flag: Flag, one: Asked, caller: Caller) -> Problem | None:
    there = caller.at(flag.record.account.country, flag.record.account.admin)
    try:
        if one.decision is FlagStatus.PUBLISHED:
            required(there, Right.PUBLISH, "Publishing")
        required(there, Right.REVIEW, "Deciding about this flag")
    except Problem as problem:
        return problem
    return None


def _stale(flag: Flag, one: Asked) -> Problem | None:
    if one.version == flag.version:
        return None
    last = flag.reviews[-1] if flag.reviews else None
    by_person = last is not None and last.created_at == flag.updated_at
    who = last.organisation if last is not None and by_person else "a new verification"
    detail = (
        f"You decided on version {one.version}, but {who} brought the flag to version {flag.version} "
        f"({flag.status}) at {flag.updated_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    return Problem(STALE_STATE, detail, version=flag.version, status=flag.status.value)


def _misspelt(one: Asked, reasons: Reasons) -> Problem | None:
    if not one.reason_code:
        return refused("/reason_code", "A decision needs a reason code.", "Choose one from the list of codes.")
    if not fits(reasons, one.decision, one.reason_code):
        known = ", ".join(reason.code for reason in reasons[one.decision])
        return refused("/reason_code", f"{one.reason_code!r} is no reason for {one.decision}.", f"Use one of {known}.")
    if one.official_id is not None and one.decision is not FlagStatus.MATCHED_EXISTING:
        message = "An entry that the community is goes with the decision matched_existing."
        return refused("/official_id", message, "Decide matched_existing, or leave the entry out.")
    return None


def _not_following(flag: Flag, one: Asked) -> Problem | None:
    same = frozenset() if one.official_id is not None else {flag.status}  # deciding the same says nothing new
    allowed = TRANSITIONS[flag.status] - same
    if one.decision in allowed:
        return None
    message = f"A flag that is {flag.status} cannot become {one.decision}."
    return refused("/decision", message, f"Decide one of {', '.join(sorted(allowed))}.")


def _same_eyes(flag: Flag, one: Asked, caller: Caller, same_hand: SameHand) -> Problem | None:
    if one.decision is not FlagStatus.PUBLISHED:
        return None
    confirmed = next((old for old in reversed(flag.reviews) if old.decision is FlagStatus.CONFIRMED), None)
    if confirmed is None or not same_hand(confirmed.key_id, caller.key_id or ""):
        return None
    detail = "Whoever confirmed a flag does not publish it: ask another publisher."
    return Problem(NOT_PERMITTED, detail)


def refused(pointer: str, message: str, hint: str) -> Problem:
    """Return the problem of one thing that is wrong in what was asked."""
    return Problem(INVALID, message, errors=[Mistake(pointer, message, hint).members()])
