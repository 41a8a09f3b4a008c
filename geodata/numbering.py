"""Distinct texts in order, each with its number, and their look-up by hash: a dictionary of millions without objects.

The hash only finds where to look; the bytes decide. It is the polynomial sum of (byte + 1) x factor^position modulo
2^64, which whole columns and single texts are worked out by alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.texts import Texts, agree

Rows = NDArray[np.int64]
Hashes = NDArray[np.uint64]

_FACTOR = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1
_FEW = 8  # texts up to which one by one is quicker than as a column
_AT_ONCE = 100_000  # texts whose bytes are weighed at once


@dataclass(frozen=True, eq=False)
class Numbering(Mapping[str, int]):
    """Distinct texts, numbered in the order of their bytes, which is that of their letters."""

    texts: Texts
    hashes: Hashes  # ascending
    which: NDArray[np.int32]  # of each hash, the number of its text

    @classmethod
    def of(cls, texts: Texts) -> Numbering:
        """Give numbers to distinct texts that stand in order."""
        hashes = hashes_of(texts)
        order = np.argsort(hashes, kind="stable")
        return cls(texts, hashes[order], order.astype(np.int32))

    def __len__(self) -> int:
        """Return how many texts there are."""
        return len(self.texts)

    def __iter__(self) -> Iterator[str]:
        """Go through the texts in order."""
        return iter(self.texts.tolist())

    def __getitem__(self, text: str) -> int:
        """Return the number of a text. Raises `KeyError`."""
        number = self._number(text.encode())
        if number < 0:
            raise KeyError(text)
        return number

    def numbers(self, texts: Texts | Sequence[str]) -> Rows:
        """Return the number of each text, -1 where it is unknown."""
        if len(texts) <= _FEW:
            return np.array([self._number(texts[i].encode()) for i in range(len(texts))], np.int64)
        wanted = texts if isinstance(texts, Texts) else Texts.of(texts)
        hashes, found = hashes_of(wanted), np.full(len(wanted), -1, np.int64)
        place, open_ = np.searchsorted(self.hashes, hashes), np.arange(len(wanted))
        while len(open_):  # once, but for texts of one hash
            open_ = open_[place[open_] < len(self.hashes)]
            open_ = open_[self.hashes[place[open_]] == hashes[open_]]
            number = self.which[place[open_]].astype(np.int64)
            same = agree((wanted, open_), (self.texts, number))
            found[open_[same]] = number[same]
            open_ = open_[~same]
            place[open_] += 1
        return found

    def _number(self, text: bytes) -> int:
        wanted = 0
        for byte in reversed(text):
            wanted = (wanted * _FACTOR + byte + 1) & _MASK
        place = int(np.searchsorted(self.hashes, np.uint64(wanted)))
        while place < len(self.hashes) and self.hashes[place] == wanted:
            number = int(self.which[place])
            offsets = self.texts.offsets
            if self.texts.data[offsets[number] : offsets[number + 1]].tobytes() == text:
                return number
            place += 1
        return -1


def numbered(texts: Texts) -> tuple[Numbering, Rows]:
    """Return the distinct texts of a column in order, and the number of each text of the column."""
    distinct, code = distinct_in_order(texts)
    return Numbering.of(distinct), code


def distinct_in_order(texts: Texts) -> tuple[Texts, Rows]:
    """Return the distinct texts of a column in order, and for each text of the column its place among them."""
    coded = pc.dictionary_encode(texts.column)
    first = np.asarray(coded.indices).astype(np.int64)
    order = order_of(coded.dictionary)
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    return Texts.of_column(coded.dictionary.take(pa.array(order))), place[first]


def order_of(texts: Texts | pa.Array) -> Rows:
    """Return the positions of texts in order; equals as they stand."""
    column = texts.column if isinstance(texts, Texts) else texts
    return np.asarray(pc.array_sort_indices(column)).astype(np.int64)


def hashes_of(texts: Texts) -> Hashes:
    """Return the hash of each text."""
    hashes = np.zeros(len(texts), np.uint64)
    sizes = texts.sizes
    power = np.full(int(sizes.max(initial=0)) + 1, _FACTOR, np.uint64)
    power[0] = 1
    np.multiply.accumulate(power, out=power)
    for start in range(0, len(texts), _AT_ONCE):
        begins, some = texts.offsets[start : start + _AT_ONCE + 1], sizes[start : start + _AT_ONCE]
        within = np.arange(begins[0], begins[-1]) - np.repeat(begins[:-1], some)
        weighed = (texts.data[begins[0] : begins[-1]].astype(np.uint64) + np.uint64(1)) * power[within]
        written = np.flatnonzero(some)
        if len(written):
            hashes[start + written] = np.add.reduceat(weighed, begins[:-1][written] - begins[0])
    return hashes
