"""Chao's lower bounds: how many there are at least, where some are harder to see than others."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from matchers.coverage.histories import Histories, Impossible
from matchers.coverage.total import Total


@dataclass(frozen=True, slots=True)
class LowerBound:
    """At least so many, if whoever is likelier to be on one list is also likelier to be on others."""

    total: Total
    bias_corrected: float


def lower_bound(once: int, twice: int, seen: int) -> LowerBound:
    """Return Chao's (1987) bound from how many were seen once, twice and at all, where there is no most, as of arrests.

    Raises `Impossible` where nobody was seen twice, or more once and twice than at all.
    """
    if twice < 1 or min(once, seen - once - twice) < 0:
        message = f"{once:,} seen once and {twice:,} seen twice, of {seen:,} seen at all, tell no lower bound"
        raise Impossible(message, "count each once, by how often it was seen; some must have been seen twice")
    ratio = once / twice
    unseen = once**2 / (2 * twice)
    variance = twice * (ratio**4 / 4 + ratio**3 + ratio**2 / 2)
    corrected = seen + once * (once - 1) / (2 * (twice + 1))
    return LowerBound(Total.of(seen, unseen, math.sqrt(variance)), corrected)


def lower_bound_of_lists(histories: Histories) -> LowerBound | None:
    """Return Chao's (1989) bound for lists of different sizes; None where nothing is on exactly two of them.

    With Z the number on each list alone and f2 that on exactly two, as many are on none as the sum of Z_i Z_j over all
    pairs of lists divided by f2. Where sizes are equal and lists are many, that is the bound of 1987; with f2 + 1 and
    two lists it is Chapman's estimate. The variance is that of the delta method for Poisson cells, as Chao's.
    """
    on_lists = histories.histories.sum(axis=1)
    alone = histories.cells[on_lists == 1].astype(np.float64)
    twice = int(histories.cells[on_lists == 2].sum())  # noqa: PLR2004 - exactly two
    if twice == 0:
        return None
    others = alone.sum() - alone
    products = float((alone * others).sum() / 2)
    unseen = products / twice
    variance = float((alone * others**2).sum()) / twice**2 + unseen**2 / twice + unseen
    seen = histories.distinct
    return LowerBound(Total.of(seen, unseen, math.sqrt(variance)), seen + products / (twice + 1))
