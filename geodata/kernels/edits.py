"""Optimal string alignment: inserted, deleted, changed and swapped neighbouring letters, none touched twice."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.kernels.jit import compiled
from geodata.kernels.letters import WORD, Table, Text

_ONE = np.uint64(1)


@compiled
def edit_similarity(table: Table, one: Text, other: Text) -> Any:
    """Return one minus edits over the length of the longer text, 0..1; two empty texts are the same.

    `one` is written in `table`. The value is that of RapidFuzz's `OSA.normalized_similarity`, to the last bit.
    """
    mine, theirs = one.end - one.start, other.end - other.start
    longer = max(mine, theirs)
    if longer == 0:
        return 1.0
    if mine == 0 or theirs == 0:
        edits = longer
    elif mine <= WORD:
        edits = edits_in_a_word(table, mine, other)
    else:
        edits = _edits_by_rows(one, other)
    return 1.0 - edits / longer


@compiled
def edits_in_a_word(table: Table, size: Any, text: Text) -> Any:
    """Count the edits between a text of 1 to 64 letters, written in `table`, and another of any length.

    Columns of differences as bits: H. Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit
    distances", Nordic Journal of Computing 10 (2003).
    """
    last = _ONE << np.uint64(size - 1)
    rising, falling, diagonal, before = ~np.uint64(0), np.uint64(0), np.uint64(0), np.uint64(0)
    edits = size
    for at in range(text.start, text.end):
        here = table[text.data[at]]
        swapped = ((~diagonal & here) << _ONE) & before
        diagonal = (((here & rising) + rising) ^ rising) | here | falling | swapped
        right_up = falling | ~(diagonal | rising)
        right_down = diagonal & rising
        if right_up & last:
            edits += 1
        if right_down & last:
            edits -= 1
        right_up = (right_up << _ONE) | _ONE
        rising = (right_down << _ONE) | ~(diagonal | right_up)
        falling = right_up & diagonal
        before = here
    return edits


@compiled
def _edits_by_rows(one: Text, other: Text) -> Any:
    """Count the edits between texts of any length, row by row of the table of all their beginnings."""
    height, width = one.end - one.start, other.end - other.start
    rows = np.zeros((3, width + 1), np.int64)
    rows[0] = np.arange(width + 1)
    for i in range(1, height + 1):
        now, above, two_above = rows[i % 3], rows[(i + 2) % 3], rows[(i + 1) % 3]
        at = one.start + i - 1
        now[0] = i
        for j in range(1, width + 1):
            to = other.start + j - 1
            fewest = min(above[j] + 1, now[j - 1] + 1, above[j - 1] + (one.data[at] != other.data[to]))
            if i > 1 and j > 1 and one.data[at] == other.data[to - 1] and one.data[at - 1] == other.data[to]:
                fewest = min(fewest, two_above[j - 2] + 1)
            now[j] = fewest
    return rows[height % 3, width]
