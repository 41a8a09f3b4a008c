"""One count from several accounts of one community: generalised least squares on the logarithms.

    mu = 1'S⁻¹x / 1'S⁻¹1        var = 1 / 1'S⁻¹1        Q = (x - mu)'S⁻¹(x - mu), chi-squared with k - 1 degrees

with S the covariance of the errors, from each count's standard deviation and how far the sources share their errors
(Aitken 1936). Where the counts differ by more than their errors allow, the error is widened by Q / (k - 1) and they are
called conflicting; of more than three, the median is taken then, which a single wild claim does not move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from matchers.pairs import Floats, Rows

_CONFLICT = 0.05  # probability of a spread this wide by chance, below which counts contradict one another
_FAR_APART = 2.0  # greatest over smallest count that calls for a person
_FEW = 3  # counts above which the median is more to be trusted than a mean, where they conflict
_SAME = 1 - 1e-9  # correlation from which two sources are one source
_LEAST_EIGENVALUE = 0.05  # of correlations: below it a difference of nearly shared errors would weigh without bound


@dataclass(frozen=True, slots=True)
class Combined:
    """Several counts as one."""

    value: float
    sd: float  # of its logarithm
    spread: float  # Q
    conflicting: bool
    far_apart: bool  # the greatest is more than twice the smallest
    weights: tuple[float, ...]  # of each count given, in the mean of the logarithms; they sum to one


def combine(counts: Floats, sds: Floats, correlation: Floats) -> Combined:
    """Combine positive counts with the standard deviations of their logarithms and the correlations of their errors.

    Counts whose errors are wholly shared are one source: the surest of them stands for all. A count that would get a
    negative weight, because it is nearly a copy of a better one, gets none. Raises `ValueError` for no counts, one that
    is not positive, a standard deviation that is not, or what is no matrix of correlations of these.
    """
    _check(counts, sds, correlation)
    source = _sources(correlation)
    stands = [_surest(np.flatnonzero(source == one), sds) for one in np.unique(source)]
    first = np.array([rows[0] for rows in stands])
    logs = np.array([np.log(counts[rows]).mean() for rows in stands])
    covariance = _possible(correlation[np.ix_(first, first)]) * np.outer(sds[first], sds[first])
    inverse = np.linalg.inv(covariance)
    raw = np.maximum(inverse.sum(axis=1), 0.0)
    weights = raw / raw.sum()
    mean = float(weights @ logs)
    variance = float(weights @ covariance @ weights)
    residual = logs - mean
    spread = float(residual @ inverse @ residual)
    freedom = len(logs) - 1
    conflicting = bool(freedom) and float(chdtrc(freedom, spread)) < _CONFLICT
    if conflicting:
        variance *= max(spread / freedom, 1.0)
    return Combined(
        value=float(np.exp(np.median(logs) if conflicting and len(logs) > _FEW else mean)),
        sd=float(np.sqrt(variance)),
        spread=spread,
        conflicting=conflicting,
        far_apart=float(counts.max() / counts.min()) > _FAR_APART,
        weights=_shared_out(weights, stands, len(counts)),
    )


def _check(counts: Floats, sds: Floats, correlation: Floats) -> None:
    size = len(counts)
    if not size or not bool((np.isfinite(counts) & (counts > 0)).all()):
        msg = "counts to combine must be positive, and at least one"
        raise ValueError(msg)
    if len(sds) != size or not bool((np.isfinite(sds) & (sds > 0)).all()):
        msg = "each count to combine needs a standard deviation above zero"
        raise ValueError(msg)
    fits = correlation.shape == (size, size) and bool(np.isfinite(correlation).all())
    if not fits or not np.allclose(correlation, correlation.T) or not np.allclose(np.diag(correlation), 1.0):
        msg = f"the correlations of {size} counts are a symmetric matrix of that size with ones on its diagonal"
        raise ValueError(msg)
    if bool((np.abs(correlation) > 1).any()):
        msg = "a correlation lies between -1 and 1"
        raise ValueError(msg)


def _sources(correlation: Floats) -> Rows:
    """Return a number for each count, the same for those whose errors are wholly shared, directly or by others."""
    source = np.arange(len(correlation))
    for one, other in zip(*np.nonzero(np.triu(correlation >= _SAME, 1)), strict=True):
        source[source == source[other]] = source[one]
    return source


def _surest(rows: Rows, sds: Floats) -> Rows:
    surest: Rows = rows[sds[rows] <= sds[rows].min()]
    return surest


def _possible(correlation: Floats) -> Floats:
    """Return the correlations, drawn towards none as little as it takes for them to be true together.

    Judged pair by pair they need not be: one source that shares its survey with two others that share nothing.
    """
    least = float(np.linalg.eigvalsh(correlation)[0])
    if least >= _LEAST_EIGENVALUE:
        return correlation
    share = (_LEAST_EIGENVALUE - least) / (1 - least)
    return np.asarray((1 - share) * correlation + share * np.eye(len(correlation)))


def _shared_out(weights: Floats, stands: Sequence[Rows], size: int) -> tuple[float, ...]:
    """Return the weight of each count: that of its source, or none where a surer one stands for it."""
    own = np.zeros(size)
    for weight, rows in zip(weights, stands, strict=True):
        own[rows] = weight / len(rows)
    return tuple(own.tolist())
