"""How likely a published number is, given the mean of the true one, under each way of disturbing counts.

The true number K is Poisson with mean exp(z). Everything is computed and returned as a logarithm, up to a term that
does not depend on z, and stays finite where the probability itself would underflow: far from agreement too, the counts
decide.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaincc, gammaln, wrightomega

Floats = NDArray[np.float64]

_TINY = 1e-280  # below, incomplete gamma functions lose their digits
_SADDLE = 2.0  # standard deviation of normal noise from which on the saddlepoint is as good as the sum (1e-4)
_SPAN = 8.0  # standard deviations of normal noise that a sum reaches


def plain(count: Floats, z: Floats) -> Floats:
    """Return the log likelihood of an undisturbed count, which may be a fraction where it is a share of one."""
    return np.asarray(count * z - np.exp(z))


def between(low: Floats, high: Floats, z: Floats) -> Floats:
    """Return the log probability that K lies from `low` to `high`, whole numbers.

    In the far tails, where both incomplete gamma functions underflow, by the outermost term and its geometric tail.
    """
    low, high, z = np.broadcast_arrays(low, high, z)
    mean = np.exp(z)
    above = mean > (low + high) / 2
    probability = np.empty(mean.shape)
    for side, gamma, sign in ((above, gammaincc, 1.0), (~above, gammainc, -1.0)):
        within = gamma(high[side] + 1, mean[side]) - gamma(low[side], mean[side])
        probability[side] = sign * within
    nearest = np.where(above, high, low)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        ratio = np.where(above, high / mean, mean / (low + 1))
        tail = nearest * z - mean - gammaln(nearest + 1) - np.log1p(-np.minimum(ratio, 0.999))
        return np.asarray(np.where(probability > _TINY, np.log(probability), tail))


def rounded(published: Floats, base: Floats, z: Floats) -> Floats:
    """Return the log probability of a number rounded to the nearest multiple of `base`; ties go either way."""
    low, high = published - base / 2, published + base / 2
    up = between(np.maximum(np.floor(low) + 1, 0), np.floor(high), z)
    down = between(np.maximum(np.ceil(low), 0), np.ceil(high) - 1, z)
    return np.asarray(np.logaddexp(up, down))


def random_rounded(published: Floats, base: Floats, z: Floats) -> Floats:
    """Return the log probability of a number rounded at random: a sum over the 2 base - 1 numbers it may come from."""
    reach = int(np.max(base)) - 1
    numbers = np.round(published)[..., None] + np.arange(-reach, reach + 1.0)
    weights = 1 - np.abs(numbers - published[..., None]) / base[..., None]
    return _summed(numbers, weights, z)


def geometric(published: Floats, epsilon: Floats, z: Floats) -> Floats:
    """Return the log probability of a number with two-sided geometric noise, in closed form.

    With a = exp(-epsilon) and n published, the true numbers up to n sum to a^n exp(m / a - m) Q(n + 1, m / a), those
    above to a^-n exp(m a - m) P(n + 1, m a), with m the mean, P and Q the regularized incomplete gamma functions.
    """
    n, mean = np.broadcast_arrays(np.round(published), np.exp(z))
    epsilon, z = np.broadcast_to(epsilon, mean.shape), np.broadcast_to(z, mean.shape)
    a, whole = np.exp(-epsilon), np.maximum(n, 0)
    outermost = whole * z - mean - gammaln(whole + 1)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        q, p = gammaincc(whole + 1, mean / a), gammainc(whole + 1, mean * a)
        lower_tail = outermost - np.log1p(-np.minimum(a * whole / mean, 0.999))
        upper_tail = outermost + z - np.log(whole + 1) - epsilon - np.log1p(-np.minimum(a * mean / (whole + 2), 0.999))
        lower = np.where(q > _TINY, mean / a - mean - whole * epsilon + np.log(q), lower_tail)
        upper = np.where(p > _TINY, mean * (a - 1) + whole * epsilon + np.log(p), upper_tail)
    return np.asarray(np.where(n >= 0, np.logaddexp(lower, upper), mean * (a - 1) + n * epsilon))


def normal(published: Floats, sd: Floats, z: Floats) -> Floats:
    """Return the log probability of a number with normal noise: a sum for small noise, its saddlepoint for large.

    The saddlepoint t solves m exp(t) + sd² t = n, which Wright's omega function does in closed form; with the term of
    second order the error is below 1e-4 of the probability.
    """
    large = sd >= _SADDLE
    if large.all():
        return _saddlepoint(published, sd, z)
    if not large.any():
        return _noisy(published, sd, z)
    return np.where(large, _saddlepoint(published, np.maximum(sd, _SADDLE), z), _noisy(published, sd, z))


def _saddlepoint(published: Floats, sd: Floats, z: Floats) -> Floats:
    variance = sd**2
    omega = wrightomega(z - np.log(variance) + published / variance)
    t, tilted = published / variance - omega, variance * omega
    spread = tilted + variance
    second = tilted / (8 * spread**2) - 5 * tilted**2 / (24 * spread**3)
    exponent = tilted - np.exp(z) + variance * t**2 / 2 - t * published
    return np.asarray(exponent - np.log(spread) / 2 + np.log1p(second))


def _noisy(published: Floats, sd: Floats, z: Floats) -> Floats:
    reach = int(np.ceil(_SPAN * min(float(np.max(sd)), _SADDLE)))
    numbers = np.maximum(np.round(published), 0)[..., None] + np.arange(-reach, reach + 1.0)
    apart = ((numbers - published[..., None]) / sd[..., None]) ** 2 / 2
    return _summed(numbers, np.exp(apart.min(-1, keepdims=True) - apart), z)


def _summed(numbers: Floats, weights: Floats, z: Floats) -> Floats:
    """Return the log of the sum of Poisson probabilities of `numbers`, weighted; one number after the other."""
    low, high = np.maximum(numbers[..., 0], 0), numbers[..., -1]
    peak = np.clip(np.floor(np.exp(z)), low, high)
    largest = peak * z - gammaln(peak + 1)
    total = np.zeros(z.shape)
    for number, weight in zip(np.moveaxis(numbers, -1, 0), np.moveaxis(weights, -1, 0), strict=True):
        possible = (number >= 0) & (weight > 0)
        if possible.any():
            whole = np.maximum(number, 0)
            total += np.where(possible, weight, 0) * np.exp(whole * z - gammaln(whole + 1) - largest)
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(total) + largest - np.exp(z))
