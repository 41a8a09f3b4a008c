"""Columns rounded to decimals, to the very numbers that Python's `round` gives."""

from __future__ import annotations

import numpy as np

from matchers.pairs import Floats

_FEW = 16  # values up to which one by one is quicker
_NEAR = 1e-4  # of a unit of the last decimal: products of floats are never farther off than this


def rounded(values: Floats, digits: int) -> Floats:
    """Return a column rounded to decimals, halves as their exact binary value lies.

    Values times ten to the `digits` may be up to a billion.
    """
    if len(values) <= _FEW:
        return np.array([round(value, digits) for value in values.tolist()], np.float64)
    scale = 10.0**digits
    times = values * scale
    whole = np.rint(times)
    close = np.abs(np.abs(times - whole) - 0.5) < _NEAR
    found = whole / scale
    if close.any():
        found[close] = [round(value, digits) for value in values[close].tolist()]
    return np.asarray(found)
