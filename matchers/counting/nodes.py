"""From pairs of counts to the posterior of coverage, as a mixture of normals.

The prior of ln kappa is a mixture of normals and all multiplicative errors are normal on the log scale. Given the mean
of the published count, each component is therefore normal after the fact too, in closed form, and only that mean is
left to integrate over: by the trapezoidal rule, whose error falls faster than any power of the step for functions so
smooth. Its nodes lie where prior and likelihood together are not negligible, as close as the sharpest part of the
likelihood asks for.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import wrightomega

from matchers.counting import likelihood
from matchers.counting.mechanisms import Kind, Mechanism
from matchers.counting.pairs import CODE, KINDS, CountPairs
from matchers.counting.prior import Floats, Prior

_DROP = 18.0  # what lies further down than exp(-18) is left out
_REACH = math.sqrt(2 * _DROP)  # in standard deviations
_STEP = 1.0  # in standard deviations of the sharpest part: error below 1e-6
_SHARPEST = 0.001  # on the log scale: nothing is resolved further
_SIZES = (16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 192, 256, 384, 512, 1024, 2048, 4096, 8192, 16384)
_LARGE = 1000  # from this number on the Poisson is taken as normal on the log scale,
_SMALL_NOISE = 0.05  # unless noise or rounding blur it by more than this share
_AT_ONCE = 32_768  # values in one array: what the processor's cache holds, and memory stays flat


@dataclass(frozen=True, slots=True)
class Mixture:
    """A mixture of normals per row, in columns of components: weights up to a factor per row."""

    weights: Floats
    means: Floats
    sds: Floats


@dataclass(frozen=True, slots=True)
class _Window:
    """Where the nodes of each row and component of the prior lie, on the scale of the log mean."""

    left: Floats
    right: Floats
    size: NDArray[np.int64]  # nodes, one number per row; 1 where the Poisson is taken as normal


def mixtures(pairs: CountPairs, prior: Prior) -> Iterator[tuple[NDArray[np.intp], Mixture]]:
    """Yield the posteriors of pairs that `matchers.counting.pairs.refusals` has nothing against, some rows at a time.

    Rows come in no particular order, each once. Its nodes depend on a row alone, not on its company.
    """
    window = _windows(pairs, prior)
    kind = _kinds(pairs)
    order = np.lexsort((pairs.scale, kind, window.size))
    changes = np.flatnonzero(np.diff(window.size[order]) | np.diff(kind[order])) + 1
    for rows in np.split(order, changes):
        if not len(rows):
            continue
        size = int(window.size[rows[0]])
        step = max(_AT_ONCE // (size * len(prior.weights)), 1)
        for start in range(0, len(rows), step):
            some = rows[start : start + step]
            part = pairs.take(some)
            if size == 1:
                yield some, _closed(part, prior)
            else:
                ends = _Window(window.left[some], window.right[some], window.size[some])
                yield some, _integrated(part, prior, ends, KINDS[kind[some[0]]])


def _kinds(pairs: CountPairs) -> NDArray[np.int8]:
    """Return the kind of likelihood: where only bounds are published, those are what is known."""
    bounds = (pairs.low < pairs.high) | (pairs.kind == CODE[Kind.SUPPRESSED])
    return np.where(bounds, CODE[Kind.SUPPRESSED], pairs.kind).astype(np.int8)


def _behind(pairs: CountPairs) -> tuple[Floats, Floats]:
    """Return the least and the greatest true number that a published one may reasonably stand for."""
    away = np.select(
        [pairs.kind == CODE[kind] for kind in (Kind.ROUNDED, Kind.RANDOM_ROUNDED, Kind.GEOMETRIC, Kind.NORMAL)],
        [pairs.scale / 2, pairs.scale - 1, _DROP / np.where(pairs.scale > 0, pairs.scale, 1), _REACH * pairs.scale],
        0.0,
    )
    return np.maximum(pairs.low - away, 0), np.maximum(pairs.high + away, 0)


def _noise(pairs: CountPairs) -> Floats:
    """Return the standard deviation of what the publisher adds, in persons."""
    sd = np.zeros(len(pairs))
    for kind, scale in {*zip(pairs.kind.tolist(), pairs.scale.tolist(), strict=True)}:
        if KINDS[kind] is not Kind.SUPPRESSED:
            sd[(pairs.kind == kind) & (pairs.scale == scale)] = Mechanism(KINDS[kind], scale).sd
    return sd


def _expected(pairs: CountPairs) -> Floats:
    """Return the log of the number that full coverage would have shown at the official date."""
    return np.asarray(np.log(pairs.citizen) - pairs.growth)


def _windows(pairs: CountPairs, prior: Prior) -> _Window:
    low, high = (_[:, None] for _ in _behind(pairs))
    mu = np.array(prior.means) + _expected(pairs)[:, None]
    variance = pairs.s[:, None] ** 2 + np.array(prior.sds) ** 2
    first, last = (_mode(count, mu, variance) for count in (low, high))
    peak = np.exp(first)
    # To the left a Poisson likelihood falls at least as peak t² / (2 + t), the prior as t² / (2 variance).
    falls = (_DROP + np.sqrt(_DROP**2 + 8 * _DROP * peak)) / (2 * peak)
    left = first - np.minimum(_REACH * np.sqrt(variance), falls)
    right = last + _REACH / np.sqrt(np.exp(last) + 1 / variance)
    # Beyond the prior's own reach lies nothing, unless the counts themselves lie there.
    beyond = np.maximum(mu + _REACH * np.sqrt(variance), first + _REACH / np.sqrt(peak + 1 / variance))
    right = np.minimum(right, beyond)
    sharpest = np.minimum(last, right)
    noise = np.where(pairs.kind == CODE[Kind.NORMAL], pairs.scale, 0.0)[:, None]
    curvature = np.exp(sharpest) / (1 + noise**2 * np.exp(-sharpest)) + 1 / variance
    # What lies below a threshold of kappa fades out over this width, as seen from the mean.
    edge = pairs.s[:, None] * np.sqrt(variance) / np.array(prior.sds)
    step = _STEP * np.maximum(np.minimum(1 / np.sqrt(curvature), edge), _SHARPEST)
    wanted = np.max((right - left) / step, axis=1) + 1
    size = np.array(_SIZES)[np.minimum(np.searchsorted(_SIZES, wanted), len(_SIZES) - 1)]
    closed = (pairs.low == pairs.high) & (pairs.low >= _LARGE) & (_noise(pairs) <= _SMALL_NOISE * pairs.low)
    return _Window(left, right, np.where(closed, 1, size))


def _mode(count: Floats, mu: Floats, variance: Floats) -> Floats:
    """Return where prior times Poisson likelihood is greatest: count - exp(z) = (z - mu) / variance."""
    shifted = mu + count * variance
    return np.asarray(shifted - wrightomega(shifted + np.log(variance)))


def _closed(pairs: CountPairs, prior: Prior) -> Mixture:
    """Return posteriors of large counts, whose likelihood is normal on the log scale."""
    blur = pairs.s**2 + 1 / pairs.low + (_noise(pairs) / pairs.low) ** 2
    z = np.log(pairs.low)[:, None, None]
    return _mixture(z, np.zeros((len(pairs), 1, 1)), _Blurred(prior, _expected(pairs), blur))


def _integrated(pairs: CountPairs, prior: Prior, window: _Window, kind: Kind) -> Mixture:
    size = int(window.size[0])
    step = (window.right - window.left) / (size - 1)
    z = window.left[..., None] + step[..., None] * np.arange(size)
    log = _likelihood(pairs, kind, z) + np.log(step)[..., None]
    return _mixture(z, log, _Blurred(prior, _expected(pairs), pairs.s**2))


def _likelihood(pairs: CountPairs, kind: Kind, z: Floats) -> Floats:
    low, scale = pairs.low[:, None, None], pairs.scale[:, None, None]
    if kind is Kind.NONE:
        return likelihood.plain(low, z)
    if kind is Kind.SUPPRESSED:
        behind = (np.ceil(_behind(pairs)[0]), np.floor(_behind(pairs)[1]))
        return likelihood.between(behind[0][:, None, None], behind[1][:, None, None], z)
    disturbed = {
        Kind.ROUNDED: likelihood.rounded,
        Kind.RANDOM_ROUNDED: likelihood.random_rounded,
        Kind.GEOMETRIC: likelihood.geometric,
        Kind.NORMAL: likelihood.normal,
    }[kind]
    return disturbed(low, scale, z)


@dataclass(frozen=True, slots=True)
class _Blurred:
    """A prior, and the normal error around what it says of each row."""

    prior: Prior
    expected: Floats
    blur: Floats  # variance of the error


def _mixture(z: Floats, log_likelihood: Floats, blurred: _Blurred) -> Mixture:
    """Return the posterior of ln kappa given log means `z` (rows, components, nodes) and how likely each is."""
    prior, blur = blurred.prior, blurred.blur[:, None]
    weights, means, sds = np.array(prior.weights), np.array(prior.means), np.array(prior.sds)
    variance = blur + sds**2
    kappa = z - blurred.expected[:, None, None]
    away = kappa - means[:, None]
    log = np.log(weights) - np.log(variance) / 2
    log = log[..., None] + log_likelihood - away**2 / (2 * variance[..., None])
    height = np.exp(log - log.max((1, 2), keepdims=True))
    center = means[:, None] + away * (sds**2 / variance)[..., None]
    spread = np.broadcast_to((sds * np.sqrt(blur / variance))[..., None], height.shape)
    flat = (len(height), -1)
    return Mixture(height.reshape(flat), center.reshape(flat), spread.reshape(flat))
