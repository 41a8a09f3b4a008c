"""Where each letter stands in a text, as bits; and which letters a text has at all.

A text of at most 64 letters is one machine word, bit j for its j-th letter. Kernels keep one table of 256 such words,
one for each byte, and write a text into it that they then hold against many others.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.kernels.jit import compiled

Bytes = NDArray[np.uint8]
Table = NDArray[np.uint64]

WORD = 64  # letters that fit one machine word
_ONE = np.uint64(1)

#: The bit of each byte in a mask: 0-25 for a-z, 52-61 for digits, 62 for all others.
_BIT = np.full(256, 62, np.uint64)
_BIT[ord("a") : ord("z") + 1] = np.arange(26)
_BIT[ord("0") : ord("9") + 1] = np.arange(52, 62)
_LETTERS = np.uint64((1 << 26) - 1)
_AGAIN = np.uint64(26)


class Text(NamedTuple):
    """One text of a column: its bytes stand in `data` from `start` up to `end`."""

    data: Bytes
    start: Any  # a whole number of whatever type
    end: Any


@compiled
def blank() -> Table:
    """Return a table in which no text is written."""
    return np.zeros(256, np.uint64)


@compiled
def write(table: Table, text: Text) -> None:
    """Write a text into a blank table; of a text that is longer than a machine word, nothing."""
    if text.end - text.start > WORD:
        return
    bit = _ONE
    for at in range(text.start, text.end):
        table[text.data[at]] |= bit
        bit <<= _ONE


@compiled
def wipe(table: Table, text: Text) -> None:
    """Make a table blank again in which this text is written."""
    for at in range(text.start, text.end):
        table[text.data[at]] = np.uint64(0)


@compiled
def ones(word: Any) -> Any:
    """Return how many bits of a machine word are set (Hacker's Delight, 5-1)."""
    word = word - ((word >> np.uint64(1)) & np.uint64(0x5555555555555555))
    word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@compiled
def mask(text: Text) -> Any:
    """Return which letters a text has, as bits of a machine word: those of a-z that it has twice stand there twice.

    As many bits as differ between two masks, so many letters at least are in one text and not in the other.
    """
    word = np.uint64(0)
    for at in range(text.start, text.end):
        bit = _ONE << _BIT[text.data[at]]
        word |= bit | ((word & bit & _LETTERS) << _AGAIN)
    return word


@compiled
def masks(offsets: NDArray[np.int64], data: Bytes) -> Table:
    """Return which letters each text of a column has."""
    found = np.zeros(len(offsets) - 1, np.uint64)
    for row in range(len(found)):
        found[row] = mask(Text(data, offsets[row], offsets[row + 1]))
    return found
