"""People: how many live in a set of communities, without counting anybody twice and without inventing a number.

Only head counts of a stated method are added up: a count of one group overlaps with the count of all, a number that is
"widely quoted" has no method, a list of members is only a lower bound, and households or pupils are not people. Of two
communities that may be one another, only the larger count is taken. What is left out is said, never filled in.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter

import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.names.folding import fold
from matchers.counting.methods import method_of
from service.account import Count, as_places
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


def people(found: Sequence[Record]) -> People:
    """Return the people living in the communities of these records."""
    counted = [(record, heads) for record in found if (heads := usable(record.account.counts)) is not None]
    counted.sort(key=lambda pair: (-pair[1].estimate, pair[0].id))
    kept = _distinct([record for record, _ in counted])
    summed = [counted[row][1] for row in kept]
    return People(
        estimate=round(sum(one.estimate for one in summed)) if summed else None,
        low=round(sum(one.low for one in summed)) if summed else None,
        high=round(sum(one.high for one in summed)) if summed else None,
        communities=len(summed),
        without_count=len(found) - len(counted),
        overlapping=len(counted) - len(summed),
    )


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


def _distinct(ranked: Sequence[Record]) -> list[int]:
    """Return the rows that are surely different communities, each the largest of those it may overlap with."""
    rivals: dict[int, list[int]] = {}
    for row, other in _overlaps(ranked):
        rivals.setdefault(row, []).append(other)
    kept: set[int] = set()
    for row in range(len(ranked)):
        if not any(other in kept for other in rivals.get(row, ())):
            kept.add(row)
    return sorted(kept)


def _overlaps(ranked: Sequence[Record]) -> list[tuple[int, int]]:
    if not ranked:
        return []
    prints = _footprints(ranked)
    names = [{fold(name.text) for name in record.account.names} - {""} for record in ranked]
    where = np.flatnonzero(~shapely.is_empty(prints))
    left, right = shapely.STRtree(prints[where]).query(prints[where], predicate="intersects")
    pairs = [
        (row, other) for row, other in zip(where[left].tolist(), where[right].tolist(), strict=True) if row > other
    ]
    found = [
        (row, other) for row, other in pairs if _may_be_one(ranked[row], ranked[other]) or names[row] & names[other]
    ]
    return found + _same_names(ranked, names, set(range(len(ranked))) - set(where.tolist()))


def _may_be_one(one: Record, other: Record) -> bool:
    """Return whether two accounts in one place may be of one community, whatever their names.

    One organisation tells its own communities apart; a stated area may take in any point.
    """
    areas = one.account.area is not None or other.account.area is not None
    return areas or one.organisation != other.organisation


def _same_names(ranked: Sequence[Record], names: Sequence[set[str]], unplaced: set[int]) -> list[tuple[int, int]]:
    """Return the pairs of which one has no place on the map, and both bear one name in one country."""
    bearers: dict[tuple[str, str], list[int]] = {}
    for row, record in enumerate(ranked):
        for name in names[row]:
            bearers.setdefault((record.account.country, name), []).append(row)
    return [
        (row, other)
        for rows in bearers.values()
        for row in rows
        for other in rows
        if row > other and (row in unplaced or other in unplaced)
    ]


def _footprints(ranked: Sequence[Record]) -> NDArray[np.object_]:
    """Return for each record its area, or the box around its circle of uncertainty; empty where it has no place."""
    places = as_places([record.id for record in ranked], [record.account for record in ranked])
    r95 = np.where(np.isnan(places.r95_m), _UNKNOWN_R95_M, places.r95_m)
    lat, lon = np.nan_to_num(places.lat), np.nan_to_num(places.lon)
    tall = r95 / _M_PER_DEGREE
    wide = tall / np.maximum(np.cos(np.radians(lat)), 0.01)  # a box at the pole is wide, not endless
    prints: NDArray[np.object_] = shapely.box(lon - wide, lat - tall, lon + wide, lat + tall)
    areas = shapely.from_wkb(np.array(places.column("area").to_pylist(), dtype=object))
    stated = ~shapely.is_missing(areas)
    prints[stated] = areas[stated]
    prints[np.isnan(places.lat)] = shapely.Polygon()
    return prints
