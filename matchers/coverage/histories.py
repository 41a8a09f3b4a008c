"""Capture histories: which lists name each community, counted by combination of lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

#: Lists that are compared at once at most; beyond, the tables are too thin for any model to be held against another.
MOST_LISTS = 5
_FEWEST_LISTS = 2

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
History = tuple[int, ...]  # 1 where a list names the community, 0 where not, in the order of the lists


class Impossible(ValueError):
    """Numbers that no lists can have. `hint` says how to mend them."""

    def __init__(self, message: str, hint: str) -> None:
        """Say what cannot be, and what to do about it."""
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, eq=False)
class Histories:
    """How many communities (or persons) have each capture history.

    `counts[i]` belongs to the history whose digits are the binary digits of i, the first list the highest; `counts[0]`
    is 0, because nobody saw those. Raises `Impossible` for fewer than two or more than five lists, a list that stands
    there twice, and negative counts.
    """

    lists: tuple[str, ...]
    counts: Counts
    unknown: int = 0  # left out, because some list leaves open whether it names them

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        size = len(self.lists)
        if size < _FEWEST_LISTS:
            message, hint = f"{size or 'no'} list cannot show what is on no list", "give two lists or more"
            raise Impossible(message, hint)
        if size > MOST_LISTS:
            message = f"{size} lists are more than the {MOST_LISTS} that can be compared at once"
            raise Impossible(message, "leave out the smallest, or join lists that share a source into one")
        if twice := sorted({name for name in self.lists if self.lists.count(name) > 1}):
            message = f"the list {twice[0]} is there twice"
            raise Impossible(message, "give each list once; a list overlaps with itself entirely and proves nothing")
        if len(self.counts) != 1 << size or self.counts[0] != 0:
            message = "a community on none of the lists cannot have been counted"
            raise Impossible(message, "leave the history of zeros away: it is what is asked for")
        if (self.counts < 0).any() or self.unknown < 0:
            message = "a capture history has a negative count"
            raise Impossible(message, "counts are whole numbers, 0 or more")

    @classmethod
    def of(cls, lists: Sequence[str], counted: Mapping[History, int]) -> Histories:
        """Return histories from their counts; combinations that are not named were seen 0 times."""
        counts = np.zeros(1 << len(lists), np.int64)
        for history, count in counted.items():
            if len(history) != len(lists) or not set(history) <= {0, 1}:
                message = f"{''.join(map(str, history))} is no history over {len(lists)} lists"
                raise Impossible(message, "write 1 where a list names the community and 0 where not, one per list")
            counts[_number(history)] += count
        return cls(tuple(lists), counts)

    @classmethod
    def seen(cls, lists: Sequence[str], on: Flags) -> Histories:
        """Return the histories of communities, one row each, one column per list; rows on no list do not count."""
        digits = 1 << np.arange(len(lists))[::-1]
        counts = np.bincount(on.astype(np.int64) @ digits, minlength=1 << len(lists))
        counts[0] = 0
        return cls(tuple(lists), counts.astype(np.int64))

    @classmethod
    def two(cls, lists: tuple[str, str], sizes: tuple[int, int], both: int) -> Histories:
        """Return the histories of two lists by their sizes and how many stand on both."""
        if both > min(sizes):
            message = f"{both:,} on both lists are more than the {min(sizes):,} of the smaller one"
            raise Impossible(message, "count each community once on each list")
        return cls.of(lists, {(1, 1): both, (1, 0): sizes[0] - both, (0, 1): sizes[1] - both})

    @classmethod
    def together(cls, parts: Sequence[Histories]) -> Histories:
        """Return the histories of several parts over the same lists, taken as one."""
        counts = np.sum([part.counts for part in parts], axis=0)
        return cls(parts[0].lists, counts, sum(part.unknown for part in parts))

    @property
    def histories(self) -> Counts:
        """Every history as a row of 0 and 1, in the order of `counts` without the first."""
        size = len(self.lists)
        return np.array([[i >> (size - 1 - j) & 1 for j in range(size)] for i in range(1, 1 << size)], np.int64)

    @property
    def cells(self) -> Counts:
        """How many have each of `histories`."""
        return self.counts[1:]

    @property
    def distinct(self) -> int:
        """How many stand on one list or more."""
        return int(self.counts.sum())

    @property
    def sizes(self) -> Counts:
        """How many stand on each list."""
        return np.asarray(self.cells @ self.histories)

    @property
    def overlaps(self) -> dict[tuple[int, int], int]:
        """How many stand on both of each pair of lists, by their positions."""
        on = self.histories.astype(np.bool_)
        return {(a, b): int(self.cells[on[:, a] & on[:, b]].sum()) for a, b in combinations(range(len(self.lists)), 2)}

    @property
    def times(self) -> Counts:
        """How many stand on exactly one list, two, and so on."""
        return np.bincount(self.histories.sum(axis=1), self.cells, minlength=len(self.lists) + 1)[1:].astype(np.int64)


def _number(history: History) -> int:
    return int("".join(map(str, history)), 2)
