"""Letter pairs and triples of texts, as numbers; and which texts hold each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.alphabet import CODE, GRAMS, PAIRS, SYMBOLS
from geodata.kernels.jit import compiled
from geodata.kernels.letters import Bytes

Rows = NDArray[np.int64]
Floats = NDArray[np.float64]


@compiled
def grams_of(data: Bytes, start: Any, end: Any, into: Rows) -> Any:
    """Write the distinct letter groups of one text, ascending, and return how many; `into` holds two for each letter.

    A boundary stands at both ends of a text; an empty one has no groups.
    """
    count = 0
    if start == end:
        return count
    first, second = np.int64(0), CODE[data[start]]
    count = _kept(into, count, second)
    for at in range(start + 1, end + 1):
        third = CODE[data[at]] if at < end else np.int64(0)
        pair = second * SYMBOLS + third
        count = _kept(into, count, pair)
        count = _kept(into, count, PAIRS + (first * SYMBOLS + second) * SYMBOLS + third)
        first, second = second, third
    return count


@compiled
def _kept(into: Rows, count: Any, gram: Any) -> Any:
    """Put a letter group in its place among ascending ones, where it is new."""
    place = count
    while place > 0 and into[place - 1] > gram:
        place -= 1
    if place > 0 and into[place - 1] == gram:
        return count
    for at in range(count, place, -1):
        into[at] = into[at - 1]
    into[place] = gram
    return count + 1


@compiled
def room(offsets: Rows) -> Any:
    """Return how many letter groups the longest text of a column can have."""
    longest = np.int64(0)
    for row in range(len(offsets) - 1):
        longest = max(longest, offsets[row + 1] - offsets[row])
    return 2 * longest + 2


@compiled
def frequencies(offsets: Rows, data: Bytes) -> Rows:
    """Return how many texts of a column hold each letter group."""
    found = np.zeros(GRAMS, np.int64)
    grams = np.empty(room(offsets), np.int64)
    for row in range(len(offsets) - 1):
        for at in range(grams_of(data, offsets[row], offsets[row + 1], grams)):
            found[grams[at]] += 1
    return found


@compiled
def lengths(offsets: Rows, data: Bytes, weight: Floats) -> Floats:
    """Return the length of each text's vector of weights."""
    found = np.empty(len(offsets) - 1)
    grams = np.empty(room(offsets), np.int64)
    for row in range(len(found)):
        squares = 0.0
        for at in range(grams_of(data, offsets[row], offsets[row + 1], grams)):
            squares += weight[grams[at]] ** 2
        found[row] = np.sqrt(squares)
    return found


@compiled
def postings(texts: tuple[Rows, Bytes], order: NDArray[np.int32], begin: Rows, count: Any) -> NDArray[np.int32]:
    """Return the places in `order` of the texts that hold each letter group, one group after the other, ascending."""
    offsets, data = texts
    found = np.empty(count, np.int32)
    free = begin.copy()
    grams = np.empty(room(offsets), np.int64)
    for place in range(len(order)):
        row = order[place]
        for at in range(grams_of(data, offsets[row], offsets[row + 1], grams)):
            found[free[grams[at]]] = place
            free[grams[at]] += 1
    return found
