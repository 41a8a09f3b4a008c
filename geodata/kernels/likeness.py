"""How alike two texts are, by optimal string alignment or Jaro-Winkler; and what they can reach at most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.edits import edit_similarity
from geodata.kernels.jaro import jaro, jaro_winkler_similarity, winkler
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes, Table, Text, blank, ones, wipe, write

Rows = NDArray[np.int64]
_SLACK = 1e-12  # more than rounding can take away


@compiled
def likeness(table: Table, one: Text, other: Text) -> Any:
    """Return how alike two texts are, 0..1: the greater of both scores.

    `one` is written in `table` (`geodata.kernels.letters.write`), which is worth its price when many others follow.
    """
    return max(edit_similarity(table, one, other), jaro_winkler_similarity(table, one, other))


@compiled
def ceiling(mine: Any, theirs: Any, my_mask: Any, their_mask: Any) -> Any:
    """Return what the likeness of two texts cannot exceed, from their lengths and the masks of their letters.

    A letter that only one side has is an edit, and is not shared; one edit may undo one such letter on each side.
    """
    if mine == 0 or theirs == 0:
        return 1.0 if mine == theirs else 0.0
    only_mine, only_theirs = ones(my_mask & ~their_mask), ones(their_mask & ~my_mask)
    longer = max(mine, theirs)
    by_edits = 1.0 - max(only_mine, only_theirs, longer - min(mine, theirs)) / longer
    shared = min(mine - only_mine, theirs - only_theirs)
    if shared <= 0:
        return by_edits
    return max(by_edits, winkler(jaro(shared, 0, mine, theirs), min(shared, 4)) + _SLACK)


@compiled
def likenesses(one: tuple[Rows, Bytes], other: tuple[Rows, Bytes], a: Rows, b: Rows) -> NDArray[np.float64]:
    """Return how alike text `a[i]` of one column and text `b[i]` of another are; columns as (offsets, data).

    Quickest where the same text of the first column comes several times in a row.
    """
    found = np.zeros(len(a))
    table = blank()
    written, text = np.int64(-1), Text(one[1], one[0][0], one[0][0])
    for at in range(len(a)):
        if a[at] != written:
            wipe(table, text)
            written = a[at]
            text = Text(one[1], one[0][written], one[0][written + 1])
            write(table, text)
        found[at] = likeness(table, text, Text(other[1], other[0][b[at]], other[0][b[at] + 1]))
    return found
