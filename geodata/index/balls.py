"""Search points by distance without compiled code: SciPy's k-d tree of the unit sphere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geodata.distance import unit_vectors
from geodata.index.groups import runs

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Balls:
    """The points of a table, and the rows they belong to; nothing is found where there are none."""

    rows: Rows
    tree: cKDTree | None

    @classmethod
    def build(cls, lat: Floats, lon: Floats) -> Balls:
        """Put the rows that have a point in a tree."""
        rows = np.flatnonzero(np.isfinite(lat) & np.isfinite(lon))
        return cls(rows, cKDTree(unit_vectors(lat[rows], lon[rows])) if len(rows) else None)

    def within(self, asked: Floats, chord: Floats) -> tuple[Rows, Rows]:
        """Return (query, row) for all rows up to a chord of its own from each query, by query, then row."""
        query, position = self._held(asked, chord)
        return query, self.rows[position]

    def nearest(self, asked: Floats, count: int) -> tuple[Rows, Floats]:
        """Return the rows of the `count` nearest points of each query and their squared chords; by row among equals.

        There must be as many points.
        """
        if self.tree is None:
            return np.zeros((len(asked), count), np.int64), np.zeros((len(asked), count))
        farthest = self.tree.query(asked, k=[count])[0][:, 0]
        query, position = self._held(asked, farthest * (1 + 1e-9) + 1e-12)
        apart = (self.tree.data[position] - asked[query]) ** 2
        square = apart[:, 0] + apart[:, 1] + apart[:, 2]
        order = np.lexsort((position, square, query))
        first = (runs(query, len(asked))[:-1, None] + np.arange(count)).ravel()
        kept = order[first]
        return self.rows[position[kept]].reshape(-1, count), square[kept].reshape(-1, count)

    def _held(self, asked: Floats, chord: Floats) -> tuple[Rows, Rows]:
        """Return (query, position in `rows`) for all points up to a chord of its own from each query."""
        if self.tree is None or not len(asked):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        found = self.tree.query_ball_point(asked, chord, return_sorted=True)
        sizes = np.fromiter(map(len, found), np.int64, len(found))
        positions = np.concatenate([np.asarray(each, np.int64) for each in found])
        return np.repeat(np.arange(len(asked)), sizes), positions
