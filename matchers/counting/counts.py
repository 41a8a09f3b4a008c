"""The undercount test: the posterior of an official count's coverage ratio, given a citizen count of the same people.

kappa = official count / true count on a common universe and date. The citizen count is the truth times an error, the
official count is Poisson around kappa times the truth; all multiplicative errors together have the standard deviation s
on the log scale. From 1,000 persons on the Poisson is taken as normal on that scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: ln kappa from 0.005 to 5.
_GRID = np.linspace(math.log(0.005), math.log(5), 4001)
_STEP = float(_GRID[1] - _GRID[0])

#: Weight, mean and standard deviation of ln kappa: mostly complete, selective undercoverage, overcount. The widths span
#: published net coverage errors, from -0.24 % (US 2020 total) to 31 % (South Africa 2022).
PRIOR = ((0.70, 0.0, 0.10), (0.20, -0.35, 0.60), (0.10, 0.35, 0.60))

_LARGE = 1000
_BETWEEN = 100  # numbers tried where only bounds are published


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the two counts say about coverage."""

    p_under: float  # probability that kappa is below 1 - delta
    p_over: float  # probability that kappa is above 1 + delta
    median: float  # of kappa
    low: float  # 5 % quantile of kappa
    high: float  # 95 % quantile of kappa
    shortfall: float  # persons, at the median

    @property
    def p_consistent(self) -> float:
        """Probability that kappa lies within delta of one."""
        return 1 - self.p_under - self.p_over


@lru_cache(maxsize=4096)
def coverage(citizen: float, official: float, s: float, growth: float = 0.0, delta: float = 0.10) -> Coverage:  # noqa: PLR0913, PLR0917 - the formula's own five symbols
    """Return the posterior of kappa for a citizen count of `citizen` persons and a published one of `official`.

    `s` is the total standard deviation on the log scale, `growth` the log growth from the official to the citizen date.
    Raises `ValueError` when the citizen count is not positive or the official one negative.
    """
    if citizen <= 0 or official < 0 or s <= 0:
        msg = f"a coverage ratio needs counts, not {citizen} and {official} with s = {s}"
        raise ValueError(msg)
    expected = citizen * math.exp(-growth)
    return _summary(citizen, _likelihood(official, expected, s), delta)


@lru_cache(maxsize=4096)
def coverage_between(citizen: float, official: tuple[float, float], s: float, delta: float = 0.10) -> Coverage:
    """Return the posterior of kappa where the official count is withheld but for its bounds, as in "<10".

    `official` are the least and the greatest number it may be; each in between is as likely before the counts are
    compared. Raises `ValueError` as `coverage` does.
    """
    low, high = official
    if citizen <= 0 or low < 0 or high < low or s <= 0:
        msg = f"a coverage ratio needs counts, not {citizen} and {low} to {high} with s = {s}"
        raise ValueError(msg)
    numbers = np.unique(np.round(np.linspace(low, high, min(int(high - low) + 1, _BETWEEN))))
    return _summary(citizen, np.sum([_likelihood(number, citizen, s) for number in numbers], axis=0), delta)


def _likelihood(official: float, expected: float, s: float) -> Floats:
    return _normal(official, expected, s) / official if official >= _LARGE else _poisson(official, expected, s)


def _summary(citizen: float, likelihood: Floats, delta: float) -> Coverage:
    density = _prior() * likelihood
    density /= density.sum()
    cumulated = np.cumsum(density)
    quantiles = np.exp(_GRID[np.minimum(np.searchsorted(cumulated, (0.05, 0.5, 0.95)), len(_GRID) - 1)])
    return Coverage(
        p_under=float(density[math.log(1 - delta) > _GRID].sum()),
        p_over=float(density[math.log(1 + delta) < _GRID].sum()),
        median=float(quantiles[1]),
        low=float(quantiles[0]),
        high=float(quantiles[2]),
        shortfall=float(citizen * (1 - quantiles[1])),
    )


@lru_cache(maxsize=1)
def _prior() -> Floats:
    weights = np.sum([share * _normal_density(_GRID, mean, spread) for share, mean, spread in PRIOR], axis=0)
    return np.asarray(weights / weights.sum())


def _normal(official: float, expected: float, s: float) -> Floats:
    spread = math.sqrt(s**2 + 1 / official)
    return _normal_density(_GRID, math.log(official / expected), spread)


def _poisson(official: float, expected: float, s: float) -> Floats:
    """Return the Poisson likelihood blurred by a normal error of standard deviation s.

    A sum over points half the integrand's width apart is exact to rounding (the trapezoidal rule on an analytic
    function), also where the likelihood is tiny: a Fourier transform would drown that in its rounding errors. The
    integrand's curvature is 1/s² plus the mean at its mode, which is the count plus its distance on the log scale over
    s², at most 11 on this grid for a count in the list's hundreds and a record's millions.
    """
    width = 1 / math.sqrt(official + 12 / s**2)
    stride = max(int(width / 2 / _STEP), 1)
    reach = math.ceil(10 * s / (_STEP * stride))
    wide = math.log(expected) + _GRID[0] + _STEP * np.arange(-reach * stride, len(_GRID) + reach * stride)
    sharp = np.exp(round(official) * wide - np.exp(wide) - math.lgamma(round(official) + 1))
    kernel = _normal_density(_STEP * stride * np.arange(-reach, reach + 1), 0, s)
    blurred = np.empty(len(_GRID))
    for phase in range(stride):
        blurred[phase::stride] = np.convolve(sharp[phase::stride], kernel / kernel.sum(), mode="valid")
    return blurred


def _normal_density(x: NDArray[np.floating[Any]], mean: float, spread: float) -> Floats:
    return np.asarray(np.exp(-(((x - mean) / spread) ** 2) / 2) / (spread * math.sqrt(2 * math.pi)))
