"""What a reader with a computer is asked: how tightly it bounds each cell; in few questions to the solver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from service.disclosure.tables.attack import CLOSE, FAR, Attacker
from service.disclosure.tables.table import Flags, Floats, Ints

_ROUNDS = 12  # of looking at all cells together, before those left are looked at one by one
_AT_ONCE = 16  # cells that are asked one by one in one question
_SEED = 20170314  # any: the same table is looked at in the same way


def intervals(attacker: Attacker, asked: Ints) -> tuple[Floats, Floats]:
    """Return the least and the greatest number that each of some cells may have; infinite where nothing bounds it.

    Raises `Unsolvable`.
    """
    low = attacker.table.values[asked].astype(np.float64)
    high = low.copy()
    for row, place in enumerate(asked):
        if attacker.known[place]:
            continue
        weights = np.zeros(len(attacker.known))
        weights[place] = 1.0
        high[row], low[row] = attacker.lean(np.array([weights, -weights]))[:, place]
    endless = high >= attacker.table.values[asked] + FAR * attacker.table.least[asked] - CLOSE
    return low, np.where(endless, np.inf, high)


@dataclass(frozen=True, eq=False)
class Asked:
    """How far apart the bounds of each cell are to be, and how high the upper one; 0 where nothing is asked."""

    width: Floats
    upper: Floats


def exposed(attacker: Attacker, asked: Asked) -> Flags:
    """Return the cells that this reader could bound more tightly than is asked. Raises `Unsolvable`."""
    return short(attacker, asked, possible(attacker, asked))


def possible(attacker: Attacker, asked: Asked) -> tuple[Floats, Floats]:
    """Return a low and a high number that each cell may have: as far apart as is asked, or else as can be.

    Every answer of the solver is a table that may be the true one, so it speaks for all cells at once: most are settled
    by a few that lean some of them up and others down, each as far as is asked, and only the others are asked one by
    one. Raises `Unsolvable`.
    """
    low, high = attacker.remembered()
    far = np.maximum(asked.width, asked.upper + attacker.own - attacker.table.values)
    for weights in _leanings(attacker, asked, (low, high)):
        found = attacker.lean(weights, far)
        np.minimum(low, found.min(axis=0), out=low)
        np.maximum(high, found.max(axis=0), out=high)
    return low, high


def _unsettled(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Flags:
    """Return the cells of which it is worth asking more: neither wide enough yet, nor seen at both ends already."""
    low, high = seen
    least, most = attacker.ends
    ends = (low <= least + CLOSE) & (high >= most - CLOSE)
    return short(attacker, asked, seen) & ~attacker.known & ~ends


def short(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Flags:
    """Return the cells whose least and greatest number seen are less far apart than is asked."""
    low, high = seen
    narrow = (high - low < asked.width - CLOSE) | (high - attacker.own < asked.upper - CLOSE)
    return narrow & ((asked.width > 0) | (asked.upper > 0))


def _leanings(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Iterator[Floats]:
    """Yield what to ask next, as long as cells are unsettled by what was seen: all together, then one by one."""
    random = np.random.default_rng(_SEED)
    for _ in range(_ROUNDS):
        left = _unsettled(attacker, asked, seen)
        if not left.any():
            return
        weights = np.where(left, random.uniform(0.5, 1.5, len(left)) * random.choice((-1.0, 1.0), len(left)), 0.0)
        yield np.array([weights, -weights])
        if np.array_equal(_unsettled(attacker, asked, seen), left):
            break
    yield from _one_by_one(attacker, asked, seen)


def _one_by_one(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Iterator[Floats]:
    """Yield some unsettled cells at a time, each up by itself and down by itself, until each was asked."""
    tried = np.zeros(len(attacker.known), np.bool_)
    while (left := np.flatnonzero(_unsettled(attacker, asked, seen) & ~tried)).size:
        places = left[:_AT_ONCE]
        tried[places] = True
        weights = np.zeros((len(places), len(attacker.known)))
        weights[np.arange(len(places)), places] = 1.0
        yield np.concatenate([weights, -weights])
