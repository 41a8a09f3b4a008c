"""The letter pairs and triples of names, and what they weigh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.index.groups import distinct
from geodata.kernels.alphabet import CODE, GRAMS, PAIRS, SYMBOLS
from geodata.texts import Texts

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


def grams(names: Texts) -> tuple[Rows, Rows]:
    """Return each name's distinct letter pairs and triples, as (name, group) sorted; an empty name has none.

    A boundary stands at both ends of a name.
    """
    lengths = names.sizes + 2 * (names.sizes > 0)
    owner = np.repeat(np.arange(len(names)), lengths)
    codes = np.zeros(len(owner), np.int64)
    letter = np.arange(int(names.offsets[-1] - names.offsets[0])) + np.repeat(
        np.cumsum(lengths) - lengths + 1 - (names.offsets[:-1] - names.offsets[0]), names.sizes
    )
    codes[letter] = CODE[names.data[names.offsets[0] : names.offsets[-1]]]
    pairs = codes[:-1] * SYMBOLS + codes[1:]
    triples = PAIRS + pairs[:-1] * SYMBOLS + codes[2:]
    in_pair, in_triple = owner[:-1] == owner[1:], owner[:-2] == owner[2:]
    name = np.concatenate((owner[:-1][in_pair], owner[:-2][in_triple]))
    group = np.concatenate((pairs[in_pair], triples[in_triple]))
    both = distinct(name * GRAMS + group)
    return both // GRAMS, both % GRAMS


def norms(owner: Rows, weight: Floats, count: int) -> Floats:
    """Return the length of each owner's vector of weights."""
    return np.sqrt(np.bincount(owner, weight**2, minlength=count))
