"""Checking: what stands in the way of a decision, told without taking it, by the checks that deciding makes itself."""

from __future__ import annotations

from dataclasses import dataclass

from service.callers.caller import Caller
from service.context import Context, codes_of_reasons
from service.deciding.asking import Asked
from service.errors import NOT_PERMITTED, Mistake, Problem
from service.reasons.codes import ReasonCodes
from service.review import appealing, blind, following
from service.review.overtaken import stale
from service.running import clock
from service.store import flag_claims
from service.store.engine import Session
from service.store.flag_claims import FlagClaim
from service.store.flags import Matter
from service.store.values import Flag, FlagStatus, Review


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, and by which list of reasons."""

    caller: Caller
    codes: ReasonCodes

    @classmethod
    def here(cls, context: Context, caller: Caller) -> Deciding:
        """Return that of a caller by the reasons in force."""
        return cls(caller, codes_of_reasons(context.settings))


@dataclass(frozen=True, slots=True)
class Question:
    """A decision that is asked for, and the flag it is about."""

    asked: Asked
    flag: Flag
    matter: Matter
    claim: FlagClaim | None = None


def refusal(session: Session, question: Question, by: Deciding) -> Problem | None:
    """Return what stands in the way of a decision, None where nothing does that can be told before."""
    try:
        _check(session, question, by)
    except Problem as problem:
        return problem
    return None


def refused(pointer: str, message: str, hint: str) -> Problem:
    """Return the problem of one thing that is wrong in what was asked."""
    return following.refused(Mistake(pointer, message, hint))


def _check(session: Session, question: Question, by: Deciding) -> None:
    one, flag = question.asked, question.flag
    if by.caller.key_id in flag.blind_to:
        detail = "You were handed this flag to judge it blind: decide about it by itself, not together with others."
        raise Problem(NOT_PERMITTED, detail)
    following.check_mandate(flag.record, one.decision, by.caller)
    if one.version != flag.version:
        raise stale(session, question.matter, flag.reviews, one.version)
    if question.claim is not None and question.claim.key_id != by.caller.key_id:
        raise flag_claims.taken(question.claim, by.caller)
    given = {"note": one.note, "official_id": one.official_id}
    said = frozenset(name for name, value in given.items() if value)
    following.check_reason(by.codes, one.reason_code, one.decision, said)
    following.check_until(one.decision, one.until)
    if one.official_id is not None and one.decision is not FlagStatus.MATCHED_EXISTING:
        message = "An entry that the community is goes with the decision matched_existing."
        wrong = Mistake("/official_id", message, "Decide matched_existing, or leave the entry out.")
        raise following.refused(wrong)
    following.check_follows(flag.status, one.decision, more=one.official_id is not None)
    if flag.reviews:
        _check_hands(session, question, by.caller)


def _check_hands(session: Session, question: Question, caller: Caller) -> None:
    """Refuse whoever decided before where somebody else has to."""
    one, flag = question.asked, question.flag
    who = (caller.organisation or "", caller.key_id or "")
    review = Review("", flag.id, one.decision, one.reason_code, one.note, *who, clock.now())
    if one.decision is FlagStatus.PUBLISHED:
        following.check_four_eyes(session, following.standing(flag.reviews), review)
        blind.check_settled(session, flag.id)
    appealing.to_answer(session, flag.id, review)
