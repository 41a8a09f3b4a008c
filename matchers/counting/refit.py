"""The prior of coverage learned from a country's own matched pairs, by empirical Bayes."""

from __future__ import annotations

import numpy as np

from matchers.counting.nodes import mixtures
from matchers.counting.pairs import CountPairs, refusals
from matchers.counting.prior import PRIOR, Prior

LEAST_PAIRS = 200
_ROUNDS = 200
_SETTLED = 1e-4
_PSEUDO = 5.0  # pairs for which each component of the prior before speaks, so that none dies out or grows a spike
_NARROWEST = 0.02


def refitted(pairs: CountPairs, start: Prior = PRIOR) -> Prior:
    """Return the mixture under which the pairs are most probable, drawn a little towards `start`.

    Expectation-maximisation on the same nodes as the posterior: each component's share of a pair, and the mean and
    spread of ln kappa under it, are exact. Pairs that are refused are left out. Raises `ValueError` below 200 pairs,
    which would teach noise. What it returns speaks of matched communities, whose records were made for some reason: it
    is for a country's statisticians to judge. `matchers.training.coverage` writes it into parameters that somebody
    trains; nothing else uses it by itself.
    """
    fine = pairs.take(np.flatnonzero([sentence is None for sentence in refusals(pairs)]))
    if len(fine) < LEAST_PAIRS:
        msg = f"a prior is learned from at least {LEAST_PAIRS} pairs of counts, not from {len(fine)}"
        raise ValueError(msg)
    prior = start
    for _ in range(_ROUNDS):
        then = _improved(fine, prior, start)
        moved = max(np.abs(np.subtract(a, b)).max() for a, b in zip(_columns(then), _columns(prior), strict=True))
        prior = then
        if moved < _SETTLED:
            break
    return prior


def _columns(prior: Prior) -> tuple[tuple[float, ...], ...]:
    return prior.weights, prior.means, prior.sds


def _improved(pairs: CountPairs, prior: Prior, start: Prior) -> Prior:
    """Return the prior after one round."""
    parts = len(prior.weights)
    share, first, second = np.zeros(parts), np.zeros(parts), np.zeros(parts)
    for _, mixture in mixtures(pairs, prior):
        by_part = (len(mixture.weights), parts, -1)
        total = mixture.weights.sum(-1)[:, None, None]
        held = mixture.weights.reshape(by_part) / total
        at, spread = mixture.means.reshape(by_part), mixture.sds.reshape(by_part)
        share += held.sum((0, 2))
        first += (held * at).sum((0, 2))
        second += (held * (at**2 + spread**2)).sum((0, 2))
    weights, means, sds = (np.array(column) for column in _columns(start))
    count = share + _PSEUDO
    mean = (first + _PSEUDO * means) / count
    square = (second + _PSEUDO * (means**2 + sds**2)) / count
    weight = share + _PSEUDO * weights
    sd = np.maximum(np.sqrt(np.maximum(square - mean**2, 0)), _NARROWEST)
    return Prior(tuple((weight / weight.sum()).tolist()), tuple(mean.tolist()), tuple(sd.tolist()))
