"""Candidates of many records at once: near by each record's own radius, alike in name, the best few of each.

This ranks by one formula and knows nothing of kinds, units or how rare a name is. Verdicts are made otherwise (see
`matchers.weighing`): it is for scripts that want candidates only, and the benchmark beside tools that do only that.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from geodata.distance import chord_of, unit_vectors
from geodata.index.balls import Balls
from geodata.index.bands import banded, wrapped
from geodata.index.groups import repeated
from geodata.index.points import spots
from geodata.kernels.arrays import columns, fixed, real, whole
from geodata.kernels.bands import Bands
from geodata.kernels.jit import COMPILED
from geodata.texts import Texts

if TYPE_CHECKING:
    from geodata.kernels.candidates import Listed

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_STRIPS = 10  # on a degree: each some bands high
_SLICE = 5_000  # names that one thread works off before it takes more


class Candidates(NamedTuple):
    """Pairs of a record and a row, by record, then by falling score, then by row; scores in 0..1."""

    query: Rows
    row: Rows
    score: Floats


class Names(NamedTuple):
    """Folded names, each with the point and the number of its place; a place may have several, next to each other."""

    texts: Texts
    place: Rows  # ascending
    lat: Floats  # in degrees; NaN where the place has no point
    lon: Floats


@dataclass(frozen=True, slots=True)
class Ranking:
    """`name` times the likeness of names, and for the rest 1 - d²/r² of the distance d within the radius r.

    Likeness is RapidFuzz's `Indel.normalized_similarity`; distances are straight lines through the unit sphere.
    """

    name: float = 0.75  # above 0, at most 1
    least: float = 0.5  # likeness of names, 0..1
    limit: int = 5  # candidates of each place asked about; at least 1


@dataclass(frozen=True, eq=False)
class NamedPoints:
    """The names of a list, ready to be searched by point and name together; built once."""

    names: Names
    bands: Bands  # their places' points
    ordered: Texts  # the names in the order of the bands

    @classmethod
    def build(cls, names: Names) -> NamedPoints:
        """Prepare a search; names without a point are not found."""
        bands = banded(names.lat, names.lon)
        return cls(names, bands, names.texts.take(bands.row))

    def candidates(self, asked: Names, radius_m: Floats, ranking: Ranking, threads: int = 1) -> Candidates:
        """Return the best candidates of each place asked about, within a radius in metres that each name states.

        Empty names find nothing and are not found. The number of threads changes nothing but the time it takes.
        """
        if not COMPILED:
            return self.plain_candidates(asked, radius_m, ranking)
        searched = _searched(asked, radius_m)
        first = np.flatnonzero(np.diff(asked.place[searched], prepend=-1))  # name of each place that has one
        found = (
            np.full((len(first), ranking.limit), -1, np.int64),
            np.full((len(first), ranking.limit), -np.inf),
        )
        lead = searched[first]
        order = _neighbours(asked.lat[lead], asked.lon[lead])
        record, at = repeated(first[order], np.diff(first, append=len(searched))[order])
        ends = np.append(np.searchsorted(record, np.arange(0, len(first), _SLICE)), len(at)).tolist()
        slices = [(searched[at[start:end]], record[start:end]) for start, end in pairwise(ends)]
        _ = self._listed  # made once, before threads ask for it
        with ThreadPoolExecutor(max(threads, 1)) as pool:
            list(pool.map(lambda part: self._walk(part, (asked, radius_m), ranking, found), slices))
        back = np.empty_like(order)
        back[order] = np.arange(len(order))
        rows, scores = found[0][back].ravel(), found[1][back].ravel()
        kept = np.flatnonzero(rows >= 0)
        return Candidates(asked.place[lead[kept // ranking.limit]], rows[kept], scores[kept])

    def plain_candidates(self, asked: Names, radius_m: Floats, ranking: Ranking) -> Candidates:
        """Return the same without compiled code."""
        searched = _searched(asked, radius_m)
        chord = chord_of(radius_m[searched])
        vectors = unit_vectors(asked.lat[searched], asked.lon[searched])
        query, name = self._balls.within(vectors, chord * (1 + 1e-9) + 1e-12)
        apart = (unit_vectors(self.names.lat[name], self.names.lon[name]) - vectors[query]) ** 2
        square, farthest = apart[:, 0] + apart[:, 1] + apart[:, 2], chord[query] * chord[query]
        kept = (square <= farthest) & (self.names.texts.sizes[name] > 0)
        query, name, square, farthest = query[kept], name[kept], square[kept], farthest[kept]
        nearness = 1.0 - np.divide(square, farthest, out=np.zeros(len(square)), where=farthest > 0)
        texts = asked.texts.take(searched[query]).tolist(), self.names.texts.take(name).tolist()
        likeness = np.zeros(len(query))
        if len(query):
            likeness = np.asarray(cpdist(*texts, scorer=Indel.normalized_similarity, dtype=np.float64), np.float64)
        alike = np.flatnonzero(likeness >= ranking.least)
        score = (ranking.name * likeness + (1.0 - ranking.name) * nearness)[alike]
        return _first(asked.place[searched[query[alike]]], self.names.place[name[alike]], score, ranking.limit)

    def _walk(
        self, part: tuple[Rows, Rows], asked: tuple[Names, Floats], ranking: Ranking, found: tuple[Rows, Floats]
    ) -> None:
        """Find the candidates of some names, given with their records' numbers, and write them at those."""
        from geodata.kernels import candidates as kernels  # noqa: PLC0415 - loads numba
        from geodata.kernels.located import gathered  # noqa: PLC0415 - likewise

        (searched, record), (names, radius_m) = part, asked
        offsets, data = gathered(columns(names.texts), whole(searched))
        queries = kernels.Asked(
            spots(names.lat[searched], names.lon[searched]),
            real(chord_of(radius_m[searched])),
            fixed(offsets),
            fixed(data),
            whole(record),
        )
        order = kernels.Ranking(float(ranking.name), float(ranking.least), int(ranking.limit))
        kernels.candidates(self._listed, queries, order, found)

    @cached_property
    def _listed(self) -> Listed:
        from geodata.kernels import candidates as kernels  # noqa: PLC0415 - loads numba
        from geodata.kernels.located import located  # noqa: PLC0415 - likewise

        bands = Bands(*map(fixed, self.bands._replace(row=self.names.place[self.bands.row])))
        return kernels.Listed(bands, located(bands, columns(self.ordered)))

    @cached_property
    def _balls(self) -> Balls:
        return Balls.build(self.names.lat, self.names.lon)


def _searched(asked: Names, radius_m: Floats) -> Rows:
    """Return the positions of names that are not empty and have a point and a radius."""
    located = np.isfinite(asked.lat) & np.isfinite(asked.lon) & np.isfinite(radius_m)
    return np.flatnonzero(located & (asked.texts.sizes > 0))


def _neighbours(lat: Floats, lon: Floats) -> Rows:
    """Return an order from strip to strip and west to east: whom one meets, the next meets as well, in near memory.

    By numbers of two bytes, which are sorted by counting.
    """
    strip = np.clip((lat + 90) * _STRIPS, 0, _STRIPS * 180 - 1).astype(np.uint16)
    east = ((wrapped(lon) + 180) * (2**16 / 360)).astype(np.uint16)
    return np.lexsort((east, strip))


def _first(query: Rows, row: Rows, score: Floats, limit: int) -> Candidates:
    """Return the best of each query, every row once by the best of its scores."""
    order = np.lexsort((-score, row, query))
    query, row, score = query[order], row[order], score[order]
    new = np.flatnonzero((np.diff(query, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0))
    query, row, score = query[new], row[new], score[new]
    order = np.lexsort((row, -score, query))
    query, row, score = query[order], row[order], score[order]
    rank = np.arange(len(query)) - np.searchsorted(query, query)
    kept = rank < limit
    return Candidates(query[kept], row[kept], score[kept])
