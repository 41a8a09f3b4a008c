"""The peer of the candidate kernel: a grid of cells in NumPy, and RapidFuzz's `cpdist` for the pairs within reach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from geodata.distance import EARTH_RADIUS_M, haversine_m
from geodata.index.candidates import Names, Ranking
from geodata.index.groups import Rows, repeated
from geodata.index.points import Floats

_CELL = 0.05  # degrees of latitude; as wide in longitude as it is high on the ground
_ROWS = int(180 / _CELL)
_WIDTHS = np.maximum(360 / _CELL * np.cos(np.radians(-90 + (np.arange(_ROWS) + 0.5) * _CELL)), 1).astype(np.int64)
_FIRST = np.concatenate(([0], np.cumsum(_WIDTHS)))  # cell of each row of cells


@dataclass(frozen=True, eq=False)
class Grid:
    """Names by the cell that they lie in. The antimeridian parts it, and poles are left out, which costs no time."""

    names: Names
    order: Rows
    start: Rows  # where each cell begins in `order`
    texts: NDArray[np.object_]

    @classmethod
    def build(cls, names: Names) -> Grid:
        """Sort names into cells."""
        cell = _cell(_row(names.lat), names.lon)
        start = np.concatenate(([0], np.cumsum(np.bincount(cell, minlength=int(_FIRST[-1])))))
        return cls(names, np.argsort(cell, kind="stable"), start, np.array(names.texts.tolist(), object))

    def candidates(self, asked: Names, wanted: NDArray[np.object_], radius_m: Floats, ranking: Ranking) -> int:
        """Rank the names within each radius, and return how many candidates there are."""
        reach = np.degrees(radius_m / EARTH_RADIUS_M)
        south, north = _row(asked.lat - reach), _row(asked.lat + reach)
        query, row = repeated(south, north - south + 1)
        aside = (reach / np.cos(np.radians(asked.lat)))[query]
        begin = self.start[_cell(row, asked.lon[query] - aside)]
        end = self.start[_cell(row, asked.lon[query] + aside) + 1]
        pair, place = repeated(begin, end - begin)
        query, name = query[pair], self.order[place]
        distance = haversine_m(asked.lat[query], asked.lon[query], self.names.lat[name], self.names.lon[name])
        near = np.flatnonzero(distance <= radius_m[query])
        query, name, share = query[near], name[near], 1 - (distance[near] / radius_m[query[near]]) ** 2
        pairs = wanted[query].tolist(), self.texts[name].tolist()
        likeness = cpdist(*pairs, scorer=Indel.normalized_similarity, dtype=np.float64)
        alike = np.flatnonzero(likeness >= ranking.least)
        score = (ranking.name * likeness + (1 - ranking.name) * share)[alike]
        query = query[alike]
        query = query[np.lexsort((-score, query))]
        return int((np.arange(len(query)) - np.searchsorted(query, query) < ranking.limit).sum())


def _row(lat: Floats) -> Rows:
    return np.clip((lat + 90) / _CELL, 0, _ROWS - 1).astype(np.int64)


def _cell(row: Rows, lon: Floats) -> Rows:
    column = np.clip(((lon + 180) / 360 * _WIDTHS[row]).astype(np.int64), 0, _WIDTHS[row] - 1)
    return np.asarray(_FIRST[row] + column, np.int64)
