"""The prior of absence: the share of records that a list of some kind does not hold."""

from __future__ import annotations

import numpy as np

from geodata.coverage import Completeness
from matchers.pairs import Floats
from matchers.priors import ListType

_ROUNDS = 1_000
_SETTLED = 1e-9
_LEAST = 1e-3  # no list is thought to hold everything, or nothing


def paths(claimed: Completeness, listed: ListType) -> tuple[str, ...]:
    """Return the parameters, under their dotted names, that set the prior of such a list (`matchers.priors`)."""
    usual = f"absence.q_{listed.value}"
    if claimed == Completeness.UNKNOWN:
        return (usual,)
    return (f"absence.q_{claimed.value}", usual) if claimed == Completeness.PARTIAL else (f"absence.q_{claimed.value}",)


def estimate(p_absent: Floats, q: float, pseudo: float) -> float:
    """Return the share of absent records (0..1) by EM, from posteriors (0..1) that were stated under the prior q.

    Each round states the posteriors anew under the mean of the last; `pseudo` records as q expects are among them.
    """
    share = q
    for _ in range(_ROUNDS):
        absent, listed = p_absent / q * share, (1 - p_absent) / (1 - q) * (1 - share)
        before = share
        share = counted(float((absent / (absent + listed)).sum()), len(p_absent), (q, pseudo))
        if abs(share - before) < _SETTLED:
            break
    return share


def counted(absent: float, records: float, prior: tuple[float, float]) -> float:
    """Return the share of absent records among some, beside a prior (share, worth in records)."""
    q, pseudo = prior
    total = records + pseudo
    return float(np.clip((absent + q * pseudo) / total, _LEAST, 1 - _LEAST)) if total else q
