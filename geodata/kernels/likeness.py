"""How alike two texts are, by optimal string alignment or Jaro-Winkler; and what they can reach at most."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.edits import edit_similarity, edits_in_a_word
from geodata.kernels.jaro import jaro, jaro_winkler_in_a_word, jaro_winkler_similarity, winkler
from geodata.kernels.jit import compiled
from geodata.kernels.letters import WORD, Bytes, Table, Text, blank, ones, wipe, write

Rows = NDArray[np.int64]
_SLACK = 1e-12  # more than rounding can take away


@compiled
def likeness(table: Table, one: Text, other: Text) -> Any:
    """Return how alike two texts are, 0..1: the greater of both scores.

    `one` is written in `table` (`geodata.kernels.letters.write`), which is worth its price when many others follow.
    """
    if one.end - one.start <= WORD and other.end - other.start <= WORD:
        return likeness_in_a_word(table, one, other)
    return max(edit_similarity(table, one, other), jaro_winkler_similarity(table, one, other))


@compiled
def likeness_in_a_word(table: Table, one: Text, other: Text) -> Any:
    """Return the same for texts of at most 64 letters: twice as quick in a loop that knows no longer ones.

    Where a loop may also go the long way, numba counts references to the columns of every pair.
    """
    mine, theirs = one.end - one.start, other.end - other.start
    if mine == 0 or theirs == 0:
        return 1.0 if mine == theirs else 0.0
    alike, shared = jaro_winkler_in_a_word(table, one, other)
    # A letter that stays is at most as many places off as there are edits. So there are half as many as letters, or
    # all that stay are near enough for Jaro, who pairs as many letters as can be.
    longer = max(mine, theirs)
    if alike >= 1.0 - min(longer - shared, longer // 2) / longer:
        return alike
    return max(1.0 - edits_in_a_word(table, mine, other) / longer, alike)


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
    found, longer = np.zeros(len(a)), 0
    table = blank()
    written, text = np.int64(-1), Text(one[1], one[0][0], one[0][0])
    for at in range(len(a)):
        if a[at] != written:
            wipe(table, text)
            written = a[at]
            text = Text(one[1], one[0][written], one[0][written + 1])
            write(table, text)
        start, end = other[0][b[at]], other[0][b[at] + 1]
        if text.end - text.start <= WORD and end - start <= WORD:
            found[at] = likeness_in_a_word(table, text, Text(other[1], start, end))
        else:
            found[at] = -1.0
            longer += 1
    if longer:
        _of_longer((one, other), a, b, found)
    return found


@compiled
def _of_longer(
    texts: tuple[tuple[Rows, Bytes], tuple[Rows, Bytes]], a: Rows, b: Rows, found: NDArray[np.float64]
) -> None:
    """Write the likeness of the pairs that have none yet, with a text that is longer than a machine word."""
    (offsets, data), (other_offsets, other_data) = texts
    table = blank()
    for at in range(len(a)):
        if found[at] < 0:
            text = Text(data, offsets[a[at]], offsets[a[at] + 1])
            write(table, text)
            found[at] = likeness(table, text, Text(other_data, other_offsets[b[at]], other_offsets[b[at] + 1]))
            wipe(table, text)
