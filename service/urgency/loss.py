"""Expected loss: what it costs, on average, that nobody looks at a flag. Pure.

::

    loss = (P(wrong) * cost of that error + P(a true gap) * cost of waiting)
           * (1 + log10(1 + people)) * weight of the status * 2^(days waiting / doubling days)

Of a verdict that leaves it to people, the error is that of the better of both answers: the Bayes risk (Berger 1985,
§1.5.2). People count by their logarithm, so that a town does not bury a hamlet. Weights stand in the queue policy.

What is kept of a flag is `urgency`, the base-2 logarithm of its loss at `EPOCH`. All losses grow at one rate, so that
the order of any two flags never changes by waiting, and pages that follow it need no new numbers every day.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime

from matchers.base import Verdict
from service.urgency.policy import QueuePolicy

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)

_DAY_S = 86_400.0

#: Verdicts that say of the community itself that a list lacks something of it.
_GAPS = frozenset({Verdict.HIDDEN_PLACE, Verdict.HIDDEN_GROUP, Verdict.UNDERCOUNT})

#: Verdicts whose doubt the probability of absence tells.
_BY_ABSENCE = frozenset({Verdict.HIDDEN_PLACE, Verdict.NEEDS_REVIEW, Verdict.CONSISTENT})


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is known of a flag when it is ranked."""

    verdict: str
    p_absent: float | None
    people: float | None  # head count of the community; None where nobody counted
    status: str
    since: datetime  # when it was raised


def urgency(stakes: Stakes, policy: QueuePolicy) -> float:
    """Return the base-2 logarithm of the expected loss at `EPOCH`, as if the flag had waited since it was raised."""
    people = policy.people_unknown if stakes.people is None else max(stakes.people, 0.0)
    loss = _at_risk(stakes, policy) * (1 + math.log10(1 + people)) * policy.status.get(stakes.status, 1.0)
    return math.log2(loss) - _days(stakes.since) / policy.doubling_days


def expected_loss(kept: float, at: datetime, policy: QueuePolicy) -> float:
    """Return the expected loss at a moment of a flag whose `urgency` is kept; greater than 0, without a unit."""
    return float(2.0 ** min(kept + _days(at) / policy.doubling_days, 1000.0))


def p_wrong(verdict: str, p_absent: float | None, policy: QueuePolicy) -> float:
    """Return the probability that a verdict is wrong."""
    if p_absent is None or verdict not in _BY_ABSENCE:
        return max(policy.doubt.get(verdict, policy.doubt["unknown"]), policy.least_doubt)
    wrong = {Verdict.HIDDEN_PLACE.value: 1 - p_absent, Verdict.CONSISTENT.value: p_absent}
    return max(wrong.get(verdict, min(p_absent, 1 - p_absent)), policy.least_doubt)


def _at_risk(stakes: Stakes, policy: QueuePolicy) -> float:
    wrong = p_wrong(stakes.verdict, stakes.p_absent, policy)
    if stakes.verdict == Verdict.NEEDS_REVIEW:
        absent = policy.doubt["unknown"] if stakes.p_absent is None else stakes.p_absent
        risk = min(absent * policy.missed, (1 - absent) * policy.false_absence)
        return max(risk, policy.least_doubt * min(policy.missed, policy.false_absence)) + absent * policy.waiting
    gap = 1 - wrong if stakes.verdict in _GAPS else 0.0
    cost = policy.false_absence if stakes.verdict in _GAPS else policy.missed
    return wrong * cost + gap * policy.waiting


def _days(at: datetime) -> float:
    return (at - EPOCH).total_seconds() / _DAY_S
