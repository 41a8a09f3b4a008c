"""The undercount test: the posterior of an official count's coverage ratio, given a citizen count of the same people.

kappa = official count / true count on a common universe and date. The citizen count is the truth times an error, the
official count is Poisson around kappa times the truth, disturbed as its publisher says; all multiplicative errors
together have the standard deviation s on the log scale. From 1,000 persons on the Poisson is taken as normal there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from matchers.counting.mechanisms import Published
from matchers.counting.nodes import Mixture, mixtures
from matchers.counting.pairs import CountPairs, refusals
from matchers.counting.prior import LEAST, MOST, PRIOR, Floats, Prior

_LOW, _HIGH = math.log(LEAST), math.log(MOST)
_QUANTILES = np.array([0.05, 0.5, 0.95])
_EXACT = 1e-7  # of ln kappa
_ROUNDS = 60  # halvings alone would reach `_EXACT` in 27
_NEVER = 1e-300
_BLOCK = 8192  # pairs whose nodes are laid out together


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the two counts say about coverage."""

    p_under: float  # probability that kappa is below 1 - delta
    p_over: float  # probability that kappa is above 1 + delta
    median: float  # of kappa
    low: float  # 5 % quantile of kappa
    high: float  # 95 % quantile of kappa
    shortfall: float  # persons, at the median
    bayes_factor: float  # of an undercount: by how much the counts raised its odds

    @property
    def p_consistent(self) -> float:
        """Probability that kappa lies within delta of one."""
        return 1 - self.p_under - self.p_over


@dataclass(frozen=True, slots=True)
class Coverages:
    """What many pairs of counts say, in their order: the columns of `Coverage`, NaN where a pair is refused."""

    p_under: Floats
    p_over: Floats
    median: Floats
    low: Floats
    high: Floats
    shortfall: Floats
    bayes_factor: Floats
    refused: list[str | None]  # the sentence that says why, where there is no number

    def row(self, at: int) -> Coverage:
        """Return one of them. Raises `ValueError` with the sentence where it is refused."""
        if self.refused[at] is not None:
            raise ValueError(self.refused[at])
        return Coverage(*(float(getattr(self, name)[at]) for name in Coverage.__slots__))


@lru_cache(maxsize=4096)
def coverage(citizen: float, published: Published, s: float, growth: float = 0.0, delta: float = 0.10) -> Coverage:  # noqa: PLR0913, PLR0917 - the formula's own five symbols
    """Return the posterior of kappa for a citizen count of `citizen` persons and a published one.

    `s` is the total standard deviation on the log scale, up to 3; `growth` the log growth from the official to the
    citizen date. Raises `ValueError` with a sentence when there is no positive citizen count, no official one, a
    negative one without noise, impossible bounds, or an s, growth or delta out of range.
    """
    return coverages(CountPairs.of([citizen], [published], s, growth=growth, delta=delta)).row(0)


def coverages(pairs: CountPairs, prior: Prior = PRIOR) -> Coverages:
    """Return the posteriors of many pairs. A pair that is refused has no number, and takes no other down."""
    refused = refusals(pairs)
    told = np.full((len(Coverage.__slots__), len(pairs)), np.nan)
    fine = np.flatnonzero([sentence is None for sentence in refused])
    for start in range(0, len(fine), _BLOCK):
        rows = fine[start : start + _BLOCK]
        block = pairs.take(rows)
        for some, mixture in mixtures(block, prior):
            told[:, rows[some]] = _told(block.take(some), mixture, prior)
    return Coverages(**dict(zip(Coverage.__slots__, told, strict=True)), refused=refused)


def density(citizen: float, published: Published, s: float, growth: float = 0.0) -> tuple[Floats, Floats]:
    """Return 512 values of kappa, evenly spaced on the log scale over its possible range, and the density of ln kappa.

    Raises `ValueError` as `coverage` does.
    """
    pairs = CountPairs.of([citizen], [published], s, growth=growth)
    coverages(pairs).row(0)
    ((_, mixture),) = mixtures(pairs, PRIOR)
    at = np.linspace(_LOW, _HIGH, 512)
    z = (at[:, None] - mixture.means) / mixture.sds
    heights = (np.exp(-(z**2) / 2) * mixture.weights / mixture.sds).sum(-1)
    return np.exp(at), heights / (heights.sum() * (at[1] - at[0]))


def _told(pairs: CountPairs, mixture: Mixture, prior: Prior) -> NDArray[np.float64]:
    under, over = np.log1p(-pairs.delta), np.log1p(pairs.delta)
    low, high = np.full(len(pairs), _LOW), np.full(len(pairs), _HIGH)
    short, enough = _mass(mixture, low, under), _mass(mixture, under, high)
    many, total = _mass(mixture, over, high), short + enough
    possible = total > _NEVER
    # Where the counts lie so far apart that all of the posterior is outside the possible, its nearer end is the answer.
    nothing = (mixture.means * mixture.weights).sum(-1) < _LOW * mixture.weights.sum(-1)
    short, enough = np.where(possible, short, nothing), np.where(possible, enough, ~nothing)
    many, total = np.where(possible, many, ~nothing), np.where(possible, total, 1.0)
    quantiles = np.where(nothing, _LOW, _HIGH)[:, None] * np.ones(len(_QUANTILES))
    quantiles[possible] = _quantiles(mixture, total, np.flatnonzero(possible))
    kappa = np.exp(quantiles)
    before = prior.between(_LOW, under)
    odds = short / np.maximum(enough, _NEVER) / (before / (1 - before))
    return np.array(
        [short / total, many / total, kappa[:, 1], kappa[:, 0], kappa[:, 2], pairs.citizen * (1 - kappa[:, 1]), odds]
    )


def _mass(mixture: Mixture, low: Floats, high: Floats) -> Floats:
    """Return the mass of each row between two values of ln kappa, exact in either tail."""
    a = (low[:, None] - mixture.means) / mixture.sds
    b = (high[:, None] - mixture.means) / mixture.sds
    side = np.where(a > 0, -1.0, 1.0)
    return np.asarray((np.abs(ndtr(side * b) - ndtr(side * a)) * mixture.weights).sum(-1))


def _quantiles(mixture: Mixture, total: Floats, rows: NDArray[np.intp]) -> Floats:
    """Return quantiles of ln kappa, by Newton's method between bounds that close in, as fast as halving at least."""
    found = np.empty((len(rows), len(_QUANTILES)))
    weights, means, sds = (column[rows] for column in (mixture.weights, mixture.means, mixture.sds))
    sums = weights.sum(-1)
    mean = (weights * means).sum(-1) / sums
    sd = np.sqrt((weights * (sds**2 + (means - mean[:, None]) ** 2)).sum(-1) / sums)
    for at, quantile in enumerate(_QUANTILES):
        start = np.clip(mean + _START[at] * sd, _LOW, _HIGH)
        part = Mixture(weights, means, sds)
        found[:, at] = _solved(part, quantile * total[rows], start)
    return found


_START = (-1.645, 0.0, 1.645)  # quantiles of the normal distribution


def _solved(mixture: Mixture, wanted: Floats, start: Floats) -> Floats:
    at, low, high = start, np.full(len(start), _LOW), np.full(len(start), _HIGH)
    found, open_ = start.copy(), np.arange(len(start))
    for _ in range(_ROUNDS):
        more = _mass(mixture, np.full(len(at), _LOW), at) - wanted
        slope = (np.exp(-(((at[:, None] - mixture.means) / mixture.sds) ** 2) / 2) * mixture.weights / mixture.sds).sum(
            -1
        ) / math.sqrt(2 * math.pi)
        low, high = np.where(more < 0, at, low), np.where(more < 0, high, at)
        newton = at - more / np.maximum(slope, _NEVER)
        then = np.where((newton > low) & (newton < high), newton, (low + high) / 2)
        found[open_] = then
        going = (np.abs(then - at) > _EXACT) & (high - low > _EXACT)
        if not going.any():
            break
        mixture = Mixture(*(column[going] for column in (mixture.weights, mixture.means, mixture.sds)))
        at, low, high, wanted, open_ = then[going], low[going], high[going], wanted[going], open_[going]
    return found
