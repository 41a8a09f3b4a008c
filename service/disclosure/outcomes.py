"""Outcomes as the organisation that sent a record is told them: by which office, why, and how to appeal.

Never by which person, and never the note that reviewers write for one another: what the senders are to read is written
for them, as the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.callers.caller import Caller, Right
from service.disclosure.policy import View, view_of
from service.reasons.codes import ReasonCodes
from service.store.appeals import Appeal
from service.store.outcomes import Outcome
from service.store.values import APPEALABLE, Flag


@dataclass(frozen=True, slots=True)
class Telling:
    """How outcomes are told here: the reasons in words, in which language, and for how many days one may appeal."""

    codes: ReasonCodes
    language: str
    appeal_days: int


def redact_outcome(outcome: Outcome, telling: Telling) -> dict[str, Any]:
    """Return an outcome as the organisation that sent the record is told it."""
    review = outcome.review
    return {
        "id": review.id,
        "flag_id": review.flag_id,
        "record_id": outcome.record_id,
        "own_id": outcome.own_id,
        "decision": review.decision.value,
        "taken_back": review.supersedes,
        "holds": outcome.holds,
        "status": outcome.status.value,
        "reason": {"code": review.reason_code, "label": telling.codes.label(review.reason_code, telling.language)},
        "office": review.organisation,
        "decided_at": review.created_at,
        "message": review.message,
        "question": review.question,
        "until": review.until,
        "appeal": _appeal(outcome, telling),
    }


def redact_appeals(appeals: tuple[Appeal, ...], flag: Flag, caller: Caller) -> list[dict[str, Any]]:
    """Return the appeals about a flag: to reviewers who may see its evidence, and to whoever made them."""
    inside = caller.holds(Right.READ) and view_of(flag.record, caller, published=False) is View.FULL
    blind = caller.key_id in flag.blind_to
    return [redact_appeal(one) for one in appeals if one.organisation == caller.organisation or (inside and not blind)]


def redact_appeal(appeal: Appeal) -> dict[str, Any]:
    """Return one appeal as those inside see it, without who wrote it."""
    names = ("id", "flag_id", "review_id", "organisation", "grounds", "evidence", "created_at")
    told = {name: getattr(appeal, name) for name in names}
    return {**told, "answered_by": appeal.answered_by, "answered_at": appeal.answered_at}


def _appeal(outcome: Outcome, telling: Telling) -> dict[str, Any]:
    ends = outcome.review.created_at + timedelta(days=telling.appeal_days)
    can = outcome.holds and outcome.review.decision in APPEALABLE and ends > datetime.now(UTC)
    made = outcome.appeal
    return {
        "possible": can,
        "until": ends if can else None,
        "address": f"/v1/flags/{outcome.review.flag_id}/appeals" if can else None,
        "made_at": made.created_at if made else None,
        "answered_at": made.answered_at if made else None,
        "answered_by": made.answered_by if made else None,
    }
