"""How rare names are in one official list: the chance that another place of the list is written alike.

An agreement on a rare name says much, on a common one little. The list's own names tell: the chance of the same letters
is how often they recur, and the chance of similar letters is how many neighbours a name of that length has in the list.
Counts leave the candidate itself out and are drawn towards general values, so that a short list is not overrated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.index import PlaceIndex
from geodata.index.groups import Groups, distinct
from geodata.names import NameForms
from geodata.names.resemblance import resemblance
from matchers.features.stems import Stems, stems_of
from matchers.parameters import NameLevels

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SAMPLE = 300  # names of the list whose neighbours are counted
_LENGTHS = (4, 5, 6, 7, 8, 10, 13)  # upper bounds of the length classes; one more for longer names
_PSEUDO_PAIRS = 5.0


@dataclass(frozen=True)
class Rarity:
    """Chances of agreement by coincidence within one official list."""

    size: int  # rows of the list
    full: Groups[str]  # rows by core, modifiers and number together
    words: dict[str, int]  # number of each stem
    stems: Stems  # of the distinct names of the list
    word_chance: Floats  # by number of the stem: chance that another row's name has it
    same: float  # chance that two rows share all letters
    near: Floats  # length class x level: chance that another row's name is at that level

    @classmethod
    def of(cls, index: PlaceIndex, levels: NameLevels) -> Rarity:
        """Measure one list; deterministic, one to two seconds for a hundred thousand places."""
        size = len(index.places)
        parts = [index.names.parts[i] for i in index.names.which.tolist()]
        full = Groups.build([part.key for part in parts], index.name_rows)
        words: dict[str, int] = {}
        for stem in (stem for part in index.names.parts for stem in stems_of(part)):
            words.setdefault(stem, len(words))
        stems = Stems.of(index.names, words)
        frequency = _rows_with_word(stems.table[index.names.which], index.name_rows, len(words))
        chance = (np.maximum(frequency - 1, 0) + levels.same_rarity) / (
            max(size - 1, 1) + levels.same_rarity / _USUAL_WORD
        )
        sizes = index.cores.sizes.astype(np.float64)
        same = (float((sizes * (sizes - 1)).sum()) + _PSEUDO_PAIRS) / (
            size * max(size - 1, 1) + _PSEUDO_PAIRS / levels.u_exact
        )
        floor = least_chance(size)
        near = _neighbours(index, levels)
        return cls(size, full, words, stems, np.maximum(chance, floor), max(same, floor), np.maximum(near, floor))

    def same_chance(self, rows: Rows, pseudo: float) -> Floats:
        """Return the chance that another row has the same letters, given how many rows have them."""
        shrunk = (np.maximum(rows - 1, 0) + pseudo) / (max(self.size - 1, 1) + pseudo / self.same)
        return np.maximum(shrunk, least_chance(self.size))

    def near_chance(self, rows: Rows, prior: Floats, pseudo: Floats) -> Floats:
        """Return the chance that another row is as alike, given how many are and what is usual for such a name."""
        shrunk = (np.maximum(rows - 1, 0) + pseudo) / (max(self.size - 1, 1) + pseudo / prior)
        return np.maximum(shrunk, least_chance(self.size))

    def usual_near(self, lengths: Rows, level: Rows) -> Floats:
        """Return the usual chance of a neighbour at a level for names of these lengths."""
        return self.near[np.searchsorted(_LENGTHS, lengths), level]


#: Chance that a given name holds a given word, before a list is seen.
_USUAL_WORD = 0.002


def least_chance(size: int) -> float:
    """Return the least chance of coincidence believed of a list of this size: a tenth of one row, at most 1e-5."""
    return min(1e-5, 0.1 / max(size, 1))


def _rows_with_word(table: Rows, rows: Rows, count: int) -> Rows:
    name, column = np.nonzero(table >= 0)
    span = int(rows.max()) + 1 if len(rows) else 1
    both = distinct(table[name, column] * span + rows[name])
    return np.bincount(both // span, minlength=count).astype(np.int64)


def _neighbours(index: PlaceIndex, levels: NameLevels) -> Floats:
    """Count, for a sample of the list's own names, other rows whose names are alike, by length and level."""
    size = len(index.places)
    prior = np.asarray(levels.u_near)
    # By the alphabet, so that the order of the list's rows changes nothing.
    alphabetical = sorted(set(index.names.parts))
    sample = [part for part in alphabetical[:: max(1, len(alphabetical) // _SAMPLE)] if part.core]
    names = NameForms(tuple(part.core for part in sample), tuple(sample), np.arange(len(sample), dtype=np.int64))
    asked, rows = index.called(names, 64)
    at, other = index.names_of(rows)
    scores = resemblance(names.readings.take(asked[at]), index.names.readings.take(index.names.which[other]))
    best = np.zeros(len(rows))
    np.maximum.at(best, at, scores)
    level = np.searchsorted(-np.asarray(levels.cuts), -best)
    exact = best >= 1.0
    classes = np.searchsorted(_LENGTHS, [len(part.letters) for part in sample])
    counted = ~exact & (level < len(prior))
    found = np.zeros((len(_LENGTHS) + 1, len(prior)))
    np.add.at(found, (classes[asked[counted]], level[counted]), 1)
    tried = np.bincount(classes, minlength=len(_LENGTHS) + 1)[:, None] * float(size)
    return np.asarray((found + _PSEUDO_PAIRS) / (tried + _PSEUDO_PAIRS / prior))
