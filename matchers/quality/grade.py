"""The quality index and the grade: from scores by a policy's weights and bars, with what must not be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from matchers.quality.criteria import MOST, Asked, Criterion, criteria
from matchers.quality.policy import CRITERIA, GRADES, Action, Policy

_DECIMALS = 6  # of the index, so that .7999999 reaches .8


@dataclass(frozen=True, slots=True)
class Grade:
    """What a collection, or one record of it, is worth by a policy."""

    grade: str  # A, B, C or D
    index: float  # 0 to 1
    criteria: tuple[Criterion, ...]  # in the order of `matchers.quality.policy.CRITERIA`
    missing: tuple[str, ...]  # of what must not be missing; any makes it D
    actions: tuple[str, ...]  # what it may be used for
    policy: str  # version of the policy

    def plain(self) -> dict[str, Any]:
        """Return it as JSON values."""
        scored = [asdict(one) | {"improve": list(one.improve)} for one in self.criteria]
        return asdict(self) | {"criteria": scored, "missing": list(self.missing), "actions": list(self.actions)}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Grade:
        """Return a grade as it was kept."""
        scored = tuple(Criterion(**{**one, "improve": tuple(one["improve"])}) for one in plain["criteria"])
        return cls(**{**plain, "criteria": scored, **{key: tuple(plain[key]) for key in ("missing", "actions")}})


def index_of(scores: Sequence[int], weights: Mapping[str, float]) -> float:
    """Return the quality index of five scores of 0 to 3: their weighted mean over 3, to six decimals."""
    weighed = (weights[name] * score for name, score in zip(CRITERIA, scores, strict=True))
    return round(sum(weighed) / MOST, _DECIMALS)


def letter_of(scores: Sequence[int], policy: Policy) -> str:
    """Return the best grade whose bar five scores reach, leaving aside what must not be missing."""
    index = index_of(scores, policy.weights)
    reached = (name for name in GRADES if _reaches(index, min(scores), policy, name))
    return next(reached, GRADES[-1])


def grade(asked: Asked, policy: Policy) -> Grade:
    """Return what a collection or a record is worth."""
    found = criteria(asked)
    scores = [one.score for one in found]
    missing = missing_of(asked, policy)
    letter = GRADES[-1] if missing else letter_of(scores, policy)
    allowed = policy.actions(letter)
    actions = tuple(action.value for action in Action if action in allowed)
    return Grade(letter, index_of(scores, policy.weights), found, missing, actions, policy.version)


def missing_of(asked: Asked, policy: Policy) -> tuple[str, ...]:
    """Return what must not be missing and is."""
    passport = asked.passport
    there = {
        "contact": passport.organisation.contact,
        "consent_basis": passport.ethics.consent_basis,
        "date": asked.dated,
        "method_code": asked.code,
        "licence": passport.licence,
        "universe": passport.scope.universe,
        "governance": passport.ethics.governance,
    }
    return tuple(name for name in policy.missing if not there[name])


def _reaches(index: float, least: int, policy: Policy, name: str) -> bool:
    bar = policy.bars[name]
    return index >= bar.index and least >= bar.criterion
