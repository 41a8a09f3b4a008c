"""Deciding on the page of a case: what may be chosen there, and what a form that was sent says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geodata.personal.texts import blot
from service.errors import INVALID, Mistake, Problem
from service.reasons.codes import Reason, ReasonCodes
from service.review import TRANSITIONS, Decision
from service.ruling import Rulings
from service.store.values import FlagStatus
from service.web.speech import deferred


@dataclass(frozen=True, slots=True)
class Choice:
    """A decision as it stands on the page."""

    key: int  # that chooses it
    decision: FlagStatus
    label: str
    meaning: str


#: In the order in which they are offered; a choice keeps its number wherever it stands.
_CHOICES = (
    Choice(1, FlagStatus.CONFIRMED, deferred("Confirm"), deferred("The list lacks it, as the account says.")),
    Choice(2, FlagStatus.MATCHED_EXISTING, deferred("It is on the list"), deferred("Choose below which entry it is.")),
    Choice(
        3, FlagStatus.REJECTED, deferred("Reject"), deferred("There is no such community, or it is not for this list.")
    ),
    Choice(4, FlagStatus.NEEDS_FIELD_CHECK, deferred("Ask for a field check"), deferred("Somebody has to go there.")),
    Choice(5, FlagStatus.UNVERIFIABLE, deferred("Cannot be verified"), deferred("Nobody can find out.")),
    Choice(6, FlagStatus.DEFERRED, deferred("Defer"), deferred("Not now; say until when.")),
    Choice(7, FlagStatus.PUBLISHED, deferred("Publish"), deferred("A second person agrees, and it becomes public.")),
    Choice(8, FlagStatus.IN_REVIEW, deferred("Take it up again"), deferred("It is looked at once more.")),
)
_NONE = "none"
_LONGEST = {"note": 4_000, "message": 2_000, "question": 2_000}  # signs
_TOLD = frozenset({"message", "question"})  # to those who sent the records


def choices(case: Mapping[str, Any]) -> tuple[Choice, ...]:
    """Return what a case may become."""
    allowed = TRANSITIONS[FlagStatus(case["status"])] - {FlagStatus(case["status"])}
    return tuple(one for one in _CHOICES if one.decision in allowed)


def offered(case: Mapping[str, Any], codes: ReasonCodes) -> tuple[Reason, ...]:
    """Return the reasons that go with any choice about a case, in the order of their list."""
    possible = {one.decision.value for one in choices(case)}
    return tuple(reason for reason in codes.reasons.values() if possible & set(reason.decisions))


def decision_of(form: Mapping[str, str]) -> Decision:
    """Return the decision that a form says. Raises `Problem` (invalid) for what a form of ours does not say."""
    try:
        decision, version = FlagStatus(form.get("decision", "")), int(form.get("version", ""))
    except ValueError as error:
        wrong = Mistake("/decision", "Nothing was chosen.", "Choose what becomes of the flag.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()]) from error
    entry = form.get("official_id", "")
    same = entry if decision is FlagStatus.MATCHED_EXISTING and entry not in {"", _NONE} else None
    if decision is FlagStatus.MATCHED_EXISTING and same is None:
        wrong = Mistake("/official_id", "It was not said which entry it is.", "Choose one of the candidates.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    rulings = Rulings(same=same, none_of_these=entry == _NONE and decision is not FlagStatus.MATCHED_EXISTING)
    texts = {name: _text(name, form.get(name, "").strip()) for name in _LONGEST}
    asks = decision is FlagStatus.NEEDS_FIELD_CHECK
    texts["question"] = texts["question"] if asks else None  # the field is on the page whatever is chosen
    until = _day(form.get("until", "")) if decision is FlagStatus.DEFERRED else None
    return Decision(
        decision,
        form.get("reason_code", ""),
        expected_version=version,
        rulings=rulings,
        until=until,
        blind=form.get("blind") == "1",
        **texts,
    )


def _text(name: str, text: str) -> str | None:
    """Return what was written; what is told to others holds nothing about one person."""
    if len(text) > _LONGEST[name]:
        wrong = Mistake(f"/{name}", f"This is longer than {_LONGEST[name]:,} signs.", "Write less.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    for rule in blot(text).rules if name in _TOLD else ():
        wrong = Mistake(f"/{name}", f"This holds what is about one person: {rule.label}.", f"Leave it out. {rule.why}")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()])
    return text or None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError as error:
        wrong = Mistake("/until", f"“{text}” is no day.", "Write it as year-month-day, such as 2027-03-31.")
        raise Problem(INVALID, wrong.message, errors=[wrong.members()]) from error
