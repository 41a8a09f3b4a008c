"""Hide part of a real official list, so that truth is known: what is hidden has no entry left, what is kept has one.

Places are missing from real lists by area, not one by one, so units are drawn and part of each is hidden. Entries that
no evidence could tell apart (twins: one name, in one unit or a short way off) are hidden or kept together, or a hidden
place would still have its counterpart in the list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from geodata.distance import chord_of, unit_vectors
from geodata.names.folding import fold
from geodata.places import Places

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]

#: Units of one administrative column hold at least so many places on average to serve as clusters.
_WORTH_A_CLUSTER = 8.0
#: Side in degrees of the cells that stand in for units where a list has points but no units.
_CELL = 0.5


@dataclass(frozen=True, slots=True)
class Hiding:
    """How much is hidden, and how."""

    share: float = 0.2  # of the list's entries
    within: float = 0.5  # of a drawn unit's entries; the rest of the unit stays listed
    twin_m: float = 10_000.0  # entries of one name closer than this are twins


@dataclass(frozen=True)
class Hidden:
    """What was hidden of a list; columns by its rows."""

    hidden: Flags
    unit: Rows  # the cluster each row belongs to, by number
    twins: Rows  # the group of twins each row belongs to, by number


def hide(official: Places, hiding: Hiding, random: np.random.Generator) -> Hidden:
    """Draw what is hidden. Same list, same seed, same draw.

    Raises `ValueError` when the share is not between 0 and `within`, or when so short a list cannot be split.
    """
    if not 0 < hiding.share <= hiding.within <= 1:
        msg = f"a share of {hiding.share:g} cannot be hidden; give one above 0 and at most {hiding.within:g}"
        raise ValueError(msg)
    unit, twins = clusters(official), twins_of(official, hiding.twin_m)
    members = _members(unit)
    hidden = np.zeros(len(official), np.bool_)
    wanted = round(hiding.share * len(official))
    for drawn in random.permutation(len(members)):
        if hidden.sum() >= wanted:
            break
        rows = members[drawn]
        left = min(max(round(hiding.within * len(rows)), 1), wanted - int(hidden.sum()))
        for row in random.permutation(rows)[:left]:
            hidden |= twins == twins[row]
    if not hidden.any() or hidden.all():
        msg = f"of {len(official)} entries a share of {hiding.share:g} cannot be hidden; give a longer list"
        raise ValueError(msg)
    return Hidden(hidden, unit, twins)


def clusters(official: Places) -> Rows:
    """Return the unit of each row by number: the finest administrative column whose units are large enough.

    Without such a column a grid of half degrees stands in, and each row by itself where it has no point either.
    """
    columns, rows = unit_columns(official), _admin(official)
    for at in range(len(columns)):  # units of one name in two provinces are two units
        values = [tuple(row.get(column) for column in columns[at:]) for row in rows]
        distinct = len(set(values))
        if distinct > 1 and len(values) / distinct >= _WORTH_A_CLUSTER:
            return _numbered(values)
    cells = np.floor(np.column_stack((official.lat, official.lon)) / _CELL)
    return _numbered(
        f"cell {lat:g} {lon:g}" if lat == lat else f"row {row}"  # noqa: PLR0124 - NaN is what is unlike itself
        for row, (lat, lon) in enumerate(cells.tolist())
    )


def unit_columns(official: Places) -> tuple[str, ...]:
    """Return the administrative columns of a list, the finest (most distinct values) first."""
    values: dict[str, set[str]] = defaultdict(set)
    for row in _admin(official):
        for column, value in row.items():
            values[column].add(value)
    return tuple(sorted(values, key=lambda column: (-len(values[column]), column)))


def twins_of(official: Places, twin_m: float) -> Rows:
    """Return the group of each row by number: rows of one name that share a unit, or lie within `twin_m` metres."""
    rows = np.array(list(_pairs(official, twin_m)), np.int64).reshape(-1, 2)
    links = coo_array((np.ones(len(rows), np.int8), (rows[:, 0], rows[:, 1])), shape=(len(official), len(official)))
    return np.asarray(connected_components(links, directed=False)[1], np.int64)


def _pairs(official: Places, twin_m: float) -> Iterator[tuple[int, int]]:
    units = [tuple(sorted(row.items())) for row in _admin(official)]
    named: dict[str, set[int]] = defaultdict(set)
    for text, row in zip(*official.flat_names, strict=True):
        named[fold(text)].add(int(row))
    located = np.isfinite(official.lat) & np.isfinite(official.lon)
    for sharing in named.values():
        together: dict[object, int] = {}
        for row in sorted(sharing):
            if not located[row]:
                yield row, together.setdefault(units[row], row)
        near = np.array([row for row in sorted(sharing) if located[row]], np.int64)
        if len(near) > 1:
            tree = cKDTree(unit_vectors(official.lat[near], official.lon[near]))
            for one, other in tree.query_pairs(float(chord_of(twin_m)), output_type="ndarray").tolist():
                yield int(near[one]), int(near[other])


def _admin(official: Places) -> list[dict[str, str]]:
    return [dict(row or ()) for row in official.column("admin").to_pylist()]


def _numbered(values: Iterable[Hashable]) -> Rows:
    number: dict[Hashable, int] = {}
    return np.array([number.setdefault(value, len(number)) for value in values], np.int64)


def _members(unit: Rows) -> list[Rows]:
    order = np.argsort(unit, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(unit[order])) + 1)
