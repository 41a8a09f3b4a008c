"""The names of a list by length: the most alike to a name out of all of them, none left out.

Letter groups (`geodata.index.spelling`) propose in a tenth of the time, and lose some: of names with up to three slips
among a million, they find four fifths of what this finds (`bench/kernels.py`). This is for questions by name alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from geodata.index.spelling import Alike
from geodata.kernels.arrays import columns, fixed
from geodata.kernels.jit import COMPILED
from geodata.texts import Texts

if TYPE_CHECKING:
    from geodata.kernels.scanning import Shelf

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ByLength:
    """Folded names, one entry each; every field made of arrays that a file can hold."""

    begin: Rows  # where in `order` the names of each length begin, from none to the longest; and at last how many
    order: NDArray[np.int32]  # the entries by length, then as they came
    names: Texts  # in that order

    @classmethod
    def build(cls, names: Texts) -> ByLength:
        """Put folded names in order of their lengths."""
        sizes = names.sizes
        order = np.argsort(sizes, kind="stable").astype(np.int32)
        begin = np.concatenate(([0], np.cumsum(np.bincount(sizes, minlength=1))))
        return cls(begin, order, names.take(order))

    def alike(self, names: Texts, least: float, limit: int) -> Alike:
        """Return for each folded name at most `limit` entries with a likeness of at least `least`.

        The most alike come first, by entry among equals. Likeness is RapidFuzz's `Indel.normalized_similarity`; nothing
        is like an empty name.
        """
        if not limit:
            return _NONE
        if not COMPILED:
            return self.plain_alike(names, least, limit)
        from geodata.kernels.scanning import most_alike  # noqa: PLC0415 - loads numba

        entries, likeness = most_alike(self._shelf, columns(names), float(least), int(limit))
        query, rank = np.nonzero(entries >= 0)
        return Alike(query, entries[query, rank], likeness[query, rank])

    def plain_alike(self, names: Texts, least: float, limit: int) -> Alike:
        """Return the same without compiled code."""
        found = [_NONE]
        for query, name in enumerate(names.tolist()):
            if name:
                scores = cdist([name], self._listed, scorer=Indel.normalized_similarity, dtype=np.float64)[0]
                place = self.begin[1] + np.flatnonzero(scores[self.begin[1] :] >= least)
                entry = self.order[place].astype(np.int64)
                best = np.lexsort((entry, -scores[place]))[:limit]
                found.append(Alike(np.full(len(best), query), entry[best], scores[place][best]))
        return Alike(*map(np.concatenate, zip(*found, strict=True)))

    @cached_property
    def _shelf(self) -> Shelf:
        from geodata.kernels.letters import masks  # noqa: PLC0415 - loads numba
        from geodata.kernels.scanning import Shelf  # noqa: PLC0415 - likewise

        texts = columns(self.names)
        return Shelf(fixed(self.begin), *texts, fixed(masks(*texts)), fixed(self.order))

    @cached_property
    def _listed(self) -> list[str]:
        return self.names.tolist()


_NONE = Alike(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
