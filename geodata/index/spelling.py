"""Search names by spelling: letter pairs and triples shared, weighted by how rare they are.

The search only proposes; it never says how alike two names are. A name that is asked for visits the postings of its
letter groups, one sum over all of them, so that a query of one name and of a hundred thousand find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.index.groups import distinct, runs

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SYMBOLS = 37  # a word boundary, a-z, 0-9
_PAIRS = _SYMBOLS**2
_GRAMS = _PAIRS + _SYMBOLS**3
_CODE = np.zeros(256, np.int64)
_CODE[ord("a") : ord("z") + 1] = np.arange(1, 27)
_CODE[ord("0") : ord("9") + 1] = np.arange(27, 37)

#: Postings one query may visit; its rarest letter groups are taken first.
_BUDGET = 30_000
_NOTHING = np.zeros(0, np.int64), np.zeros(0)


class Alike(NamedTuple):
    """Pairs of a query and an entry, ordered by query, then by falling likeness; likeness is a cosine, 0..1."""

    query: Rows
    entry: Rows
    likeness: Floats


@dataclass(frozen=True, eq=False)
class Spellings:
    """Folded names, one entry each, by the letter groups they contain."""

    postings: NDArray[np.int32]  # the entries holding each letter group, one group after the other
    begin: Rows  # where each group's entries begin in `postings`
    frequency: Rows  # how many entries each group has
    weight: Floats  # of each letter group: inverse document frequency
    norm: Floats  # of each entry: the length of its vector of weights; infinite where it has no letters

    @classmethod
    def build(cls, names: Sequence[str]) -> Spellings:
        """Index folded names (`geodata.names.folding`)."""
        entry, gram = _grams(names)
        order = np.argsort(gram, kind="stable")
        frequency = np.bincount(gram, minlength=_GRAMS)
        weight = np.log1p(max(len(names), 1) / np.maximum(frequency, 1))
        norm = _norms(entry, weight[gram], len(names))
        norm[norm == 0] = np.inf
        return cls(entry[order].astype(np.int32), np.cumsum(frequency) - frequency, frequency, weight, norm)

    def alike(self, names: Sequence[str], least: float, limit: int) -> Alike:
        """Return for each folded name at most `limit` entries with a likeness of at least `least`."""
        query, gram = _grams(names)
        norms = _norms(query, self.weight[gram], len(names))
        query, gram = self._affordable(query, gram)
        begin = runs(query, len(names)).tolist()
        found = [
            self._most_alike(gram[start:end], norm, least, limit)
            for norm, (start, end) in zip(norms.tolist(), pairwise(begin), strict=True)
        ]
        sizes = np.fromiter((len(entries) for entries, _ in found), np.int64, len(found))
        entry, likeness = (np.concatenate(columns) for columns in zip(_NOTHING, *found, strict=True))
        return Alike(np.repeat(np.arange(len(names)), sizes), entry, likeness)

    def _most_alike(self, grams: Rows, norm: float, least: float, limit: int) -> tuple[Rows, Floats]:
        """Return the entries most alike to one query, given the length of its whole vector of weights."""
        if not len(grams):
            return _NOTHING
        begin, frequency = self.begin[grams], self.frequency[grams]
        groups = zip(begin.tolist(), (begin + frequency).tolist(), strict=True)
        visited = np.concatenate([self.postings[start:end] for start, end in groups])
        weights = np.repeat(self.weight[grams] ** 2 / (norm * least), frequency)
        shared = np.bincount(visited, weights, minlength=len(self.norm))  # of the least likeness, times an entry's norm
        entry = np.flatnonzero(shared >= self.norm)
        cosine = np.minimum(least * shared[entry] / self.norm[entry], 1.0)
        # Rounded, because a sum of floats in another order must not reorder equals.
        order = np.argsort(-np.round(cosine, 9), kind="stable")[:limit]
        return entry[order], cosine[order]

    def _affordable(self, query: Rows, gram: Rows) -> tuple[Rows, Rows]:
        order = np.lexsort((gram, self.frequency[gram], query))
        query, gram = query[order], gram[order]
        visited = np.cumsum(self.frequency[gram])
        before = np.concatenate(([0], visited))[np.searchsorted(query, query)]
        kept = visited - before <= _BUDGET
        return query[kept], gram[kept]


def _norms(owner: Rows, weight: Floats, count: int) -> Floats:
    """Return the length of each owner's vector of weights."""
    return np.sqrt(np.bincount(owner, weight**2, minlength=count))


def _grams(names: Sequence[str]) -> tuple[Rows, Rows]:
    """Return each name's distinct letter pairs and triples, as (name, group) sorted."""
    spaced = [f" {name} " if name else "" for name in names]
    codes = _CODE[np.frombuffer("".join(spaced).encode("ascii"), np.uint8)]
    lengths = np.fromiter(map(len, spaced), np.int64, len(spaced))
    owner = np.repeat(np.arange(len(names)), lengths)
    pairs = codes[:-1] * _SYMBOLS + codes[1:]
    triples = _PAIRS + pairs[:-1] * _SYMBOLS + codes[2:]
    in_pair, in_triple = owner[:-1] == owner[1:], owner[:-2] == owner[2:]
    name = np.concatenate((owner[:-1][in_pair], owner[:-2][in_triple]))
    group = np.concatenate((pairs[in_pair], triples[in_triple]))
    both = distinct(name * _GRAMS + group)
    return both // _GRAMS, both % _GRAMS
