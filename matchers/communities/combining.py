"""One count from several accounts of one community: generalised least squares on the logarithms.

    mu = 1'S⁻¹x / 1'S⁻¹1        var = 1 / 1'S⁻¹1        Q = (x - mu)'S⁻¹(x - mu), chi-squared with k - 1 degrees

with S the covariance of the errors, from each count's standard deviation and how far the sources share their errors
(Aitken 1936). Where the counts differ by more than their errors allow, the error is widened and they are called
conflicting; of more than three, the median is taken then, which a single wild claim does not move.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from matchers.pairs import Floats

_CONFLICT = 0.05  # probability of a spread this wide by chance, below which counts contradict one another
_FAR_APART = 2.0  # greatest over smallest count that calls for a person
_FEW = 3  # counts above which the median is more to be trusted than a mean, where they conflict


@dataclass(frozen=True, slots=True)
class Combined:
    """Several counts as one."""

    value: float
    sd: float  # of its logarithm
    spread: float  # Q
    conflicting: bool
    far_apart: bool  # the greatest is more than twice the smallest


def combine(counts: Floats, sds: Floats, correlation: Floats) -> Combined:
    """Combine positive counts with the standard deviations of their logarithms and the correlations of their errors.

    A count that would get a negative weight, because it is nearly a copy of a better one, gets none. Raises
    `ValueError` for no counts, or one that is not positive.
    """
    if not len(counts) or bool((counts <= 0).any()):
        msg = "counts to combine must be positive, and at least one"
        raise ValueError(msg)
    logs = np.log(counts)
    covariance = correlation * np.outer(sds, sds)
    inverse = np.linalg.pinv(covariance)  # identical sources make it singular: the pseudo-inverse shares the weight
    raw = inverse.sum(axis=1)
    weights = np.maximum(raw, 0.0)
    weights /= weights.sum()
    mean = float(weights @ logs)
    variance = float(weights @ covariance @ weights)
    residual = logs - mean
    spread = float(residual @ inverse @ residual)
    freedom = len(counts) - 1
    conflicting = bool(freedom) and float(chdtrc(freedom, spread)) < _CONFLICT
    if conflicting:
        variance *= max(spread / freedom, 1.0)
    return Combined(
        value=float(np.median(counts)) if conflicting and len(counts) > _FEW else float(np.exp(mean)),
        sd=float(np.sqrt(variance)),
        spread=spread,
        conflicting=conflicting,
        far_apart=float(counts.max() / counts.min()) > _FAR_APART,
    )
