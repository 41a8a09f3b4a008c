"""How rare names are in one official list: the chance that another place of the list is written alike.

An agreement on a rare name says much, on a common one little. The list's own names tell: the chance of the same letters
is how often they recur, and the chance of similar letters is how many neighbours a name of that length has in the list.
Counts leave the candidate itself out and are drawn towards general values, so that a short list is not overrated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.coded import Coded
from geodata.index import PlaceIndex
from geodata.index.groups import coded, distinct
from geodata.names.resemblance import resemblance
from geodata.numbering import Numbering, distinct_in_order
from matchers.features.stems import Stems
from matchers.parameters import NameLevels

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SAMPLE, _OTHERS = 300, 3_000  # names of the list whose neighbours are counted, and among how many
LENGTHS = (4, 5, 6, 7, 8, 10, 13)  # upper bounds of the length classes; one more for longer names
_PSEUDO_PAIRS = 5.0


@dataclass(frozen=True)
class Rarity:
    """Chances of agreement by coincidence within one official list."""

    size: int  # rows of the list
    namesakes: tuple[Rows, Rows]  # by name of the list: rows of its kind with its letters, and with its number too
    words: Numbering  # number of each stem
    stems: Stems  # of the distinct names of the list
    word_chance: Floats  # by number of the stem: chance that another row's name has it
    same: float  # chance that two rows share all letters
    near: Floats  # length class x level: chance that another row's name is at that level

    @classmethod
    def of(cls, index: PlaceIndex, kind: Rows, levels: NameLevels) -> Rarity:
        """Measure one list; deterministic, one to two seconds for a hundred thousand places.

        `kind` is the number of each row's kind. A primary and a secondary school of one name are one institution's, so
        that only rows of one kind share a name by coincidence.
        """
        size = len(index.places)
        key = key_codes(index)
        of_kind = kind[index.name_rows]
        letters = _namesakes(index.core_numbers[index.names.which], of_kind, index.name_rows)
        full = _namesakes(key[index.names.which], of_kind, index.name_rows)
        stems, words = Stems.numbered(index.names)
        frequency = _rows_with_word(stems.table[index.names.which], index.name_rows, len(words))
        chance = (np.maximum(frequency - 1, 0) + levels.same_rarity) / (
            max(size - 1, 1) + levels.same_rarity / _USUAL_WORD
        )
        same = (float((letters - 1).sum()) + _PSEUDO_PAIRS) / (size * max(size - 1, 1) + _PSEUDO_PAIRS / levels.u_exact)
        floor = least_chance(size)
        chance, near = np.maximum(chance, floor), np.maximum(_neighbours(index, levels), floor)
        return cls(size, (letters, full), words, stems, chance, max(same, floor), near)

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
        return self.near[np.searchsorted(LENGTHS, lengths), level]


#: Chance that a given name holds a given word, before a list is seen.
_USUAL_WORD = 0.002


def least_chance(size: int) -> float:
    """Return the least chance of coincidence believed of a list of this size: a tenth of one row, at most 1e-5."""
    return min(1e-5, 0.1 / max(size, 1))


def _namesakes(name: Rows, kind: Rows, rows: Rows) -> Rows:
    """Return for each name of the list how many rows of its row's kind bear the same; at least 1."""
    if not len(rows):
        return np.ones(0, np.int64)
    both = (name + 1) * (int(kind.max()) + 1) + kind
    group, number = coded(both)
    span = int(rows.max()) + 1
    return np.bincount(distinct(number * span + rows) // span, minlength=len(group)).astype(np.int64)[number]


def _rows_with_word(table: NDArray[np.int32], rows: Rows, count: int) -> Rows:
    name, column = np.nonzero(table >= 0)
    span = int(rows.max()) + 1 if len(rows) else 1
    both = distinct(table[name, column].astype(np.int64) * span + rows[name])
    return np.bincount(both // span, minlength=count).astype(np.int64)


def _neighbours(index: PlaceIndex, levels: NameLevels) -> Floats:
    """Count, for a sample of the list's own names, how many of a sample of its rows are alike, by length and level."""
    prior = np.asarray(levels.u_near)
    # By the alphabet, so that the order of the list's rows changes nothing.
    alphabetical = _alphabetical(index)
    sample, others = alphabetical[:: _step(alphabetical, _SAMPLE)], alphabetical[:: _step(alphabetical, _OTHERS)]
    asked, other = np.repeat(sample, len(others)), np.tile(others, len(sample))
    readings = index.names.readings
    scores = resemblance(readings, readings, asked, other)
    level = np.searchsorted(-np.asarray(levels.cuts), -scores)
    classes = np.searchsorted(LENGTHS, index.names.letters.sizes)
    counted = (scores < 1.0) & (level < len(prior))
    found = np.zeros((len(LENGTHS) + 1, len(prior)))
    np.add.at(found, (classes[asked[counted]], level[counted]), 1)
    tried = np.bincount(classes[asked], minlength=len(LENGTHS) + 1)[:, None]
    return np.asarray((found + _PSEUDO_PAIRS) / (tried + _PSEUDO_PAIRS / prior))


def _alphabetical(index: PlaceIndex) -> Rows:
    """Return the distinct names that have a core, in the order of their forms."""
    parts = index.names.parts
    ranks = [_rank(column) for column in (parts.qualifier, parts.number, parts.modifier, parts.generic)]
    order = np.lexsort((parts.vowelless, *ranks, distinct_in_order(parts.core)[1]))
    return order[parts.core.sizes[order] > 0].astype(np.int64)


def _rank(column: Coded) -> Rows:
    return distinct_in_order(column.words)[1][column.code]


def key_codes(index: PlaceIndex) -> Rows:
    """Return a number for each distinct name of a list: the same where `NameForm.key` is."""
    marks = index.names.marks
    return (index.core_numbers + 1) * len(marks.number) + marks.which


def _step(names: Rows, wanted: int) -> int:
    return max(1, -(-len(names) // wanted))
