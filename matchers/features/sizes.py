"""What the sizes of a pair say: pupils of a school, beds of a hospital, and the like.

Counts of people, households and dwellings are never evidence for a match: they are what is tested afterwards, and
choosing matches by them would hide undercounts. Of other numbers only a great difference says anything.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.names.folding import fold
from matchers.counting.comparability import TESTED
from matchers.pairs import Feature, Floats, Pairs, log2
from matchers.parameters import Sizes

LEVELS = ("not_available", "comparable", "apart")
_SHARE = 1 / 3  # of other entries whose size is far apart, before a list is seen


@dataclass(frozen=True)
class Measured:
    """The sizes of a table's rows, by unit; natural logarithms, NaN where a row does not say."""

    log: dict[str, Floats]

    @classmethod
    def of(cls, counts: pa.ListArray) -> Measured:
        """Read the first positive number of each row in each unit that is not a count of people."""
        if counts.null_count == len(counts):
            return cls({})
        cells, rows = counts.flatten(), np.asarray(counts.value_parent_indices())
        if not len(cells):
            return cls({})
        value = np.nan_to_num(cells.field("value").to_numpy(zero_copy_only=False), nan=0.0)
        units = pc.dictionary_encode(pc.fill_null(cells.field("unit"), "persons"))
        names, code = units.dictionary.to_pylist(), np.asarray(units.indices)
        log: dict[str, Floats] = {}
        positive = np.flatnonzero(value > 0)[::-1]  # backwards, so that the first of each row is written last
        folded = np.array([fold(name or "persons") for name in names], np.object_)[code[positive]]
        for unit in dict.fromkeys(folded[::-1].tolist()):
            if unit not in TESTED:
                own = positive[folded == unit]
                log[unit] = np.full(len(counts), np.nan)
                log[unit][rows[own]] = np.log(value[own])
        return cls(log)


def compare_sizes(pairs: Pairs, mine: Measured, theirs: Measured, model: Sizes) -> Feature:
    """Weigh the sizes of each pair whose sides say one in the same unit; the first such unit in the alphabet counts."""
    level, bits = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
    for unit in sorted(mine.log.keys() & theirs.log.keys()):
        own, listed = mine.log[unit], theirs.log[unit]
        gap = np.abs(own[pairs.record] - listed[pairs.row])
        known = np.isfinite(gap) & (level == 0)
        against = against_size(own, listed, model)
        apart = known & (gap >= model.apart)
        level[known], level[apart] = 1, 2
        bits[apart] = np.minimum(against[pairs.record[apart]], 0.0)
    return Feature("size", LEVELS, level, bits)


def against_size(own: Floats, listed: Floats, model: Sizes) -> Floats:
    """Return for each record the evidence of an entry whose size is far from its own, in bits."""
    return log2(model.m_apart / _usual(own, np.sort(listed[np.isfinite(listed)]), model))


def _usual(own: Floats, listed: Floats, model: Sizes) -> Floats:
    """Return for each record the share of the list's entries whose size is far from its own."""
    below = np.searchsorted(listed, own - model.apart, side="right")
    above = len(listed) - np.searchsorted(listed, own + model.apart, side="left")
    return np.asarray((below + above + _SHARE * model.pseudo) / (len(listed) + model.pseudo))
