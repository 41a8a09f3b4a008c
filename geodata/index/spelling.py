"""Search names by spelling: letter pairs and triples shared, weighted by how rare they are.

The search only proposes; it never says how alike two names are. A name that is asked for visits the postings of its
letter groups, one sum over all of them, so that a query of one name and of a hundred thousand find the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.index.grams import grams, norms
from geodata.index.groups import runs
from geodata.kernels.alphabet import GRAMS
from geodata.kernels.arrays import columns, fixed
from geodata.kernels.jit import COMPILED
from geodata.texts import Texts

if TYPE_CHECKING:
    from geodata.kernels.cosines import Book

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Postings one query may visit; its rarest letter groups are taken first.
BUDGET = 30_000
_NOTHING = np.zeros(0, np.int64), np.zeros(0)


class Alike(NamedTuple):
    """Pairs of a query and an entry, ordered by query, then by falling likeness; likeness is a cosine, 0..1."""

    query: Rows
    entry: Rows
    likeness: Floats


@dataclass(frozen=True, eq=False)
class Spellings:
    """Folded names, one entry each, by the letter groups they contain; every field an array that a file can hold."""

    postings: NDArray[np.int32]  # where in `order` the entries with each letter group stand, group after group
    begin: Rows  # where each group's entries begin in `postings`
    frequency: Rows  # how many entries each group has
    weight: Floats  # of each letter group: inverse document frequency
    norm: Floats  # ascending: the length of an entry's vector of weights; infinite where it has no letters
    order: NDArray[np.int32]  # the entries in the order of their norms

    @classmethod
    def build(cls, names: Texts) -> Spellings:
        """Index folded names (`geodata.names.folding`)."""
        if not COMPILED:
            return cls.plain_build(names)
        from geodata.kernels.grams import frequencies, lengths, postings  # noqa: PLC0415 - loads numba

        frequency = frequencies(*columns(names))
        weight = _weights(frequency, len(names))
        norm, order = _ordered(lengths(*columns(names), fixed(weight)))
        begin = np.cumsum(frequency) - frequency
        holding = postings(columns(names), fixed(order), fixed(begin), int(frequency.sum()))
        return cls(holding, begin, frequency, weight, norm, order)

    @classmethod
    def plain_build(cls, names: Texts) -> Spellings:
        """Index the same without compiled code."""
        entry, gram = grams(names)
        frequency = np.bincount(gram, minlength=GRAMS)
        weight = _weights(frequency, len(names))
        norm, order = _ordered(norms(entry, weight[gram], len(names)))
        place = np.empty(len(names), np.int32)
        place[order] = np.arange(len(names))
        holding = place[entry][np.lexsort((place[entry], gram))]
        return cls(holding, np.cumsum(frequency) - frequency, frequency, weight, norm, order)

    def alike(self, names: Texts, least: float, limit: int, budget: int = BUDGET) -> Alike:
        """Return for each folded name at most `limit` entries with a likeness of at least `least`."""
        if not COMPILED:
            return self.plain_alike(names, least, limit, budget)
        from geodata.kernels.cosines import Question, most_alike  # noqa: PLC0415 - loads numba

        return Alike(*most_alike(self._book, columns(names), Question(least, limit, budget)))

    @cached_property
    def _book(self) -> Book:
        from geodata.kernels.cosines import Book  # noqa: PLC0415 - loads numba

        return Book(*(fixed(getattr(self, field)) for field in Book._fields))

    def plain_alike(self, names: Texts, least: float, limit: int, budget: int) -> Alike:
        """Return the same without compiled code."""
        query, gram = grams(names)
        lengths = norms(query, self.weight[gram], len(names))
        query, gram = self._affordable(query, gram, budget)
        begin = runs(query, len(names)).tolist()
        found = [
            self._most_alike(gram[start:end], length, least, limit)
            for length, (start, end) in zip(lengths.tolist(), pairwise(begin), strict=True)
        ]
        sizes = np.fromiter((len(entries) for entries, _ in found), np.int64, len(found))
        entry, likeness = (np.concatenate(column) for column in zip(_NOTHING, *found, strict=True))
        return Alike(np.repeat(np.arange(len(names)), sizes), entry, likeness)

    def _most_alike(self, wanted: Rows, norm: float, least: float, limit: int) -> tuple[Rows, Floats]:
        """Return the entries most alike to one query, given the length of its whole vector of weights."""
        if not len(wanted):
            return _NOTHING
        begin, frequency = self.begin[wanted], self.frequency[wanted]
        groups = zip(begin.tolist(), (begin + frequency).tolist(), strict=True)
        visited = np.concatenate([self.postings[start:end] for start, end in groups])
        weights = np.repeat(self.weight[wanted] ** 2 / (norm * least), frequency)
        shared = np.bincount(visited, weights, minlength=len(self.norm))  # of the least likeness, times an entry's norm
        place = np.flatnonzero(shared >= self.norm)
        cosine = np.minimum(least * shared[place] / self.norm[place], 1.0)
        entry = self.order[place].astype(np.int64)
        # Rounded, because a sum of floats in another order must not reorder equals.
        order = np.lexsort((entry, -np.round(cosine, 9)))[:limit]
        return entry[order], cosine[order]

    def _affordable(self, query: Rows, gram: Rows, budget: int) -> tuple[Rows, Rows]:
        order = np.lexsort((gram, self.frequency[gram], query))
        query, gram = query[order], gram[order]
        visited = np.cumsum(self.frequency[gram])
        before = np.concatenate(([0], visited))[np.searchsorted(query, query)]
        kept = visited - before <= budget
        return query[kept], gram[kept]


def _ordered(norm: Floats) -> tuple[Floats, NDArray[np.int32]]:
    """Return norms ascending, infinite in place of none, and the entries in that order."""
    norm = np.where(norm == 0, np.inf, norm)
    order = np.argsort(norm, kind="stable").astype(np.int32)
    return norm[order], order


def _weights(frequency: Rows, count: int) -> Floats:
    return np.log1p(max(count, 1) / np.maximum(frequency, 1))
