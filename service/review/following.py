"""Following: which decision may come after which, by whom, and what it has to carry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from service.callers.caller import Caller, Right
from service.callers.permission import required
from service.errors import INVALID, NOT_PERMITTED, Mistake, Problem
from service.reasons.codes import DECISIONS, UNDO, ReasonCodes
from service.store import keys
from service.store.engine import Session
from service.store.values import JUDGEMENTS, FlagStatus, Record, Review

_OPENINGS = frozenset({FlagStatus.OPEN, FlagStatus.IN_REVIEW})
ANSWERS = frozenset({*JUDGEMENTS, FlagStatus.DEFERRED, FlagStatus.WITHDRAWN})
#: What may be decided next. Every matter can be taken up again; only a confirmed one can be published, and what is
#: public can only be taken back or withdrawn. `resolved_by_release` is no opinion: only an official release brings it.
TRANSITIONS: dict[FlagStatus, frozenset[FlagStatus]] = {
    **dict.fromkeys(FlagStatus, _OPENINGS | ANSWERS),
    FlagStatus.CONFIRMED: _OPENINGS | ANSWERS | {FlagStatus.PUBLISHED},
    FlagStatus.PUBLISHED: frozenset({FlagStatus.IN_REVIEW, FlagStatus.REJECTED, FlagStatus.WITHDRAWN}),
    FlagStatus.RESOLVED_BY_RELEASE: _OPENINGS,
    FlagStatus.WITHDRAWN: _OPENINGS,
    FlagStatus.APPEALED: ANSWERS | {FlagStatus.IN_REVIEW},  # an appeal is answered, not laid aside
}

#: What answers an appeal; putting it off or taking it up does not.
ANSWERING = frozenset({*JUDGEMENTS, FlagStatus.WITHDRAWN})

_LISTED = "GET /v1/reason-codes says what each means."

#: A matter is put off for this long at most.
LONGEST = timedelta(days=731)


def check_follows(status: FlagStatus, decision: FlagStatus, *, more: bool) -> None:
    """Refuse what does not follow. Deciding the same again follows only from saying `more` than the status."""
    allowed = TRANSITIONS[status] - (frozenset() if more else {status})
    if decision not in allowed:
        detail = f"A flag that is {status} cannot become {decision}."
        expected = f"expected one of {', '.join(sorted(allowed))}"
        raise Problem(INVALID, detail, errors=[{"pointer": "/decision", "message": expected}])


def check_reason(codes: ReasonCodes, code: str, decision: FlagStatus | None, given: frozenset[str]) -> None:
    """Refuse a reason that is not on the list for this decision (None: one is taken back), or lacks what it needs."""
    named = UNDO if decision is None else decision.value
    if not code:
        raise refused(Mistake("/reason_code", "A decision needs a reason code.", _LISTED))
    if named not in DECISIONS:  # nobody decides that, whatever the reason: `check_follows` says so
        return
    fitting = codes.fitting(named)
    if code not in fitting:
        whole = "There is no such reason" if code not in codes.reasons else f"This reason is not for {named}"
        raise refused(Mistake("/reason_code", f"{whole}: {code}.", f"Use one of {', '.join(fitting)}. {_LISTED}"))
    missing = [need for need in codes.reasons[code].needs if need not in given]
    if missing:
        message = f"The reason {code} needs {missing[0]}."
        raise refused(Mistake(f"/{missing[0]}", message, "Say it, or give another reason."))


def check_until(decision: FlagStatus | None, until: date | None) -> None:
    """Refuse a deferral without a day, or to one that is not ahead, and a day beside any other decision."""
    if decision is not FlagStatus.DEFERRED:
        if until is not None:
            hint = "Leave `until` out, or defer the matter."
            raise refused(Mistake("/until", "A day goes with the decision deferred.", hint))
        return
    today = datetime.now(UTC).date()
    hint = f"Give the day on which it is put before people again, such as {today + timedelta(days=90)}."
    if until is None:
        raise refused(Mistake("/until", "Whoever defers a matter says until when.", hint))
    if not today < until <= today + LONGEST:
        raise refused(Mistake("/until", "A matter is deferred to a day that is ahead, within two years.", hint))


def check_question(decision: FlagStatus | None, question: str | None) -> None:
    """Refuse a question beside anything but a field check."""
    if question is not None and decision is not FlagStatus.NEEDS_FIELD_CHECK:
        hint = "Write it as `message`, or decide needs_field_check."
        raise refused(Mistake("/question", "A question goes with the decision needs_field_check.", hint))


def check_mandate(speaking: Record, decision: FlagStatus, caller: Caller) -> None:
    """Refuse who may not decide so where the community lies; publishing is a right of its own."""
    there = caller.at(speaking.account.country, speaking.account.admin)
    if decision is FlagStatus.PUBLISHED:
        required(there, Right.PUBLISH, "Publishing")
    required(there, Right.REVIEW, "Deciding about this flag")


def check_four_eyes(session: Session, earlier: Sequence[Review], review: Review) -> None:
    """Refuse that whoever confirmed a flag publishes it, also under a key that theirs was exchanged for."""
    confirmed = next((old for old in reversed(earlier) if old.decision is FlagStatus.CONFIRMED), None)
    if confirmed is not None and keys.same_hand(session, confirmed.key_id, review.key_id):
        detail = "Whoever confirmed a flag does not publish it: ask another publisher."
        raise Problem(NOT_PERMITTED, detail)


def standing(earlier: Sequence[Review]) -> tuple[Review, ...]:
    """Return the decisions that nobody took back, and that are not themselves only the taking back of one."""
    gone = {one.supersedes for one in earlier if one.supersedes}
    return tuple(one for one in earlier if one.id not in gone and not one.undo)


def refused(mistake: Mistake) -> Problem:
    """Return the problem of one thing that is wrong in a decision."""
    return Problem(INVALID, mistake.message, errors=[mistake.members()])
