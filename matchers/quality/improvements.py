"""What to mend first: the gaps of a grade, ordered by what closing them would bring."""

from __future__ import annotations

from dataclasses import dataclass

from matchers.quality.criteria import MOST
from matchers.quality.grade import Grade, index_of, letter_of
from matchers.quality.policy import CRITERIA, Policy

#: Where in a passport that stands which must not be missing.
WHERE = {
    "contact": "organisation.contact",
    "consent_basis": "ethics.consent_basis",
    "date": "reference.start",
    "method_code": "method.code",
    "licence": "licence",
    "universe": "scope.universe",
    "governance": "ethics.governance",
}


@dataclass(frozen=True, slots=True)
class Improvement:
    """One thing to mend, and what it would bring."""

    what: tuple[str, ...]  # any of these
    criterion: str | None  # whose score it raises; None for what must not be missing
    gain: float  # of the index, for one point more
    grade: str  # reached with that point, all else as it is


def improvements(found: Grade, policy: Policy) -> tuple[Improvement, ...]:
    """Return what would raise a grade: first what must not be missing, then what brings most."""
    scores = [one.score for one in found.criteria]
    ideal = letter_of(scores, policy)
    needed = [Improvement((f"declare {WHERE[name]}",), None, 0.0, ideal) for name in found.missing]
    better = [
        _better(scores, at, one.improve, policy)
        for at, one in enumerate(found.criteria)
        if one.score < MOST and one.improve
    ]
    better.sort(key=lambda one: (one.grade, -one.gain))
    return (*needed, *better)


def _better(scores: list[int], at: int, what: tuple[str, ...], policy: Policy) -> Improvement:
    raised = [score + (each == at) for each, score in enumerate(scores)]
    gain = index_of(raised, policy.weights) - index_of(scores, policy.weights)
    return Improvement(what, CRITERIA[at], round(gain, 6), letter_of(raised, policy))
