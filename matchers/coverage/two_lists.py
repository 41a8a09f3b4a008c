"""Two lists: the total from their sizes and how many stand on both (Lincoln-Petersen, Chapman)."""

from __future__ import annotations

import math

from matchers.coverage.total import Total


def lincoln_petersen(first: int, second: int, both: float) -> float:
    """Return first * second / both; infinite where nothing stands on both."""
    return first * second / both if both else math.inf


def chapman(first: int, second: int, both: int) -> Total:
    """Return Chapman's (1951) nearly unbiased estimate for two independent lists that were linked without error."""
    value = (first + 1) * (second + 1) / (both + 1) - 1
    variance = (first + 1) * (second + 1) * (first - both) * (second - both) / ((both + 1) ** 2 * (both + 2))
    seen = first + second - both
    return Total.of(seen, value - seen, math.sqrt(variance))
