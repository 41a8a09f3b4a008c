"""The best candidate of every record: how well it fits, and what speaks against taking it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from matchers.judging.doubts import LOOSE, Levels, Names, doubts_of, names_of
from matchers.model import Task, Weighed
from matchers.pairs import Flags, Floats, Rows
from matchers.rounding import rounded
from matchers.shortlist import DIGITS

_FEATURES = len(Levels._fields)
_T = TypeVar("_T")


@dataclass(frozen=True)
class Leading:
    """The best candidates; columns by record. Of a record without candidates nothing is to be read but `at` and `p`."""

    at: Rows  # its position in the shortlist, -1 where there is none
    row: Rows  # of the official list
    p: Floats  # posterior, all entries of the list that are the same counted as one; 0 where there is none
    second: Floats  # the same of the next entry
    levels: Sequence[Levels | None]
    doubts: Sequence[tuple[str, ...]]  # why it needs a person's eye whatever its probability

    @classmethod
    def of(cls, task: Task, weighed: Weighed) -> Leading:
        """Read the best candidates off the shortlist."""
        short = weighed.shortlist
        begin = np.asarray(short.begin)
        found = np.flatnonzero(np.diff(begin))
        at = np.full(len(begin) - 1, -1)
        at[found] = begin[found]
        row = np.full(len(at), -1)
        row[found] = short.row[at[found]]
        levels, doubts = _spoken(task, weighed, short.pair[at[found]])
        p, second = _probabilities(task, weighed, begin)
        settled = task.recall.settled
        return cls(
            at=at,
            row=row,
            p=p,
            second=second,
            levels=_spread(levels, found, len(at), None),
            doubts=[
                () if record in settled else clauses
                for record, clauses in enumerate(_spread(doubts, found, len(at), ()))
            ],
        )

    @property
    def loosely_named(self) -> Flags:
        """Whether the names hardly resemble one another."""
        return np.array([levels is not None and levels.name in LOOSE for levels in self.levels], np.bool_)


def _spoken(task: Task, weighed: Weighed, pair: Rows) -> tuple[list[Levels], list[tuple[str, ...]]]:
    """Return the levels of pairs, and what speaks against each."""
    labels = [feature.labels(pair) for feature in weighed.features[:_FEATURES]]
    levels = list(map(Levels, *labels))
    doubts = list(map(doubts_of, levels))
    mine, theirs = weighed.name.citizen_name[pair], weighed.name.official_name[pair]
    names, listed = task.records.names, task.official.index.names
    for at in np.flatnonzero(mine >= 0).tolist():
        if not levels[at].close:
            forms = names.parts[names.which[mine[at]]], listed.parts[listed.which[theirs[at]]]
            said = names_of(levels[at], *forms)
            doubts[at] = doubts[at] if said == Names() else doubts_of(levels[at], said)
    return levels, doubts


def _probabilities(task: Task, weighed: Weighed, begin: Rows) -> tuple[Floats, Floats]:
    """Return the probabilities of the best two entries; entries that the list holds twice count as one."""
    short = weighed.shortlist
    entry = task.profile.twin[short.row]
    probability = np.append(np.asarray(short.probability, np.float64), [0.0, 0.0])
    sizes = np.diff(begin)
    best = np.where(sizes > 0, probability[begin[:-1]], 0.0)
    second = np.where(sizes > 1, probability[begin[:-1] + 1], 0.0)
    twins = entry != short.row
    for record in np.unique(short.record[twins]).tolist() if twins.any() else ():
        merged: dict[int, float] = {}
        for at in range(begin[record], begin[record + 1]):
            merged[int(entry[at])] = merged.get(int(entry[at]), 0.0) + probability[at]
        best[record], second[record] = (*merged.values(), 0.0)[:2]
    return rounded(best, DIGITS), rounded(second, DIGITS)


def _spread(values: Sequence[_T], at: Rows, size: int, otherwise: _T) -> list[_T]:
    spread = [otherwise] * size
    for position, value in zip(at.tolist(), values, strict=True):
        spread[position] = value
    return spread
