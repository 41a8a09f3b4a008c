"""Rows that share a key, and their look-up for whole columns of keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray


class Key(Protocol):
    """What rows can be grouped by: anything with an order."""

    def __lt__(self, other: Any, /) -> bool:
        """Whether it comes first."""

    def __hash__(self) -> int:
        """Return a hash."""


K = TypeVar("K", bound=Key)
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Groups(Generic[K]):
    """For each distinct key, the rows that have it, ascending and without repeats."""

    number: dict[K, int]  # of each key, in sorting order, so that the order of rows changes nothing
    start: Rows  # where each key's rows begin in `rows`; one longer than the keys
    rows: Rows

    @classmethod
    def build(cls, keys: Sequence[K], rows: Rows) -> Groups[K]:
        """Group rows by key, given pairs of both."""
        number = {key: i for i, key in enumerate(sorted(set(keys)))}
        codes = np.fromiter((number[key] for key in keys), np.int64, len(keys))
        span = int(rows.max()) + 1 if len(rows) else 1
        both = distinct(codes * span + rows)
        return cls(number, runs(both // span, len(number)), both % span)

    @cached_property
    def sizes(self) -> Rows:
        """How many rows each key has."""
        return np.diff(self.start)

    def numbers(self, keys: Sequence[K]) -> Rows:
        """Return the number of each key, -1 where it is unknown."""
        return np.fromiter((self.number.get(key, -1) for key in keys), np.int64, len(keys))

    def rows_of(self, numbers: Rows, limit: int | None = None) -> tuple[Rows, Rows]:
        """Return (position in `numbers`, row) for every row of every numbered key.

        A key with more than `limit` rows is passed over: it singles nobody out.
        """
        known = np.flatnonzero(numbers >= 0)
        sizes = self.sizes[numbers[known]]
        if limit is not None:
            known, sizes = known[sizes <= limit], sizes[sizes <= limit]
        at, place = repeated(self.start[numbers[known]], sizes)
        return known[at], self.rows[place]


def distinct(numbers: Rows) -> Rows:
    """Return the distinct numbers, ascending; by sorting, which beats the hashing of `np.unique` many times over."""
    ordered: Rows = np.sort(numbers)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))]


def runs(groups: Rows, count: int) -> Rows:
    """Return where each of `count` groups begins in an ascending column of group numbers, and at last its length."""
    return np.searchsorted(groups, np.arange(count + 1)).astype(np.int64)


def repeated(begins: Rows, sizes: Rows) -> tuple[Rows, Rows]:
    """Return (which run, position) for runs of consecutive positions, each given by its begin and its size."""
    within = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return np.repeat(np.arange(len(begins)), sizes), np.repeat(begins, sizes) + within
