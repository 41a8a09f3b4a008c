"""A reader with a computer: between which numbers a withheld cell must lie, by linear programming over what is told.

The reader knows every told cell exactly, although it is told rounded: what holds against this reader holds against
everybody (Hundepool et al., Statistical Disclosure Control, 2012, section 4.3).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from service.disclosure.tables.table import Flags, Floats, Ints, Table, Unsolvable

_CLOSE = 1e-6  # of a whole number, for a solver of real numbers
_OPTIMAL, _UNBOUNDED = 0, 3
_FAR = 1_000  # thresholds that a cell is moved by at most, where nothing else holds it
_ROUNDS = 12  # of looking at all cells together, before those left are looked at one by one
_REMEMBERED = 200  # changes of a table
_SEED = 20170314  # any: the same table is looked at in the same way


@dataclass(frozen=True, eq=False)
class Attacker:
    """What one reader knows beside the sums: cells it knows exactly, and of each cell a part that is its own."""

    table: Table
    known: Flags
    own: Ints

    @classmethod
    def outside(cls, table: Table, told: Flags) -> Attacker:
        """Return somebody who reads what is told and what everybody knows."""
        return cls(table, told | table.closed, np.zeros_like(table.values))

    @classmethod
    def inside(cls, table: Table, told: Flags, organisation: str) -> Attacker:
        """Return an organisation that knows its own part, and takes cells that only it sent to be its own alone."""
        own = table.held[organisation]
        return cls(table, told | table.closed | ((own == table.values) & (own > 0)), own)

    @cached_property
    def component(self) -> Ints:
        """Which unknown cells hang together; -1 for those that are known."""
        unknown = np.flatnonzero(~self.known)
        found = np.full(len(self.known), -1, np.int64)
        if len(unknown):
            among = abs(self.table.matrix[:, unknown])
            found[unknown] = connected_components(among.T @ among, directed=False)[1]
        return found

    @cached_property
    def ceiling(self) -> Floats:
        """What each cell can be at most by one sum alone: what is left of a known whole beside its known parts."""
        found = np.full(len(self.known), np.inf)
        values = self.table.values
        for one in self.table.sums:
            if self.known[one.whole]:
                parts = np.array(one.parts)
                left = values[one.whole] - values[parts[self.known[parts]]].sum()
                found[parts] = np.minimum(found[parts], left)
        return found

    def lean(self, weights: Floats, component: int) -> Floats:
        """Return possible values of all cells that make a weighted sum of one component as great as can be."""
        inside = np.flatnonzero(self.component == component)
        rows = self.table.matrix[:, inside]
        rows = csr_array(rows[np.flatnonzero(abs(rows).sum(axis=1))])
        values = self.table.values.astype(np.float64)
        bounds = np.column_stack((self.own[inside], values[inside] + _FAR * self.table.least[inside]))
        found = linprog(-weights[inside], A_eq=rows, b_eq=rows @ values[inside], bounds=bounds, method="highs")
        if found.status != _OPTIMAL:
            raise Unsolvable(found.message)
        values[inside] = found.x
        self.table.changes.append(values - self.table.values)
        del self.table.changes[:-_REMEMBERED]
        return values

    def remembered(self) -> Iterator[Floats]:
        """Yield tables that this reader must take for possible, made of changes that the solver found before.

        A change that touches nothing the reader knows is possible as far as no cell falls below the reader's own part;
        so is the opposite one.
        """
        if not self.table.changes:
            return
        changes = np.array(self.table.changes)
        changes = changes[(abs(changes[:, self.known]) < _CLOSE).all(axis=1)]
        values = self.table.values.astype(np.float64)
        for signed in (changes, -changes):
            falls = np.where(signed < -_CLOSE, -signed, np.inf)
            share = np.minimum(1.0, ((values - self.own) / falls).min(axis=1, initial=np.inf, where=np.isfinite(falls)))
            yield from values + share[:, None] * signed


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
        component = int(attacker.component[place])
        high[row] = attacker.lean(weights, component)[place]
        low[row] = attacker.lean(-weights, component)[place]
    endless = high >= attacker.table.values[asked] + _FAR * attacker.table.least[asked] - _CLOSE
    return low, np.where(endless, np.inf, high)


@dataclass(frozen=True, eq=False)
class Asked:
    """How far apart the bounds of each cell are to be, and how high the upper one; 0 where nothing is asked."""

    width: Floats
    upper: Floats


def exposed(attacker: Attacker, asked: Asked) -> Flags:
    """Return the cells that this reader could bound more tightly than is asked. Raises `Unsolvable`."""
    return _short(attacker, asked, possible(attacker, asked))


def possible(attacker: Attacker, asked: Asked) -> tuple[Floats, Floats]:
    """Return a low and a high number that each cell may have: as far apart as is asked, or else as can be.

    Every answer of the solver is a table that may be the true one, so it speaks for all cells at once: most are settled
    by a few that lean all of them up or down, and only the others are asked one by one. Raises `Unsolvable`.
    """
    low = attacker.table.values.astype(np.float64)
    high = low.copy()
    for found in attacker.remembered():
        np.minimum(low, found, out=low)
        np.maximum(high, found, out=high)
    for weights, component in _leanings(attacker, asked, (low, high)):
        found = attacker.lean(weights, component)
        np.minimum(low, found, out=low)
        np.maximum(high, found, out=high)
    return low, high


def _unsettled(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Flags:
    """Return the cells of which it is worth asking more: neither wide enough yet, nor seen at both ends already."""
    low, high = seen
    ends = (low <= attacker.own + _CLOSE) & (high >= attacker.ceiling - _CLOSE)
    return _short(attacker, asked, seen) & ~attacker.known & ~ends


def _short(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Flags:
    low, high = seen
    narrow = (high - low < asked.width - _CLOSE) | (high - attacker.own < asked.upper - _CLOSE)
    return narrow & ((asked.width > 0) | (asked.upper > 0))


def _leanings(attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats]) -> Iterator[tuple[Floats, int]]:
    """Yield what to ask next, as long as cells are unsettled by what was seen."""
    random = np.random.default_rng(_SEED)
    for component in np.unique(attacker.component[_unsettled(attacker, asked, seen)]):
        inside = attacker.component == component
        for _ in range(_ROUNDS):
            left = _unsettled(attacker, asked, seen) & inside
            if not left.any():
                break
            weights = np.where(left, random.uniform(0.5, 1.5, len(left)), 0.0)
            yield weights, int(component)
            yield -weights, int(component)
            if np.array_equal(_unsettled(attacker, asked, seen) & inside, left):
                break
        yield from _one_by_one(attacker, asked, seen, int(component))


def _one_by_one(
    attacker: Attacker, asked: Asked, seen: tuple[Floats, Floats], component: int
) -> Iterator[tuple[Floats, int]]:
    for place in np.flatnonzero(_unsettled(attacker, asked, seen) & (attacker.component == component)):
        for sign in (1.0, -1.0):
            if _unsettled(attacker, asked, seen)[place]:
                weights = np.zeros(len(attacker.known))
                weights[place] = sign
                yield weights, component
