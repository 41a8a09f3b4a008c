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
_QUANTILES = ((0.05, -1.645), (0.5, 0.0), (0.95, 1.645))  # and those of the normal distribution, to start from
_SMALL = 1e-4  # step on ln kappa
_ROUNDS = 60  # halvings alone take 30
_NEVER = 1e-300
_FEW = 8  # pairs up to which all quantiles are sought together, which is then cheaper
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
    refused: list[str | None]  # the clause that says why, where there is no number

    def row(self, at: int) -> Coverage:
        """Return one of them. Raises `ValueError` with the sentence where it is refused."""
        if (because := self.refused[at]) is not None:
            msg = f"no coverage ratio: {because}"
            raise ValueError(msg)
        return Coverage(*(float(getattr(self, name)[at]) for name in Coverage.__slots__))


@lru_cache(maxsize=4096)
def coverage(  # noqa: PLR0913, PLR0917 - the formula's own symbols
    citizen: float,
    published: Published,
    s: float,
    growth: float = 0.0,
    delta: float = 0.10,
    *,
    prior: Prior = PRIOR,
) -> Coverage:
    """Return the posterior of kappa for a citizen count of `citizen` persons and a published one.

    `s` is the total standard deviation on the log scale, up to 3; `growth` the log growth from the official to the
    citizen date; `prior` what is believed of kappa before. Raises `ValueError` with a sentence when there is no
    positive citizen count, no official one, a negative one without noise, impossible bounds, or an s, growth or delta
    out of range.
    """
    return coverages(CountPairs.of([citizen], [published], s, growth=growth, delta=delta), prior).row(0)


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


def undercounts(pairs: CountPairs, prior: Prior = PRIOR) -> Floats:
    """Return the probability of an undercount alone, of pairs that are known to be none of those refused."""
    told = np.empty(len(pairs))
    for start in range(0, len(pairs), _BLOCK):
        block = pairs.take(slice(start, start + _BLOCK))
        for some, mixture in mixtures(block, prior):
            under = np.log1p(-block.delta[some])
            low, high = np.full(len(some), _LOW), np.full(len(some), _HIGH)
            short, enough = _mass(mixture, low, under), _mass(mixture, under, high)
            told[start + some] = short / np.maximum(short + enough, _NEVER)
    return told


def density(  # noqa: PLR0913 - as `coverage`
    citizen: float, published: Published, s: float, growth: float = 0.0, *, prior: Prior = PRIOR
) -> tuple[Floats, Floats]:
    """Return 2,048 values of kappa, evenly spaced on the log scale over all that is possible, and its log's density.

    Raises `ValueError` as `coverage` does.
    """
    pairs = CountPairs.of([citizen], [published], s, growth=growth)
    coverages(pairs, prior).row(0)
    ((_, mixture),) = mixtures(pairs, prior)
    at = np.linspace(_LOW, _HIGH, 2048)
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
    kappa = np.exp(np.where(possible[:, None], _quantiles(mixture, total), np.where(nothing, _LOW, _HIGH)[:, None]))
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


def _quantiles(mixture: Mixture, total: Floats) -> Floats:
    """Return the quantiles of ln kappa within its possible range, by row."""
    weights, means, sds = mixture.weights, mixture.means, mixture.sds
    sums = weights.sum(-1)
    mean = (weights * means).sum(-1) / sums
    sd = np.sqrt((weights * (sds**2 + (means - mean[:, None]) ** 2)).sum(-1) / sums)
    # Masses are counted from the end that the mean is nearer to or beyond: there they are exact.
    sign = np.where(mean < _LOW, -1.0, 1.0)
    end = np.where(sign > 0, _LOW, _HIGH)
    beyond = (ndtr(sign[:, None] * (end[:, None] - means) / sds) * weights).sum(-1)
    wanted = [beyond + total * np.where(sign > 0, quantile, 1 - quantile) for quantile, _ in _QUANTILES]
    start = [np.clip(mean + z * sd, _LOW, _HIGH) for _, z in _QUANTILES]
    if len(total) <= _FEW:
        times = len(_QUANTILES)
        each = Mixture(*(np.tile(column, (times, 1)) for column in (weights, means, sds)))
        together = _Open(each, np.tile(sign, times), np.concatenate(wanted), np.concatenate(start))
        return _solved(together).reshape(times, -1).T
    one_by_one = [_solved(_Open(mixture, sign, *sought)) for sought in zip(wanted, start, strict=True)]
    return np.stack(one_by_one, axis=1)


@dataclass(frozen=True, slots=True)
class _Open:
    """Rows whose quantile is still sought: where the mass up to it, or from it on, is the one wanted."""

    mixture: Mixture
    sign: Floats  # 1: up to it; -1: from it on
    wanted: Floats
    at: Floats

    def take(self, rows: NDArray[np.bool_], at: Floats) -> _Open:
        kept = self.mixture
        mixture = Mixture(kept.weights[rows], kept.means[rows], kept.sds[rows])
        return _Open(mixture, self.sign[rows], self.wanted[rows], at[rows])

    def step(self) -> tuple[Floats, Floats]:
        """Return by how much the mass at the present place exceeds the wanted quantile's, and its slope there."""
        z = (self.at[:, None] - self.mixture.means) / self.mixture.sds
        mass = (ndtr(self.sign[:, None] * z) * self.mixture.weights).sum(-1)
        slope = (np.exp(z * z * -0.5) * (self.mixture.weights / self.mixture.sds)).sum(-1) / math.sqrt(2 * math.pi)
        return self.sign * (mass - self.wanted), slope


def _solved(open_: _Open) -> Floats:
    """Return the quantiles, by Newton's method between bounds that close in, as fast as halving at least."""
    found, rows = open_.at.copy(), np.arange(len(open_.at))
    low, high = np.full(len(rows), _LOW), np.full(len(rows), _HIGH)
    for _ in range(_ROUNDS):
        excess, slope = open_.step()
        low, high = np.where(excess < 0, open_.at, low), np.where(excess < 0, high, open_.at)
        newton = open_.at - excess / np.maximum(slope, _NEVER)
        inside = (newton > low) & (newton < high)
        found[rows] = then = np.where(inside, newton, (low + high) / 2)
        # A step of Newton's squares the error: after a small one it is smaller than anybody asks.
        going = ~(inside & (np.abs(newton - open_.at) < _SMALL)) & (high - low > _SMALL**2)
        if not going.any():
            break
        open_, low, high, rows = open_.take(going, then), low[going], high[going], rows[going]
    return found
