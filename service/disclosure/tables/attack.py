"""A reader with a computer: between which numbers a withheld cell must lie, by linear programming over what is told.

The reader knows every told cell exactly, although it is told rounded: what holds against this reader holds against
everybody (Hundepool et al., Statistical Disclosure Control, 2012, section 4.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, eye_array, kron
from scipy.sparse.csgraph import connected_components

from service.disclosure.tables.table import Flags, Floats, Ints, Table, Unsolvable

CLOSE = 1e-6  # of a whole number, for a solver of real numbers
_OPTIMAL, _UNBOUNDED = 0, 3
FAR = 1_000  # thresholds that a cell is moved by at most, where nothing else holds it
_REMEMBERED = 200  # changes of a table
_CARRIED = 30  # times that bounds are carried through all sums


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
    def ends(self) -> tuple[Floats, Floats]:
        """Between which numbers each cell must lie for all that one sum after another tells: never narrower than truth.

        What is seen at both ends need not be asked of the solver.
        """
        (low, high), (least, most) = self._bounds(), self.table.limits
        return carried(self.table, np.maximum(low, least), np.minimum(high, most))

    def lean(self, weights: Floats, far: Floats | None = None) -> Floats:
        """Return, for each row of weights, possible values of all cells that make the weighted sum as great as can be.

        Components that no weight is in stay as they are; of the others each is as great as it can be by itself, because
        none of them bounds another. No cell with a weight moves further than `far`, which leaves room for the others.
        """
        inside = np.flatnonzero(np.isin(self.component, self.component[(weights != 0).any(axis=0)]) & ~self.known)
        rows = self.table.matrix[:, inside]
        rows = csr_array(rows[np.flatnonzero(abs(rows).sum(axis=1))])
        values = np.tile(self.table.values.astype(np.float64), (len(weights), 1))
        low, high = (np.tile(bound, (len(weights), 1)) for bound in self._bounds())
        if far is not None:
            low = np.where(weights != 0, np.maximum(low, values - far), low)
            high = np.where(weights != 0, np.minimum(high, values + far), high)
        every = kron(eye_array(len(weights)), rows, format="csr")  # all in one question, because each has its price
        found = linprog(
            -weights[:, inside].ravel(),
            A_eq=every,
            b_eq=every @ values[:, inside].ravel(),
            bounds=np.column_stack((low[:, inside].ravel(), high[:, inside].ravel())),
            method="highs",
        )
        if found.status != _OPTIMAL:
            raise Unsolvable(found.message)
        values[:, inside] = found.x.reshape(len(weights), -1)
        self.table.changes.extend(values - self.table.values)
        del self.table.changes[:-_REMEMBERED]
        return values

    def remembered(self) -> tuple[Floats, Floats]:
        """Return a low and a high number of each cell that this reader must take for possible, by changes found before.

        In each component by itself a change is possible that leaves what the reader knows as it is, as far as no cell
        falls below the reader's own part; so is the opposite one.
        """
        values = self.table.values.astype(np.float64)
        if not self.table.changes or self.known.all():
            return values, values.copy()
        changes = np.where(self.known, 0.0, np.array(self.table.changes))
        signed = np.concatenate([changes, -changes])
        falls = np.where(signed < -CLOSE, -signed, np.inf)
        shares = np.minimum(1.0, (values - self.own) / falls)
        kept = _least_of(shares, self.component) * self._adds_up(signed)
        tables = values + np.where(self.component >= 0, kept[:, self.component], 0.0) * signed
        return tables.min(axis=0), tables.max(axis=0)

    def _adds_up(self, changes: Floats) -> Flags:
        """Return by change and component whether its sums hold without what the reader knows to be otherwise."""
        off = abs(changes @ self.table.matrix.T) > CLOSE
        of = np.where(self.known, -1, self.component)
        rows = np.array([max((of[place] for place in (*one.parts, one.whole)), default=-1) for one in self.table.sums])
        found = np.ones((len(changes), self.component.max() + 1), np.bool_)
        for row in np.flatnonzero(off.any(axis=0) & (rows >= 0)) if len(rows) else ():
            found[:, rows[row]] &= ~off[:, row]
        return found

    def _bounds(self) -> tuple[Floats, Floats]:
        values = self.table.values.astype(np.float64)
        low = np.where(self.known, values, self.own)
        return low, np.where(self.known, values, values + FAR * self.table.least)


def carried(table: Table, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Return bounds of all cells narrowed by each sum in turn, until nothing moves or it was done often enough."""
    low, high = low.copy(), high.copy()
    rows = np.repeat(np.arange(len(table.sums)), [len(one.parts) for one in table.sums])
    parts = np.array([place for one in table.sums for place in one.parts], np.int64)
    wholes = np.array([one.whole for one in table.sums], np.int64)
    for _ in range(_CARRIED if len(rows) else 0):
        before = low.copy(), high.copy()
        least, most = (np.bincount(rows, ends[parts], len(wholes)) for ends in (low, high))
        np.maximum.at(low, wholes, least)
        np.minimum.at(high, wholes, most)
        np.maximum.at(low, parts, low[wholes][rows] - (most[rows] - before[1][parts]))
        np.minimum.at(high, parts, high[wholes][rows] - (least[rows] - before[0][parts]))
        if np.array_equal(before[0], low) and np.array_equal(before[1], high):
            break
    return low, high


def _least_of(numbers: Floats, component: Ints) -> Floats:
    """Return the least number of each row in each component."""
    found = np.full((component.max() + 1, len(numbers)), np.inf)
    inside = component >= 0
    np.minimum.at(found, component[inside], numbers.T[inside])
    return found.T
