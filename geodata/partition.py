"""The sphere cut into cells by planes, each cell holding about as many points of one table as any other.

The cells are those of a kd tree over points of the unit sphere in three dimensions, where neither the poles nor the
antimeridian are special: a point lies in exactly one cell, and whatever lies within a distance of a point of a cell is
found by moving the planes that far apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from geodata.distance import chord_of, unit_vectors

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

#: A point without a cell, because a coordinate is not known.
NOWHERE = -1

_SLACK = 1e-9  # of the sphere's radius, a few millimetres: what rounding may move a point


@dataclass(frozen=True, slots=True)
class _Cut:
    """A plane, and what lies on either side of it: another cut, or the number of a cell."""

    axis: int
    at: float
    below: _Cut | int
    above: _Cut | int


@dataclass(frozen=True, slots=True)
class Partition:
    """Cells, numbered from 0 so that neighbours mostly follow one another."""

    root: _Cut | int
    cells: int

    @classmethod
    def of(cls, lat: Floats, lon: Floats, cells: int) -> Self:
        """Cut so that each of at most `cells` cells holds an equal share of some points (degrees).

        Points that are not known are passed over. Points in one and the same place are never parted, so there may be
        fewer cells.
        """
        known = np.isfinite(lat) & np.isfinite(lon)
        count = _Count()
        return cls(_cut(unit_vectors(lat[known], lon[known]), cells, count), count.cells)

    def home(self, lat: Floats, lon: Floats) -> Rows:
        """Return the cell that each point (degrees) lies in, `NOWHERE` where a coordinate is NaN."""
        home = np.full(len(lat), NOWHERE, np.int64)
        rows = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        points = unit_vectors(lat[rows], lon[rows])
        for cell, inside in _parted(self.root, points, np.arange(len(rows)), np.zeros(len(rows))):
            home[rows[inside]] = cell
        return home

    def reached(self, lat: Floats, lon: Floats, reach_m: Floats) -> tuple[Rows, Rows]:
        """Return (row, cell) for every cell with a point within each row's own reach in metres; ordered by cell.

        A few cells that lie somewhat farther away are among them, never one too few. A point that is not known reaches
        none.
        """
        rows = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        points, margin = unit_vectors(lat[rows], lon[rows]), chord_of(reach_m[rows]) + _SLACK
        found = [(rows[inside], cell) for cell, inside in _parted(self.root, points, np.arange(len(rows)), margin)]
        row = np.concatenate([np.zeros(0, np.int64), *(inside for inside, _ in found)])
        return row, np.repeat(np.array([cell for _, cell in found], np.int64), [len(inside) for inside, _ in found])

    def to_json(self) -> Any:
        """Return the cuts as plain values, from which `from_json` makes the same again."""
        return {"cells": self.cells, "root": _plain(self.root)}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        """Return what `to_json` told."""
        return cls(_planes(said["root"]), int(said["cells"]))


@dataclass(slots=True)
class _Count:
    cells: int = 0

    def another(self) -> int:
        self.cells += 1
        return self.cells - 1


def _cut(points: Floats, cells: int, count: _Count) -> _Cut | int:
    if cells <= 1 or not len(points):
        return count.another()
    axis = int(np.argmax(np.ptp(points, axis=0)))
    values = points[:, axis]
    share = min(max(len(values) * (cells // 2) // cells, 1), len(values) - 1)
    at = float(np.partition(values, share)[share])
    below = values < at
    if not below.any():  # the middle stands among equals that are the least: cut above them
        more = values[values > at]
        if not len(more):
            return count.another()
        at = float(more.min())
        below = values < at
    return _Cut(axis, at, _cut(points[below], cells // 2, count), _cut(points[~below], cells - cells // 2, count))


def _parted(node: _Cut | int, points: Floats, rows: Rows, margin: Floats) -> Iterator[tuple[int, Rows]]:
    """Yield each cell with the rows that lie in it or within their margin (a chord) of its planes."""
    if isinstance(node, int):
        yield node, rows
        return
    value, room = points[rows, node.axis], margin[rows]
    # A point on the plane lies above it; with no margin it must not lie below it as well.
    yield from _parted(node.below, points, rows[value - room < node.at], margin)
    yield from _parted(node.above, points, rows[value + room >= node.at], margin)


def _plain(node: _Cut | int) -> Any:
    return node if isinstance(node, int) else [node.axis, node.at, _plain(node.below), _plain(node.above)]


def _planes(said: Any) -> _Cut | int:
    return said if isinstance(said, int) else _Cut(said[0], said[1], _planes(said[2]), _planes(said[3]))
