"""People: how many live in a set of communities, without counting anybody twice and without inventing a number.

Only head counts of a stated method are added up: a count of one group overlaps with the count of all, a number that is
"widely quoted" has no method, a list of members is only a lower bound, and households or pupils are not people. Of two
communities that may be one another, only the larger count is taken. What is left out is said, never filled in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import shape

from geodata.names.folding import fold
from matchers.counting.methods import method_of
from service.accounts.account import Count
from service.store.values import Record

_Z95 = 1.96
_UNKNOWN_R95_M = 500.0  # of a point whose uncertainty was not stated
_M_PER_DEGREE = 111_195.0  # of latitude, on a sphere of 6,371 km


@dataclass(frozen=True, slots=True)
class People:
    """An estimate in persons with a 95 % range, and what it leaves out. All None where no count could be used.

    The range adds the lows and the highs: the errors of counts made in one way go in one direction.
    """

    estimate: int | None
    low: int | None
    high: int | None
    communities: int  # whose counts were added up
    without_count: int  # communities without a usable count
    overlapping: int  # communities left out because a larger one may include them


@dataclass(frozen=True, slots=True)
class _Heads:
    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class _Counted:
    """One community with a usable count, and what it may overlap with others by."""

    id: str
    heads: _Heads
    print: Any  # a shapely geometry; empty where it has no place
    names: frozenset[str]  # folded
    country: str
    teller: str | None  # the organisation that tells its communities apart; None: a stated area may take in any point


class Adding:
    """Adds communities up, a few at a time; of each it keeps only what tells it apart from others."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._found = 0
        self._counted: list[_Counted] = []

    def add(self, records: Sequence[Record]) -> None:
        """Add communities by the records that speak for them."""
        self._found += len(records)
        counted = [(record, heads) for record in records if (heads := usable(record.account.counts)) is not None]
        prints = _footprints([record for record, _ in counted]) if counted else ()
        for (record, heads), print_ in zip(counted, prints, strict=True):
            names = frozenset(fold(name.text) for name in record.account.names) - {""}
            account = record.account
            whole = account.area is not None
            self._counted.append(
                _Counted(record.id, heads, print_, names, account.country, None if whole else record.organisation)
            )

    def done(self) -> People:
        """Return the people living in all these communities."""
        ranked = sorted(self._counted, key=lambda one: (-one.heads.estimate, one.id))
        summed = [ranked[row].heads for row in _distinct(ranked)]
        return People(
            estimate=round(sum(one.estimate for one in summed)) if summed else None,
            low=round(sum(one.low for one in summed)) if summed else None,
            high=round(sum(one.high for one in summed)) if summed else None,
            communities=len(summed),
            without_count=self._found - len(ranked),
            overlapping=len(ranked) - len(summed),
        )


def people(found: Sequence[Record]) -> People:
    """Return the people living in the communities of these records."""
    adding = Adding()
    adding.add(found)
    return adding.done()


def usable(counts: Sequence[Count]) -> _Heads | None:
    """Return the latest head count of everybody by a method that can be weighed, None when there is none."""
    ranked: list[tuple[tuple[date, float], _Heads]] = []
    for count in counts:
        method = method_of(count.method)
        weighable = method.conclusive and not method.lower_bound
        heads = _heads(count, method.sigma) if count.unit == "persons" and count.group is None and weighable else None
        if heads is not None:
            ranked.append(((count.date or date.min, -method.sigma), heads))
    return max(ranked, key=itemgetter(0))[1] if ranked else None


def _heads(count: Count, sigma: float) -> _Heads | None:
    if count.low is not None and count.high is not None:
        middle = count.value if count.value is not None else (count.low + count.high) / 2
        return _Heads(middle, count.low, count.high)
    if count.value is None:
        return None
    spread = math.exp(_Z95 * sigma)
    return _Heads(count.value, count.value / spread, count.value * spread)


def _distinct(ranked: Sequence[_Counted]) -> list[int]:
    """Return the rows that are surely different communities, each the largest of those it may overlap with."""
    rivals: dict[int, list[int]] = {}
    for row, other in _overlaps(ranked):
        rivals.setdefault(row, []).append(other)
    kept: set[int] = set()
    for row in range(len(ranked)):
        if not any(other in kept for other in rivals.get(row, ())):
            kept.add(row)
    return sorted(kept)


def _overlaps(ranked: Sequence[_Counted]) -> Iterator[tuple[int, int]]:
    if not ranked:
        return
    prints = np.array([one.print for one in ranked], dtype=object)
    where = np.flatnonzero(~shapely.is_empty(prints))
    left, right = shapely.STRtree(prints[where]).query(prints[where], predicate="intersects")
    for row, other in zip(where[left].tolist(), where[right].tolist(), strict=True):
        if row > other and _may_be_one(ranked[row], ranked[other]):
            yield row, other
    yield from _same_names(ranked, set(range(len(ranked))) - set(where.tolist()))


def _may_be_one(one: _Counted, other: _Counted) -> bool:
    """Return whether two accounts in one place may be of one community.

    One organisation tells its own communities apart, unless they bear one name; a stated area may take in any point.
    """
    return one.teller is None or one.teller != other.teller or bool(one.names & other.names)


def _same_names(ranked: Sequence[_Counted], unplaced: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of which one has no place on the map, and both bear one name in one country."""
    bearers: dict[tuple[str, str], list[int]] = {}
    for row, one in enumerate(ranked):
        for name in one.names:
            bearers.setdefault((one.country, name), []).append(row)
    for rows in bearers.values():
        if unplaced.isdisjoint(rows):
            continue
        for row in rows:
            yield from ((row, other) for other in rows if row > other and (row in unplaced or other in unplaced))


def _footprints(ranked: Sequence[Record]) -> NDArray[np.object_]:
    """Return for each record its area, or the box around its circle of uncertainty; empty where it has no place."""
    accounts = [record.account for record in ranked]
    points = np.array([account.point() or (np.nan, np.nan) for account in accounts], dtype=np.float64)
    lat, lon = np.nan_to_num(points.T)
    r95 = np.array([_UNKNOWN_R95_M if account.r95_m is None else account.r95_m for account in accounts])
    tall = r95 / _M_PER_DEGREE
    wide = tall / np.maximum(np.cos(np.radians(lat)), 0.01)  # a box at the pole is wide, not endless
    prints: NDArray[np.object_] = shapely.box(lon - wide, lat - tall, lon + wide, lat + tall)
    for row, account in enumerate(accounts):
        if account.area is not None:
            prints[row] = shape(account.area)
    prints[np.isnan(points[:, 0])] = shapely.Polygon()
    return prints
