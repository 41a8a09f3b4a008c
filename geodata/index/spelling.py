"""Search names by spelling: letter pairs and triples shared, weighted by how rare they are.

The search only proposes; it never says how alike two names are. Everything is one sparse matrix product, so a query of
one name and of a hundred thousand take the same path and find the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

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
_BLOCK = 512  # queries multiplied at once, which bounds memory


class Alike(NamedTuple):
    """Pairs of a query and an entry, ordered by query, then by falling likeness; likeness is a cosine, 0..1."""

    query: Rows
    entry: Rows
    likeness: Floats


@dataclass(frozen=True)
class Spellings:
    """Folded names, one entry each, by the letter groups they contain."""

    postings: csr_array  # letter group x entry, weights such that a product is a cosine
    weight: Floats  # of each letter group: inverse document frequency
    frequency: Rows  # entries holding each letter group

    @classmethod
    def build(cls, names: Sequence[str]) -> Spellings:
        """Index folded names (`geodata.names.folding`)."""
        entry, gram = _grams(names)
        count = max(len(names), 1)
        frequency = np.bincount(gram, minlength=_GRAMS)
        weight = np.log1p(count / np.maximum(frequency, 1))
        values = weight[gram]
        norms = np.sqrt(np.bincount(entry, values**2, minlength=count))
        matrix = csr_array((values / norms[entry], (gram, entry)), shape=(_GRAMS, count))
        return cls(matrix, weight, frequency)

    def alike(self, names: Sequence[str], least: float, limit: int) -> Alike:
        """Return for each folded name at most `limit` entries with a likeness of at least `least`."""
        parts = [
            self._block(names[start : start + _BLOCK], start, (least, limit)) for start in range(0, len(names), _BLOCK)
        ]
        if not parts:
            return Alike(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
        return Alike(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))

    def _block(self, names: Sequence[str], start: int, cut: tuple[float, int]) -> Alike:
        least, limit = cut
        query, gram = _grams(names)
        values = self.weight[gram]
        norms = np.sqrt(np.bincount(query, values**2, minlength=len(names)))
        query, gram, values = self._affordable(query, gram, values)
        queries = csr_array((values / norms[query], (query, gram)), shape=(len(names), _GRAMS))
        product = (queries @ self.postings).tocsr()
        kept = np.flatnonzero(product.data >= least)
        row = np.searchsorted(product.indptr, kept, side="right") - 1
        entry, likeness = product.indices[kept].astype(np.int64), np.minimum(product.data[kept], 1.0)
        # Rounded, because a sum of floats in another order must not reorder equals.
        order = np.lexsort((entry, -np.round(likeness, 9), row))
        row, entry, likeness = row[order], entry[order], likeness[order]
        first = np.searchsorted(row, row)
        top = np.arange(len(row)) - first < limit
        return Alike(row[top] + start, entry[top], likeness[top])

    def _affordable(self, query: Rows, gram: Rows, values: Floats) -> tuple[Rows, Rows, Floats]:
        order = np.lexsort((gram, self.frequency[gram], query))
        query, gram, values = query[order], gram[order], values[order]
        visited = np.cumsum(self.frequency[gram])
        before = np.concatenate(([0], visited))[np.searchsorted(query, query)]
        kept = visited - before <= _BUDGET
        return query[kept], gram[kept], values[kept]


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
    both = np.unique(name * _GRAMS + group)
    return both // _GRAMS, both % _GRAMS
