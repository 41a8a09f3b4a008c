"""Deciding: keep what a person decided about a flag, in one transaction with all that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from matchers.memory.decisions import Answer
from service.callers.caller import Caller, Right
from service.callers.permission import needed
from service.context import Context, codes_of_reasons
from service.disclosure.gone import no_longer_open
from service.errors import INVALID, NOT_PERMITTED, Problem
from service.placing import place_now
from service.review import appealing, blind, following, undoing
from service.review.beside import NOTHING, Beside, beside, moved
from service.review.overtaken import stale
from service.ruling import SILENT, Rulings, ruled
from service.running import clock
from service.store import codes, events, flag_claims, flags, memory, records, reviews, tombstones
from service.store.engine import Session
from service.store.flags import Matter
from service.store.identifiers import new_id
from service.store.opinions import Opinion
from service.store.values import Flag, FlagStatus, Review
from service.verify import verify
from service.verifying.provisional import unlisted, wanted_code

#: Decisions after which others about the same place are looked at again.
_SETTLING = frozenset({*following.ANSWERING, FlagStatus.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, why (a code of the list), and on which version of the flag they looked."""

    decision: FlagStatus | None  # None: the status before the decision that it supersedes
    reason_code: str
    note: str | None = None
    expected_version: int | None = None  # None: whatever the present version is
    rulings: Rulings = SILENT  # what it says about entries of the list
    supersedes: str | None = None  # the decision that it takes back
    until: date | None = None  # goes with a deferral
    message: str | None = None  # to those who sent the records
    question: str | None = None  # to them as well; goes with a field check
    blind: bool | None = None  # whoever decides was shown it without verdict and scores; None: that was not said


def decide(context: Context, flag_id: str, decision: Decision, caller: Caller) -> Flag:
    """Keep a decision and return the flag as it stands then.

    Publishing needs a confirmed flag, and a publisher with another key than the one that confirmed it; an appeal is
    answered by somebody who took no part; a key decides within its territory. What somebody was handed to judge blind
    is kept as their opinion. Raises `Problem`: not permitted (no right to it, or none there, or the same person twice),
    not found, stale state (saying who changed it and when), claimed (somebody
    else is at work on it: who, and until when), invalid (a reason that is not on the list, a decision that
    does not follow from the present status, or an entry that the list does not hold).

    What it says about entries is remembered (`docs/memory.md`), and its records are verified again at once; so are
    other matters about the same place.
    """
    if caller.organisation is None or caller.key_id is None or not caller.holds(Right.REVIEW):
        detail = f"Deciding about flags needs the right to {needed(Right.REVIEW)}. An admin gives such keys."
        raise Problem(NOT_PERMITTED, detail)
    _check(context, decision)
    handed = blind.handed_to(context, flag_id, caller.key_id)
    review = _review(flag_id, decision, caller, handed)
    blind.check_unjudged(context, handed)
    if handed is not None and handed.ordinal > blind.FIRST:
        return _opinion(context, handed, _Kept(review, decision.expected_version), caller)
    return _keep(context, _Kept(review, decision.expected_version, decision.rulings, handed), caller)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A decision ready to be kept."""

    review: Review
    expected_version: int | None
    rulings: Rulings = SILENT
    handed: Opinion | None = None  # it was to be judged blind, and is the first judgement
    said: tuple[memory.Said, ...] = ()
    beside: Beside = NOTHING


def _keep(context: Context, kept: _Kept, caller: Caller) -> Flag:
    review = kept.review
    said = _said(context, review, kept.rulings)
    near = beside(context, review.flag_id, kept.rulings) if _settles(review) else NOTHING
    kept = replace(kept, said=said, beside=near)
    flag = context.store.write(lambda session: _decide(context, session, kept, caller))
    if flag.status is FlagStatus.PUBLISHED:
        place_now(context, [flag.id])
    again = [*(one.decided.ruling.record_id for one in said), *near.record_ids]
    if not again:
        return flag
    verify(context, list(dict.fromkeys(again)))
    with context.store.read() as session:
        return flags.get(session, review.flag_id)


def _said(context: Context, review: Review, rulings: Rulings) -> tuple[memory.Said, ...]:
    """Return what is said about entries: what is taken back first, so that what is said of the same entry now holds."""
    unsaid = undoing.unsaid(context, review)
    if review.undo:
        return unsaid
    gone = {_pair(one) for one in unsaid}
    now = ruled(context, review, rulings)
    unsure = Answer.UNSURE
    return (*unsaid, *(one for one in now if one.decided.ruling.answer is not unsure or _pair(one) not in gone))


def _pair(said: memory.Said) -> tuple[str, str, str]:
    return said.source, said.decided.ruling.record_id, said.decided.ruling.official_id


def _settles(review: Review) -> bool:
    return review.supersedes is not None or review.decision in _SETTLING


def _check(context: Context, decision: Decision) -> None:
    given = {"note": decision.note, "official_id": decision.rulings.same}
    said = frozenset(name for name, value in given.items() if value)
    if decision.decision is None and decision.supersedes is None:
        detail = "Say what is decided, or which decision is taken back."
        raise Problem(INVALID, detail, errors=[{"pointer": "/decision", "message": detail}])
    following.check_reason(codes_of_reasons(context.settings), decision.reason_code.strip(), decision.decision, said)
    following.check_until(decision.decision, decision.until)
    following.check_question(decision.decision, decision.question)


def _review(flag_id: str, decision: Decision, caller: Caller, handed: Opinion | None) -> Review:
    undo = decision.decision is None
    return Review(
        id=new_id(),
        flag_id=flag_id,
        decision=decision.decision or FlagStatus.OPEN,  # of an undoing, it is known with the flag
        reason_code=decision.reason_code.strip(),
        note=decision.note,
        organisation=caller.organisation or "",
        key_id=caller.key_id or "",
        created_at=clock.now(),
        supersedes=decision.supersedes,
        undo=True if undo else None,
        until=decision.until,
        message=decision.message,
        question=decision.question,
        blind=None if undo else decision.blind if handed is None else True,
    )


def _decide(context: Context, session: Session, kept: _Kept, caller: Caller) -> Flag:
    flags.locked_in_order(session, [kept.review.flag_id, *kept.beside.flag_ids])
    matter = flags.locked(session, kept.review.flag_id)
    following.check_mandate(records.get(session, matter.record_id), kept.review.decision, caller)
    earlier = reviews.of(session, [matter.id]).get(matter.id, ())
    if kept.expected_version is not None and kept.expected_version != matter.version:
        raise stale(session, matter, earlier, kept.expected_version)
    flag_claims.require_free(session, matter.id, caller, kept.review.created_at)
    base = undoing.base(session, matter, earlier, kept.review.supersedes)
    if not kept.review.undo:
        more = bool(kept.said) or matter.status != base.status
        following.check_follows(base.status, kept.review.decision, more=more)
    after = _after(matter, base, kept.review)
    review = replace(kept.review, decision=after.status if after.status in reviews.TAKEN else FlagStatus.OPEN)
    holding = following.standing(earlier)
    if after.status is FlagStatus.PUBLISHED:
        following.check_four_eyes(session, holding, review)
        blind.check_settled(session, matter.id)
    appeal = appealing.to_answer(session, matter.id, review)
    digest = reviews.add(session, review, flag_version=matter.version, evidence_hash=matter.grounds.evidence_hash())
    memory.add(session, review, kept.said)
    _change(session, matter, after)
    flag_claims.release(session, matter.id, review.key_id)
    _tell(session, (matter, after, base), (kept, review, digest), caller)
    appealing.answered(session, appeal, review, caller)
    if review.supersedes is not None:
        appealing.unanswered(session, matter.id, review, caller)
    blind.first_given(session, kept.handed, review, caller)
    blind.draw(context, session, after, review)
    moved(session, kept.beside, review, caller)
    return flags.get(session, matter.id)


def _after(matter: Matter, base: undoing.Base, review: Review) -> Matter:
    return replace(
        matter,
        status=base.status if review.undo else review.decision,
        decided=base.decided if review.undo else True,
        version=matter.version + 1,
        updated_at=review.created_at,
        deferred_until=base.deferred_until if review.undo else review.until,
    )


def _change(session: Session, before: Matter, after: Matter) -> None:
    if before.status is FlagStatus.PUBLISHED:  # whoever copied it while it was open is told
        left = [gone for flag in flags.about(session, [before.community_id]) for gone in no_longer_open(flag)]
        tombstones.lay(session, left, after.updated_at)
    flags.change(session, [after])
    if unlisted(after):
        account = records.get(session, after.record_id).account
        codes.give(session, {after.community_id: wanted_code(account)}, after.updated_at)


def _tell(
    session: Session, course: tuple[Matter, Matter, undoing.Base], told: tuple[_Kept, Review, str], caller: Caller
) -> None:
    before, after, base = course
    kept, review, digest = told
    data = {"from": before.status.value, "to": after.status.value, "reason": review.reason_code}
    data |= {"review": review.id, "version": str(after.version), "sha256": digest}
    data |= undoing.remembered(base, before) | reviews.written(_written(review))
    if review.supersedes is not None:
        data |= {"supersedes": review.supersedes}
    data |= {f"entries_{answer}": str(number) for answer, number in _answers(kept.said).items()}
    events.add(session, [events.Event("flag.reviewed", before.id, review.created_at, caller, data)])


def _written(review: Review) -> dict[str, str | None]:
    """Return what is written in a decision in somebody's own words."""
    return {name: getattr(review, name) for name in reviews.WORDS}


def _answers(said: Sequence[memory.Said]) -> Counter[str]:
    """Return how many entries got which answer: an event names none of them."""
    answers = {(one.source, one.decided.ruling.official_id, one.decided.ruling.answer.value) for one in said}
    return Counter(answer for _, _, answer in answers)


def _opinion(context: Context, handed: Opinion, kept: _Kept, caller: Caller) -> Flag:
    """Keep what was judged without knowing what others decided; of three who differ, the last settles it."""
    settled = context.store.write(
        lambda session: blind.give(session, handed, (kept.review, kept.expected_version), caller)
    )
    if settled is not None:
        _keep(context, _Kept(replace(kept.review, id=new_id(), decision=settled), None), caller)
    with context.store.read() as session:
        return flags.get(session, handed.flag_id)
