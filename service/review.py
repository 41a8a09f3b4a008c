"""Review: record what a person decided about a flag. Only such a decision publishes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from service import clock
from service.caller import Caller, Role
from service.context import Context
from service.disclosure.gone import no_longer_open
from service.errors import INVALID, NOT_PERMITTED, STALE_STATE, Problem
from service.placing import place_now
from service.provisional import unlisted, wanted_code
from service.ruling import SILENT, Rulings, ruled
from service.store import codes, events, flag_claims, flags, memory, records, reviews, tombstones
from service.store.engine import Session
from service.store.identifiers import new_id
from service.store.values import Flag, FlagStatus, Review
from service.verify import verify

_OPENINGS = frozenset({FlagStatus.OPEN, FlagStatus.IN_REVIEW})
_ANSWERS = frozenset(
    {
        FlagStatus.CONFIRMED,
        FlagStatus.MATCHED_EXISTING,
        FlagStatus.REJECTED,
        FlagStatus.NEEDS_FIELD_CHECK,
        FlagStatus.UNVERIFIABLE,
        FlagStatus.DEFERRED,
        FlagStatus.WITHDRAWN,
    }
)
#: What may be decided next. Every matter can be taken up again; only a confirmed one can be published, and what is
#: public can only be taken back or withdrawn. `resolved_by_release` is no opinion: only an official release brings it.
TRANSITIONS: dict[FlagStatus, frozenset[FlagStatus]] = {
    **dict.fromkeys(FlagStatus, _OPENINGS | _ANSWERS),
    FlagStatus.CONFIRMED: _OPENINGS | _ANSWERS | {FlagStatus.PUBLISHED},
    FlagStatus.PUBLISHED: frozenset({FlagStatus.IN_REVIEW, FlagStatus.REJECTED, FlagStatus.WITHDRAWN}),
    FlagStatus.RESOLVED_BY_RELEASE: _OPENINGS,
    FlagStatus.WITHDRAWN: _OPENINGS,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, why (a short code, mandatory), and on which version of the flag they looked."""

    decision: FlagStatus
    reason_code: str
    note: str | None = None
    expected_version: int | None = None  # None: whatever the present version is
    rulings: Rulings = SILENT  # what it says about entries of the list


def decide(context: Context, flag_id: str, decision: Decision, caller: Caller) -> Flag:
    """Keep a decision and return the flag as it stands then.

    Publishing needs a confirmed flag and another key than the one that confirmed it. Raises `Problem`: not permitted
    (no reviewer, or the same person twice), not found, stale state (saying who changed it and when), claimed (somebody
    else is at work on it, who and until when), invalid (no
    reason, a decision that does not follow from the present status, or an entry that the list does not hold).

    What it says about entries is remembered (`docs/memory.md`), and its records are verified again at once.
    """
    if caller.organisation is None or caller.key_id is None or not caller.may(Role.REVIEWER):
        detail = "Only reviewers decide about flags."
        raise Problem(NOT_PERMITTED, detail)
    if not decision.reason_code.strip():
        detail = "A decision needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])
    review = Review(
        id=new_id(),
        flag_id=flag_id,
        decision=decision.decision,
        reason_code=decision.reason_code.strip(),
        note=decision.note,
        organisation=caller.organisation,
        key_id=caller.key_id,
        created_at=clock.now(),
    )
    said = ruled(context, review, decision.rulings)
    kept = _Kept(review, decision.expected_version, said)
    flag = context.store.write(lambda session: _decide(session, kept, caller))
    if decision.decision is FlagStatus.PUBLISHED:
        place_now(context, [flag_id])
    if not said:
        return flag
    verify(context, list(dict.fromkeys(one.decided.ruling.record_id for one in said)))
    with context.store.read() as session:
        return flags.get(session, flag_id)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A decision ready to be kept."""

    review: Review
    expected_version: int | None
    said: tuple[memory.Said, ...]


def _decide(session: Session, kept: _Kept, caller: Caller) -> Flag:
    review, expected_version = kept.review, kept.expected_version
    matter = flags.locked(session, review.flag_id)
    earlier = reviews.of(session, [review.flag_id]).get(review.flag_id, ())
    if expected_version is not None and expected_version != matter.version:
        raise _stale(matter, earlier, expected_version)
    flag_claims.require_free(session, matter.id, caller, review.created_at)
    _check_follows(matter.status, review.decision, more=bool(kept.said))
    if review.decision is FlagStatus.PUBLISHED:
        _check_four_eyes(earlier, review)
    digest = reviews.add(session, review, flag_version=matter.version, evidence_hash=matter.grounds.evidence_hash())
    memory.add(session, review, kept.said)
    after = replace(
        matter, status=review.decision, decided=True, version=matter.version + 1, updated_at=review.created_at
    )
    if matter.status is FlagStatus.PUBLISHED:  # whoever copied it while it was open is told
        left = [gone for flag in flags.about(session, [matter.community_id]) for gone in no_longer_open(flag)]
        tombstones.lay(session, left, after.updated_at)
    flags.change(session, [after])
    flag_claims.release(session, matter.id, review.key_id)
    if unlisted(after):
        account = records.get(session, after.record_id).account
        codes.give(session, {after.community_id: wanted_code(account)}, review.created_at)
    data = {"from": matter.status.value, "to": review.decision.value, "reason": review.reason_code}
    data |= {"review": review.id, "version": str(after.version), "sha256": digest}
    data |= {"note": noted} if (noted := reviews.note_digest(review.note)) else {}
    data |= {f"entries_{answer}": str(number) for answer, number in _answers(kept.said).items()}
    events.add(session, [events.Event("flag.reviewed", matter.id, review.created_at, caller, data)])
    return flags.get(session, matter.id)


def _answers(said: tuple[memory.Said, ...]) -> Counter[str]:
    """Return how many entries got which answer: an event names none of them."""
    answers = {(one.source, one.decided.ruling.official_id, one.decided.ruling.answer.value) for one in said}
    return Counter(answer for _, _, answer in answers)


def _check_follows(status: FlagStatus, decision: FlagStatus, *, more: bool) -> None:
    """Refuse what does not follow. Deciding the same again follows only from saying `more` than the status."""
    allowed = TRANSITIONS[status] - (frozenset() if more else {status})
    if decision not in allowed:
        detail = f"A flag that is {status} cannot become {decision}."
        expected = f"expected one of {', '.join(sorted(allowed))}"
        raise Problem(INVALID, detail, errors=[{"pointer": "/decision", "message": expected}])


def _check_four_eyes(earlier: tuple[Review, ...], review: Review) -> None:
    confirmed = next(old for old in reversed(earlier) if old.decision is FlagStatus.CONFIRMED)
    if confirmed.key_id == review.key_id:
        detail = "Whoever confirmed a flag does not publish it: ask another reviewer."
        raise Problem(NOT_PERMITTED, detail)


def _stale(matter: flags.Matter, earlier: tuple[Review, ...], expected: int) -> Problem:
    last = earlier[-1] if earlier else None
    by_person = last is not None and last.created_at == matter.updated_at
    who = last.organisation if last is not None and by_person else "a new verification"
    detail = (
        f"You decided on version {expected}, but {who} brought the flag to version {matter.version} "
        f"({matter.status}) at {matter.updated_at:%Y-%m-%d %H:%M:%S} UTC."
    )
    return Problem(STALE_STATE, detail, version=matter.version, status=matter.status.value)
