"""Agreement: how far two people who judged the same matters apart from one another say the same.

Kappa compares the share on which they agree with what they would agree on by chance, if each spread their judgements as
they did and looked at nothing (Cohen, Educational and Psychological Measurement 20, 1960). Its standard error is the
large-sample one of Fleiss, Cohen and Everitt (Psychological Bulletin 72, 1969); where there are too few matters for it,
or all judgements agree, no interval of kappa is given. The interval of the share itself is Wilson's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import NDArray

_MATTERS_A_CELL = 2  # on average in the table of both judges, below which the approximation is not trusted
_NOTHING = 1e-12  # a standard error of 0: all agree or none, and nothing tells by how much chance could move it
_Z = 1.959963984540054  # 95 % of a normal distribution lie within so many standard deviations


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two judges agree on the same matters; None where too little was judged to say."""

    matters: int
    agreed: int
    share: float | None = None  # of the matters, on which both said the same
    share_low: float | None = None  # of a 95 % interval
    share_high: float | None = None
    by_chance: float | None = None  # the share that would agree by chance
    kappa: float | None = None  # 1: always the same, 0: as by chance; None too where both always said one thing
    kappa_low: float | None = None  # of a 95 % interval; None where its approximation does not hold
    kappa_high: float | None = None


def agreement(first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Return how far judgements of the same matters, in the same order, agree. Raises `ValueError` for two lengths."""
    if len(first) != len(second):
        msg = f"{len(first)} judgements cannot be paired with {len(second)}"
        raise ValueError(msg)
    if not first:
        return Agreement(0, 0)
    table = _table(first, second)
    n, agreed = int(table.sum()), int(np.trace(table))
    low, high = _wilson(agreed, n)
    shares = table / n
    chance = float(shares.sum(axis=1) @ shares.sum(axis=0))
    told = Agreement(n, agreed, agreed / n, low, high, chance)
    if chance >= 1:
        return told
    kappa = (agreed / n - chance) / (1 - chance)
    told = replace(told, kappa=kappa)
    off = _Z * _standard_error(shares, kappa, chance) / sqrt(n)
    if n < _MATTERS_A_CELL * len(table) ** 2 or off < _NOTHING:
        return told
    return replace(told, kappa_low=max(kappa - off, -1.0), kappa_high=min(kappa + off, 1.0))


def agreement_on(judgement: str, first: Sequence[str], second: Sequence[str]) -> Agreement:
    """Return how far both agree on whether matters are this one judgement, all others taken together."""
    return agreement(*([str(one == judgement) for one in judged] for judged in (first, second)))


def _table(first: Sequence[str], second: Sequence[str]) -> NDArray[np.float64]:
    """Return how often each judgement of the one met each of the other."""
    words = {word: at for at, word in enumerate(sorted({*first, *second}))}
    table = np.zeros((len(words), len(words)))
    np.add.at(table, ([words[one] for one in first], [words[one] for one in second]), 1)
    return table


def _standard_error(shares: NDArray[np.float64], kappa: float, chance: float) -> float:
    """Return the standard error of kappa for one matter; for n of them it is divided by the root of n."""
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    same = np.diag(shares) @ (1 - (rows + columns) * (1 - kappa)) ** 2
    met = (columns[:, None] + rows[None, :]) ** 2 * shares
    differ = (1 - kappa) ** 2 * (met.sum() - np.trace(met))
    return sqrt(max(float(same + differ - (kappa - chance * (1 - kappa)) ** 2), 0.0)) / (1 - chance)


def _wilson(agreed: int, n: int) -> tuple[float, float]:
    """Return the score interval of a share (Wilson, JASA 22, 1927)."""
    share, square = agreed / n, _Z**2
    middle = share + square / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + square / (4 * n**2))
    return max((middle - half) / (1 + square / n), 0.0), min((middle + half) / (1 + square / n), 1.0)
