"""Small counts: which cells of related tables are told to outsiders, so that none that is withheld can be worked out.

Published cells are rounded. A reader who knows every sum between cells can still bound each withheld one; the bounds
are worked out here as such a reader would, by carrying intervals along the sums until nothing moves, and where sums
cross one another, as those of rows and columns do, by linear programming at the end. Where a withheld cell could be
bounded more tightly than the threshold, the smallest published cell that helped is withheld too, until no such cell is
left (Hundepool et al., Statistical Disclosure Control, 2012, sections 4.2 to 4.5; the threshold is that of `policy`,
the width asked for is the threshold itself).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from service.disclosure.policy import ROUNDED_TO, SMALLEST_COUNT
from service.disclosure.tables.programme import crossing, possible_width
from service.disclosure.tables.table import Sum


@dataclass(frozen=True, slots=True)
class Rounding:
    """How a count of at least `least` is told: to the nearest multiple of `step`, or the multiple at or below it."""

    least: int = SMALLEST_COUNT
    step: int = ROUNDED_TO
    down: bool = False

    def told(self, value: int) -> int:
        """Return what is told of a count."""
        return value // self.step * self.step if self.down else (2 * value + self.step) // (2 * self.step) * self.step

    def bounds(self, value: int) -> tuple[int, int]:
        """Return between which counts, both included, a reader knows a told one to lie."""
        told = self.told(value)
        half = 0 if self.down else self.step // 2
        return max(0, told - half), told - half + self.step - 1


@dataclass(frozen=True)
class Table:
    """Counts that hang together: their values, the sums between them, which are sensitive, and what is known of some.

    `fixed` cells are told exactly, or assumed to be known by everybody.
    """

    values: Sequence[int]
    sums: Sequence[Sum] = ()
    sensitive: frozenset[int] = frozenset()
    fixed: frozenset[int] = frozenset()
    unlisted: frozenset[int] = frozenset()  # never told, and nobody asks that they be protected
    pinned: frozenset[int] = frozenset()  # told elsewhere, rounded, so that withholding them here would hide nothing
    ceilings: Sequence[float] = ()  # what each cell is known to be at most; left out: nothing is known
    rounding: Rounding = Rounding()

    def told(self) -> list[int | None]:
        """Return every count as it is told, None where it is withheld."""
        shown = self.published()
        return [
            value if at in self.fixed else self.rounding.told(value) if at in shown else None
            for at, value in enumerate(self.values)
        ]

    def published(self) -> frozenset[int]:
        """Return the cells that are told: all that are neither sensitive nor needed to hide one that is."""
        shown = {at for at in range(len(self.values)) if at not in self.sensitive | self.unlisted}
        asked = self._asked()
        while True:
            exposed = self._exposed(shown, asked)
            if exposed is None:
                return frozenset(shown)
            helpers = self._helpers(exposed, shown)
            if not helpers:
                return frozenset(shown & (self.fixed | self.pinned))
            shown.discard(min(helpers, key=lambda at: (self.values[at], at)))

    def bounds(self, shown: Iterable[int]) -> tuple[list[float], list[float]]:
        """Return the bounds that a reader of these cells can put on every cell."""
        low = [0.0] * len(self.values)
        high = list(self.ceilings) or [math.inf] * len(self.values)
        for at in set(shown) | self.fixed:
            known = (self.values[at],) * 2 if at in self.fixed else self.rounding.bounds(self.values[at])
            _tighten(at, known, (low, high))
        moved = True
        while moved:
            moved = sum(_carry(one, low, high) for one in self.sums) > 0  # each of them, not up to the first
        return low, high

    @cached_property
    def _crossing(self) -> bool:
        """Whether the sums go in a circle somewhere; where they do not, carrying intervals finds every bound."""
        return crossing(self.sums)

    def _asked(self) -> list[float]:
        """Return how wide the bounds of each cell are to be: the threshold, or what is known without this table."""
        low, high = self.bounds(self.pinned)
        return [min(self.rounding.least, top - bottom) for bottom, top in zip(low, high, strict=True)]

    def _exposed(self, shown: set[int], asked: Sequence[float]) -> int | None:
        """Return the withheld cell whose bounds are tightest, if they are tighter than they are to be."""
        low, high = self.bounds(shown)
        hidden = [at for at in range(len(self.values)) if at not in shown | self.fixed | self.unlisted]
        exposed = [at for at in hidden if high[at] - low[at] < asked[at]]
        if exposed or not self._crossing:
            return min(exposed, key=lambda at: (high[at] - low[at], at), default=None)
        before = self.bounds(self.pinned)
        for at in hidden:
            width = possible_width(self.sums, (low, high), at)
            if width < asked[at] and width < possible_width(self.sums, before, at):
                return at
        return None

    def _helpers(self, exposed: int, shown: set[int]) -> set[int]:
        """Return the told cells from which an exposed one may be worked out, the nearest first."""
        seen, frontier = {exposed}, {exposed}
        while frontier:
            near = {
                at for one in self.sums if frontier & {one.whole, *one.parts} for at in (one.whole, *one.parts)
            } - seen
            if found := near & shown - self.fixed - self.pinned:
                return found
            seen |= near
            frontier = near
        return set()


def _carry(one: Sum, low: list[float], high: list[float]) -> bool:
    """Tighten the bounds of the cells of one sum by each other, in place; return whether any moved."""
    floor = sum(low[at] for at in one.parts)
    endless = sum(math.isinf(high[at]) for at in one.parts)
    ceiling = sum(high[at] for at in one.parts if not math.isinf(high[at]))
    whole = low[one.whole], high[one.whole]
    moved = _tighten(one.whole, (floor, math.inf if endless else ceiling), (low, high))
    for at in one.parts:  # each by what the others were before this sum was looked at; the next round does the rest
        own = math.isinf(high[at])
        others = math.inf if endless > own else ceiling - (0 if own else high[at])
        moved |= _tighten(at, (whole[0] - others, whole[1] - (floor - low[at])), (low, high))
    return moved


def _tighten(at: int, to: tuple[float, float], bounds: tuple[list[float], list[float]]) -> bool:
    low, high = bounds
    better = to[0] > low[at] or to[1] < high[at]
    low[at], high[at] = max(low[at], to[0]), min(high[at], to[1])
    return better
