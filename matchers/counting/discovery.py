"""Which undercounts may be published together: a list of thousands of tests is held to its share of false ones."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

RATE = 0.05  # share of a published list that may be false, in expectation
_ROUNDING = 1e-12


def publishable(p_under: ArrayLike, rate: float = RATE, lists: Sequence[Hashable] | None = None) -> NDArray[np.bool_]:
    """Return which tests belong to the largest set whose expected share of false ones is at most `rate`.

    The Bayesian false discovery rate of a set is its mean of 1 - p_under (Newton et al., Biostatistics 5(2), 2004). The
    likeliest come first; of equals all are taken or none, so that the order given never matters. With `lists`, one per
    test, each list is held to the rate by itself. A test without a probability (NaN) is never taken. Raises
    `ValueError` for a probability or rate that is none, or for lists of another length.
    """
    p = np.asarray(p_under, np.float64)
    known = p[~np.isnan(p)]
    if not 0 < rate < 1 or ((known < 0) | (known > 1)).any():
        msg = "false discoveries are held to a rate between 0 and 1, given probabilities from 0 to 1"
        raise ValueError(msg)
    if lists is None:
        return _taken(p, rate)
    if len(lists) != len(p):
        msg = f"every test is of one list: {len(p)} tests, {len(lists)} lists"
        raise ValueError(msg)
    rows: dict[Hashable, list[int]] = {}
    for row, name in enumerate(lists):
        rows.setdefault(name, []).append(row)
    taken = np.zeros(len(p), np.bool_)
    for own in rows.values():
        taken[own] = _taken(p[own], rate)
    return taken


def _taken(p: NDArray[np.float64], rate: float) -> NDArray[np.bool_]:
    values, counts = np.unique(p[~np.isnan(p)], return_counts=True)
    values, counts = values[::-1], counts[::-1]
    false = np.cumsum((1 - values) * counts) / np.cumsum(counts)
    within = int(np.searchsorted(false, rate + _ROUNDING, side="right"))
    return np.asarray(p >= values[within - 1]) if within else np.zeros(len(p), np.bool_)
