"""Make stated probabilities of absence hold: Platt's sigmoid on their log odds, or isotonic where labels abound.

Platt, J. (1999), "Probabilistic outputs for support vector machines"; its targets, smoothed so that no finite set of
labels ever asks for a probability of zero or one, as corrected by Lin, Lin and Weng (2007), Machine Learning 68.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import isotonic_regression, minimize
from scipy.special import expit, logit

from matchers.pairs import Flags, Floats

SMALLEST = 1e-9  # probabilities are told to nine digits, so nothing is nearer to zero or one
LEAST_SLOPE = 0.05  # probabilities that say nothing become flat, but never turn around
ISOTONIC_LABELS = 1_000  # with fewer, isotonic regression follows chance


def fit(p: Floats, absent: Flags, pseudo: float = 0.0) -> tuple[float, float]:
    """Return slope (> 0) and intercept of `expit(slope * logit(p) + intercept)`, the calibrated probability.

    `p` are stated probabilities of absence (0..1), `absent` says of each whether it was so; what is stated counts as
    `pseudo` labels beside those. Without labels the answer is the identity (1, 0); where all labels say the same, only
    the intercept moves. Raises `ValueError` when the two differ in length or `p` is not a probability.
    """
    _check(p, absent)
    if not len(p):
        return 1.0, 0.0
    odds, target = _log_odds(p), _targets(p, absent, pseudo)
    movable = absent.any() and not absent.all() and float(np.ptp(odds)) > 0

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] * odds + at[1]
        gap = expit(z) - target
        return float(np.mean(np.logaddexp(0, z) - target * z)), np.array([np.mean(gap * odds), np.mean(gap)])

    bounds = [(LEAST_SLOPE, None) if movable else (1.0, 1.0), (None, None)]
    found = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), float(found[1])


def temperature(p: Floats, absent: Flags, pseudo: float = 0.0) -> float:
    """Return the slope (> 0) alone, with no intercept: one number, for sets too small to move the base rate.

    Raises `ValueError` as `fit` does.
    """
    _check(p, absent)
    if not len(p):
        return 1.0
    odds, target = _log_odds(p), _targets(p, absent, pseudo)

    def loss(at: Floats) -> tuple[float, Floats]:
        z = at[0] * odds
        return float(np.mean(np.logaddexp(0, z) - target * z)), np.array([np.mean((expit(z) - target) * odds)])

    return float(minimize(loss, np.array([1.0]), jac=True, method="L-BFGS-B", bounds=[(LEAST_SLOPE, None)]).x[0])


def isotonic(p: Floats, absent: Flags) -> tuple[Floats, Floats]:
    """Return knots (ascending p, calibrated p) of the isotonic fit, to be read by `numpy.interp`.

    Raises `ValueError` with fewer than `ISOTONIC_LABELS` labels, and as `fit` does.
    """
    _check(p, absent)
    if len(p) < ISOTONIC_LABELS:
        msg = f"isotonic calibration needs {ISOTONIC_LABELS:,} labels, there are {len(p):,}"
        raise ValueError(msg)
    at, inverse, weight = np.unique(p, return_inverse=True, return_counts=True)
    share = np.bincount(inverse, absent.astype(np.float64)) / weight
    return at, np.asarray(isotonic_regression(share, weights=weight).x)


def _log_odds(p: Floats) -> Floats:
    return np.asarray(logit(np.clip(p, SMALLEST, 1 - SMALLEST)))


def _targets(p: Floats, absent: Flags, pseudo: float) -> Floats:
    """Return what each probability should become.

    Platt's (n1 + 1) / (n1 + 2) for what was so and 1 / (n0 + 2) for what was not; or, where what is stated counts as
    labels, the mean of both. Either way few labels never ask for certainty.
    """
    if pseudo:
        return np.asarray((len(p) * absent + pseudo * p) / (len(p) + pseudo))
    yes = int(absent.sum())
    return np.where(absent, (yes + 1) / (yes + 2), 1 / (len(absent) - yes + 2))


def _check(p: Floats, absent: Flags) -> None:
    if len(p) != len(absent):
        msg = f"{len(p):,} probabilities cannot be held against {len(absent):,} labels"
        raise ValueError(msg)
    if not np.all((p >= 0) & (p <= 1)):
        msg = "calibration needs probabilities between 0 and 1"
        raise ValueError(msg)
