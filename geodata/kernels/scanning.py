"""The names most alike to one of a million, by looking at those that can be among them: bounded, and exact.

Names are kept by length. Those of the best length come first, then shorter and longer ones, for as long as their length
alone does not rule them out; in each length the letters that both have rule out most of the rest.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.indel import indel_similarity
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes, Table, Text, blank, mask, ones, wipe, write

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]

_SLACK = 1e-9  # letters: more than rounding takes away
_HAIR = 1e-12  # of likeness: more than rounding takes away


class Shelf(NamedTuple):
    """Names by length, then as they came."""

    begin: Rows  # where the names of each length begin; one longer than the greatest length and one
    offsets: Rows
    data: Bytes
    masks: Table
    order: NDArray[np.int32]  # the number of each name, as it came


class _Best(NamedTuple):
    """The most alike so far, by falling likeness, then by number; -1 where there are none yet."""

    number: Rows
    likeness: Floats


@compiled
def most_alike(shelf: Shelf, texts: tuple[Rows, Bytes], least: Any, limit: Any) -> tuple[Rows, Floats]:
    """Return the names most alike to each text and their likeness, side by side; -1 where there are no more.

    Likeness is RapidFuzz's `Indel.normalized_similarity`, at least `least`; by number among equals.
    """
    offsets, data = texts
    count = len(offsets) - 1
    numbers, likenesses = np.full((count, limit), -1, np.int64), np.full((count, limit), -np.inf)
    table = blank()
    for asked in range(count):
        text = Text(data, offsets[asked], offsets[asked + 1])
        if text.start == text.end:
            continue
        write(table, text)
        _from_length_to_length(shelf, (table, text), least, _Best(numbers[asked], likenesses[asked]))
        wipe(table, text)
    return numbers, likenesses


@compiled
def _from_length_to_length(shelf: Shelf, name: tuple[Table, Text], least: Any, best: _Best) -> None:
    """Look at names of each length, from what is most promising, until lengths are too different."""
    size, greatest = name[1].end - name[1].start, len(shelf.begin) - 2
    letters = mask(name[1])
    shorter, longer = min(size, greatest), size + 1
    while shorter > 0 or longer <= greatest:
        below = 2 * shorter / (size + shorter)
        above = 2 * size / (size + longer) if longer <= greatest else 0.0
        # A hair more, because the likeness itself is rounded in another way: 1 - 2/6 is more than 4/6.
        if max(below, above) + _HAIR < max(least, best.likeness[-1]):
            return
        if below >= above:
            _look(shelf, shorter, (name, letters, least), best)
            shorter -= 1
        else:
            _look(shelf, longer, (name, letters, least), best)
            longer += 1


@compiled
def _look(shelf: Shelf, length: Any, wanted: tuple[tuple[Table, Text], Any, Any], best: _Best) -> None:
    """Look at the names of one length."""
    (table, text), letters, least = wanted
    offsets, data, masks, order = shelf.offsets, shelf.data, shelf.masks, shelf.order
    both = text.end - text.start + length
    apart = _most_apart(both, max(least, best.likeness[-1]))
    for at in range(shelf.begin[length], shelf.begin[length + 1]):
        if ones(letters ^ masks[at]) > apart:
            continue
        likeness = indel_similarity(table, text, Text(data, offsets[at], offsets[at + 1]))
        if likeness >= least:
            _take(order[at], likeness, best)
            apart = _most_apart(both, max(least, best.likeness[-1]))


@compiled
def _most_apart(both: Any, needed: Any) -> Any:
    """Return how many letters of both names may be in one and not in the other, for a likeness that is needed."""
    return np.int64((1.0 - max(needed, 0.0)) * both + _SLACK)


@compiled
def _take(number: Any, likeness: Any, best: _Best) -> None:
    """Put a name in its place among the best, where it belongs there."""
    at = len(best.number) - 1
    if likeness < best.likeness[at] or (likeness == best.likeness[at] and number > best.number[at]):
        return
    while at > 0 and (
        best.likeness[at - 1] < likeness or (best.likeness[at - 1] == likeness and best.number[at - 1] > number)
    ):
        best.number[at], best.likeness[at] = best.number[at - 1], best.likeness[at - 1]
        at -= 1
    best.number[at], best.likeness[at] = number, likeness
