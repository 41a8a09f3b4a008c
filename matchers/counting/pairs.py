"""Pairs of counts as columns, and which of them no coverage ratio can be computed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matchers.counting.mechanisms import Kind, Published

Floats = NDArray[np.float64]
KINDS = tuple(Kind)
CODE = {kind: code for code, kind in enumerate(KINDS)}

MOST_SPREAD = 3.0  # on the log scale; beyond, a count is off by a factor of twenty
MOST_GROWTH = 5.0  # log growth: a hundred and fifty times as many people
_NOISY = (CODE[Kind.GEOMETRIC], CODE[Kind.NORMAL])


@dataclass(frozen=True, slots=True)
class CountPairs:
    """One citizen and one published count per row, all columns of one length.

    `low` and `high` are equal where a number is published. Nothing is refused here: `refusals` says what is wrong.
    """

    citizen: Floats  # persons, at the citizen date
    low: Floats  # the published number, or the least it may be
    high: Floats
    kind: NDArray[np.int8]  # of the publisher's mechanism: its place in `KINDS`
    scale: Floats  # of the mechanism
    s: Floats  # total standard deviation on the log scale
    growth: Floats  # log growth from the official to the citizen date
    delta: Floats  # a shortfall smaller than this share is no undercount

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.citizen)

    @classmethod
    def of(  # noqa: PLR0913 - the formula's own five symbols
        cls,
        citizen: ArrayLike,
        published: Sequence[Published],
        s: ArrayLike,
        *,
        growth: ArrayLike = 0.0,
        delta: ArrayLike = 0.10,
    ) -> CountPairs:
        """Return the columns of pairs; single numbers hold for every row."""
        bounds = np.array([one.bounds for one in published], np.float64).reshape(-1, 2)
        columns = (np.broadcast_to(np.asarray(one, np.float64), len(published)) for one in (citizen, s, growth, delta))
        persons, spread, grown, share = columns
        kinds = np.array([CODE[one.mechanism.kind] for one in published], np.int8)
        scales = np.array([one.mechanism.scale for one in published], np.float64)
        return cls(persons, bounds[:, 0], bounds[:, 1], kinds, scales, spread, grown, share)

    def take(self, rows: NDArray[np.intp] | slice) -> CountPairs:
        """Return some of the pairs."""
        return CountPairs(*(getattr(self, name)[rows] for name in self.__slots__))


def refusals(pairs: CountPairs) -> list[str | None]:
    """Return for each pair the clause that says why it has no coverage ratio; None where it has one."""
    said: list[str | None] = [None] * len(pairs)
    for rows, sentence in _WRONG:
        for row in np.flatnonzero(rows(pairs)).tolist():
            said[row] = said[row] or sentence.format(**_told(pairs, row))
    return said


def _told(pairs: CountPairs, row: int) -> dict[str, float]:
    return {name: float(getattr(pairs, name)[row]) for name in pairs.__slots__}


def _no_number(pairs: CountPairs) -> NDArray[np.bool_]:
    return np.isnan(pairs.low) & np.isnan(pairs.high)


def _noisy(pairs: CountPairs) -> NDArray[np.bool_]:
    geometric, normal = _NOISY
    return np.asarray((pairs.kind == geometric) | (pairs.kind == normal))


#: What can be wrong, the first that applies is said. Comparisons are written so that NaN is wrong too.
_WRONG = (
    (
        lambda p: ~((p.citizen > 0) & np.isfinite(p.citizen)),
        "the citizen count must be a positive number, not {citizen:g}",
    ),
    (_no_number, "neither a number nor its bounds are published"),
    (
        lambda p: ~(np.isfinite(p.low) & np.isfinite(p.high)),
        "the published count must be a finite number, not {low:g} to {high:g}",
    ),
    (lambda p: p.low > p.high, "no count lies between {low:g} and {high:g}"),
    (
        lambda p: (p.low < 0) & ~_noisy(p),
        "a publisher who adds no noise cannot count {low:g} persons",
    ),
    (
        lambda p: (p.low < p.high) & _noisy(p),
        "a count with noise is published as a number, not as {low:g} to {high:g}",
    ),
    (
        lambda p: ~((p.s > 0) & (p.s <= MOST_SPREAD)),
        f"the log-scale standard deviation must be above 0 and at most {MOST_SPREAD:g}, not {{s:g}}",
    ),
    (
        lambda p: ~(np.abs(p.growth) <= MOST_GROWTH),
        f"the log growth must lie within {MOST_GROWTH:g} of zero, not at {{growth:g}}",
    ),
    (
        lambda p: ~((p.delta > 0) & (p.delta < 1)),
        "the share that is no undercount must lie between 0 and 1, not at {delta:g}",
    ),
)
