"""Review: record what a person decided about a flag. Only such a decision publishes."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from service.caller import Caller, Role
from service.context import Context
from service.errors import INVALID, NOT_PERMITTED, STALE_STATE, Problem
from service.store import events, flags, reviews
from service.store.engine import Session
from service.store.values import Flag, FlagStatus, Review

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


def decide(context: Context, flag_id: str, decision: Decision, caller: Caller) -> Flag:
    """Keep a decision and return the flag as it stands then.

    Publishing needs a confirmed flag and another key than the one that confirmed it. Raises `Problem`: not permitted
    (no reviewer, or the same person twice), not found, stale state (saying who changed it and when), invalid (no
    reason, or a decision that does not follow from the present status).
    """
    if caller.organisation is None or caller.key_id is None or not caller.may(Role.REVIEWER):
        detail = "Only reviewers decide about flags."
        raise Problem(NOT_PERMITTED, detail)
    if not decision.reason_code.strip():
        detail = "A decision needs a reason code."
        raise Problem(INVALID, detail, errors=[{"pointer": "/reason_code", "message": "is empty"}])
    review = Review(
        id=uuid.uuid4().hex,
        flag_id=flag_id,
        decision=decision.decision,
        reason_code=decision.reason_code.strip(),
        note=decision.note,
        organisation=caller.organisation,
        key_id=caller.key_id,
        created_at=datetime.now(UTC),
    )
    return context.store.write(lambda session: _decide(session, review, decision.expected_version, caller))


def _decide(session: Session, review: Review, expected_version: int | None, caller: Caller) -> Flag:
    matter = flags.locked(session, review.flag_id)
    earlier = reviews.of(session, [review.flag_id]).get(review.flag_id, ())
    if expected_version is not None and expected_version != matter.version:
        raise _stale(matter, earlier, expected_version)
    _check_follows(matter.status, review.decision)
    if review.decision is FlagStatus.PUBLISHED:
        _check_four_eyes(earlier, review)
    reviews.add(session, review, flag_version=matter.version, evidence_hash=matter.grounds.evidence_hash())
    after = replace(
        matter, status=review.decision, decided=True, version=matter.version + 1, updated_at=review.created_at
    )
    flags.change(session, [after])
    data = {"from": matter.status.value, "to": review.decision.value, "reason": review.reason_code}
    data |= {"review": review.id, "version": str(after.version)}
    events.add(session, [events.Event("flag.reviewed", matter.id, review.created_at, caller, data)])
    return flags.get(session, matter.id)


def _check_follows(status: FlagStatus, decision: FlagStatus) -> None:
    allowed = TRANSITIONS[status] - {status}
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
