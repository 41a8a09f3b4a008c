"""What a pair of counts could show at all: the greatest official count that still proves an undercount.

A test that finds nothing says little where it could have found nothing. All ratios are of the official count to what
full coverage would have shown at its date, the citizen count less growth. The prior of coverage is the default
one, also where a country's own was learned: what a count can show is said, and tabulated, once for everybody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matchers.counting.mechanisms import NONE, Kind, Mechanism, Published
from matchers.counting.pairs import CODE, CountPairs, refusals
from matchers.counting.posterior import coverage, undercounts

Floats = NDArray[np.float64]

_S = np.geomspace(0.02, 3.0, 31)
_EXPECTED = np.geomspace(1, 200_000, 61)  # beyond, nothing changes any more
_HALVINGS = 15
_LEAST_COUNT = -0.95  # a likelihood needs no whole counts; below none at all, to interpolate up to the last that is one
_EXACT = 1e-4  # of s


@dataclass(frozen=True, slots=True)
class Bar:
    """What counts as shown."""

    p: float = 0.95
    delta: float = 0.10


BAR = Bar()


def detectable(citizen: float, s: float, mechanism: Mechanism = NONE, bar: Bar = BAR) -> float | None:
    """Return the greatest ratio at which a published count would show an undercount; None where not even zero would.

    `citizen` is the number that full coverage would have shown, `s` the total standard deviation on the log scale. An
    undisturbed count is looked up (see `detectables`); for others every step is a posterior, some milliseconds in all.
    Raises `ValueError` as `matchers.counting.posterior.coverage` does.
    """
    (wrong,) = refusals(CountPairs.of([citizen], [Published(0.0)], s, delta=bar.delta))
    if wrong:
        msg = f"no power: {wrong}"
        raise ValueError(msg)
    if mechanism.kind in {Kind.NONE, Kind.SUPPRESSED}:
        found = float(detectables(citizen, s, bar))
        return None if math.isnan(found) else found
    return _searched(citizen, s, mechanism, bar)


def detectables(citizen: ArrayLike, s: ArrayLike, bar: Bar = BAR) -> Floats:
    """Return the same of many undisturbed counts; NaN where not even zero would show an undercount.

    Interpolated in a table worked out at first use (a quarter of a second): within 0.002 of the exact ratio, or the
    ratio of one person. Below an s of 0.02 and beyond 200,000 persons as at these ends.
    """
    persons, spread = np.broadcast_arrays(np.asarray(citizen, np.float64), np.asarray(s, np.float64))
    count = np.floor(_looked_up(_table(bar), persons, spread) * np.clip(persons, 1, None) + _EXACT)
    return np.asarray(np.where(count >= 0, np.minimum(count / persons, 1.0), np.nan))


def spread_allowed(citizen: float, shortage: float, other: float = 0.0, bar: Bar = BAR) -> float | None:
    """Return how inexact a citizen count may be and still show a shortage, e.g. 0.2 for every fifth person missing.

    The answer is the standard deviation on the log scale of the citizen count itself, `other` being that of everything
    else (official count, growth, boundaries); about half the relative 95 % margin. None where not even an exact count
    would do. Raises `ValueError` for a shortage outside of 0 to 1, or counts that are none.
    """
    if not 0 < shortage < 1:
        msg = f"a shortage is a share between 0 and 1, not {shortage}"
        raise ValueError(msg)
    published = Published(math.floor(citizen * (1 - shortage)))
    low, high = max(other, _EXACT), 3.0
    if coverage(citizen, published, low, delta=bar.delta).p_under < bar.p:
        return None
    while high - low > _EXACT:
        middle = (low + high) / 2
        shown = coverage(citizen, published, middle, delta=bar.delta).p_under >= bar.p
        low, high = (middle, high) if shown else (low, middle)
    return math.sqrt(max(low**2 - other**2, 0.0))


@lru_cache(maxsize=4096)
def _searched(citizen: float, s: float, mechanism: Mechanism, bar: Bar) -> float | None:
    step = mechanism.scale if mechanism.kind in {Kind.ROUNDED, Kind.RANDOM_ROUNDED} else 1.0

    def shown(steps: int) -> bool:
        return coverage(citizen, Published(steps * step, mechanism=mechanism), s, delta=bar.delta).p_under >= bar.p

    if not shown(0):
        return None
    low, high = 0, int(citizen / step) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if shown(middle) else (low, middle)
    return low * step / citizen


def _looked_up(table: Floats, persons: Floats, spread: Floats) -> Floats:
    """Return what the table has at each place, linear between its rows and columns, which are even in logarithms."""
    row, down = _place(persons, _EXPECTED)
    column, across = _place(spread, _S)
    above = table[row, column] * (1 - across) + table[row, column + 1] * across
    below = table[row + 1, column] * (1 - across) + table[row + 1, column + 1] * across
    return np.asarray(above * (1 - down) + below * down)


def _place(values: Floats, axis: Floats) -> tuple[NDArray[np.intp], Floats]:
    steps = np.log(np.clip(values, axis[0], axis[-1]) / axis[0]) / math.log(axis[1] / axis[0])
    whole = np.clip(np.floor(steps).astype(np.intp), 0, len(axis) - 2)
    return whole, np.asarray(steps - whole)


@lru_cache(maxsize=8)
def _table(bar: Bar) -> Floats:
    """Return the greatest ratio that shows an undercount, by expected number and s."""
    expected, s = (column.ravel() for column in np.meshgrid(_EXPECTED, _S, indexing="ij"))
    low, high = np.full(len(s), _LEAST_COUNT), expected.copy()
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        shown = undercounts(_pairs(expected, middle, s, bar)) >= bar.p
        low, high = np.where(shown, middle, low), np.where(shown, high, middle)
    return np.asarray((low / expected).reshape(len(_EXPECTED), len(_S)))


def _pairs(expected: Floats, count: Floats, s: Floats, bar: Bar) -> CountPairs:
    nothing = np.zeros(len(s))
    kind = np.full(len(s), CODE[Kind.NONE], np.int8)
    return CountPairs(expected, count, count, kind, nothing, s, nothing, np.full(len(s), bar.delta))
