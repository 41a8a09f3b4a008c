"""Parts of names that decide apart from spelling: numbers, modifiers, and words shared when the whole is unlike."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from geodata.index.groups import distinct
from geodata.names.forms import Marks
from matchers.features.rarity import Rarity
from matchers.features.stems import Numbers, Stems
from matchers.pairs import Floats, Rows
from matchers.parameters import NameLevels

_MOST_MISSING = 3  # a name that differs in more words than this is no longer made less likely by each


class Parts(IntEnum):
    """How numbers and modifiers of two names stand to one another."""

    AGREE = 0  # the same, or none on either side
    ONE_SIDED = 1
    MODIFIER_CONFLICT = 2
    NUMBER_CONFLICT = 3


def compare_marks(mine: Marks, theirs: Marks, at: tuple[Rows, Rows]) -> Rows:
    """Return the `Parts` of each pair of names, given by positions on either side."""
    parts = np.zeros(len(at[0]), np.int64)
    span = len(theirs.distinct)
    both = mine.which[at[0]] * span + theirs.which[at[1]]
    marked = np.flatnonzero(both)
    different = distinct(both[marked])
    found = [compare_parts(mine.distinct[code // span], theirs.distinct[code % span]) for code in different.tolist()]
    parts[marked] = np.array(found, np.int64)[np.searchsorted(different, both[marked])]
    return parts


def compare_parts(one: tuple[str, str], other: tuple[str, str]) -> Parts:
    """Compare (number, modifier) of two names; symmetric.

    "Camp 4" and "Camp 14" differ by one letter and are two places; so are Upper and Lower Kibera.
    """
    if one == other:
        return Parts.AGREE
    if one[0] and other[0] and one[0] != other[0]:
        return Parts.NUMBER_CONFLICT
    mine, theirs = _axes(one[1]), _axes(other[1])
    if any(mine[axis].isdisjoint(theirs[axis]) for axis in mine.keys() & theirs.keys()):
        return Parts.MODIFIER_CONFLICT
    return Parts.ONE_SIDED


def shared_words(mine: Stems, at: tuple[Rows, Rows], rarity: Rarity, levels: NameLevels) -> Floats:
    """Return the likelihood ratio of pairs of names by the words they share; 0 where they share none.

    `at` are positions in `mine` and in the names of the list. A shared word counts as rare as it is in the list; a word
    on one side only counts `word_missing`.
    """
    ratio = np.zeros(len(at[0]))
    likely = np.flatnonzero(mine.mask[at[0]] & rarity.stems.mask[at[1]])
    if len(likely):
        ratio[likely] = _by_words(mine.table[at[0][likely]], rarity.stems.table[at[1][likely]], rarity, levels)
    return ratio


def _by_words(mine: Numbers, theirs: Numbers, rarity: Rarity, levels: NameLevels) -> Floats:
    held = (mine[:, :, None] == theirs[:, None, :]) & (mine[:, :, None] >= 0)
    shared = held.any(axis=2)
    chance = np.where(shared, rarity.word_chance[np.maximum(mine, 0)], 1.0)
    number = shared.sum(axis=1)
    missing = (mine != -1).sum(axis=1) + (theirs != -1).sum(axis=1) - 2 * number
    ratio = levels.m_words / chance.prod(axis=1) * levels.word_missing ** np.minimum(missing, _MOST_MISSING)
    return np.where(number > 0, ratio, 0.0)


def _axes(modifier: str) -> dict[str, set[str]]:
    axes: dict[str, set[str]] = {}
    for word in modifier.split():
        axis, value = word.split("=")
        axes.setdefault(axis, set()).add(value)
    return axes
