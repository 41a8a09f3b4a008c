"""Rows that share a key, and their look-up for whole columns of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from geodata.numbering import Numbering, numbered
from geodata.texts import Texts

Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Groups:
    """For each distinct key, the rows that have it, ascending and without repeats."""

    kept: ClassVar = ("sizes",)  # what is saved beside the fields

    number: Numbering  # of each key, in sorting order, so that the order of rows changes nothing
    start: Rows  # where each key's rows begin in `rows`; one longer than the keys
    rows: Rows

    @classmethod
    def build(cls, keys: Sequence[str] | Texts, rows: Rows) -> Self:
        """Group rows by key, given pairs of both."""
        number, codes = numbered(keys if isinstance(keys, Texts) else Texts.of(keys))
        return cls.of(number, codes, rows)

    @classmethod
    def of(cls, number: Numbering, codes: Rows, rows: Rows) -> Self:
        """Group rows by the numbers of their keys, given pairs of both."""
        span = int(rows.max()) + 1 if len(rows) else 1
        both = distinct(codes * span + rows)
        return cls(number, runs(both // span, len(number)), both % span)

    def __len__(self) -> int:
        """Return the number of keys."""
        return len(self.number)

    @cached_property
    def sizes(self) -> Rows:
        """How many rows each key has."""
        return np.diff(self.start)

    def numbers(self, keys: Sequence[str] | Texts) -> Rows:
        """Return the number of each key, -1 where it is unknown."""
        return self.number.numbers(keys)

    def rows_of(self, numbers: Rows, limit: int | None = None) -> tuple[Rows, Rows]:
        """Return (position in `numbers`, row) for every row of every numbered key.

        A key with more than `limit` rows is passed over: it singles nobody out.
        """
        known = np.flatnonzero(numbers >= 0)
        if not len(known):
            return known, known
        sizes = self.sizes[numbers[known]]
        if limit is not None:
            known, sizes = known[sizes <= limit], sizes[sizes <= limit]
        at, place = repeated(self.start[numbers[known]], sizes)
        return known[at], self.rows[place]


def distinct(numbers: Rows) -> Rows:
    """Return the distinct numbers, ascending; by sorting, which beats the hashing of `np.unique` many times over."""
    ordered: Rows = np.sort(numbers)
    new = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=new[1:])
    return ordered[new]


def coded(numbers: Rows) -> tuple[Rows, Rows]:
    """Return the distinct numbers, ascending, and for each number its position among them."""
    order = np.argsort(numbers, kind="stable")
    ordered = numbers[order]
    new = np.diff(ordered, prepend=ordered[:1] - 1) != 0
    code = np.empty(len(numbers), np.int64)
    code[order] = np.cumsum(new) - 1
    return ordered[new], code


def runs(groups: Rows, count: int) -> Rows:
    """Return where each of `count` groups begins in an ascending column of group numbers, and at last its length."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)


def repeated(begins: Rows, sizes: Rows) -> tuple[Rows, Rows]:
    """Return (which run, position) for runs of consecutive positions, each given by its begin and its size."""
    if len(begins) == 1:
        size, begin = int(sizes[0]), int(begins[0])
        return np.zeros(size, np.int64), np.arange(begin, begin + size)
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(np.arange(len(begins)), sizes), np.repeat(begins, sizes) + within
