"""Inserted and deleted letters between two texts: what is left beside their longest common subsequence."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.kernels.jit import compiled
from geodata.kernels.letters import WORD, Bytes, Table, Text, ones


@compiled
def indel_similarity(table: Table, one: Text, other: Text) -> Any:
    """Return one minus the letters inserted or deleted over the letters of both, 0..1; two empty texts are the same.

    `one` is written in `table`. The value is that of RapidFuzz's `Indel.normalized_similarity`, to the last bit.
    """
    mine, theirs = one.end - one.start, other.end - other.start
    if mine + theirs == 0:
        return 1.0
    if mine <= WORD:
        common = common_in_a_word(table, other.data, other.start, other.end)
    else:
        common = _common_by_rows(one, other)
    return 1.0 - (mine + theirs - 2 * common) / (mine + theirs)


@compiled
def common_in_a_word(table: Table, data: Bytes, start: Any, end: Any) -> Any:
    """Return the length of the longest common subsequence of a written text and the one in `data` there.

    H. Hyyrö, "Bit-parallel LCS-length computation revisited", Australasian Workshop on Combinatorial Algorithms (2004).
    """
    left = ~np.uint64(0)
    for at in range(start, end):
        met = left & table[data[at]]
        left = (left + met) | (left - met)
    return ones(~left)


@compiled
def _common_by_rows(one: Text, other: Text) -> Any:
    """Return the same for texts of any length, row by row of the table of all their beginnings."""
    width = other.end - other.start
    row = np.zeros(width + 1, np.int64)
    for i in range(one.start, one.end):
        before = np.int64(0)  # what stood to the left in the row above
        for j in range(1, width + 1):
            above = row[j]
            same = one.data[i] == other.data[other.start + j - 1]
            row[j] = before + 1 if same else max(row[j - 1], above)
            before = above
    return row[width]
