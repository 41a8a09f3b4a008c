"""Secondary suppression: which further cells are withheld, so that the sums give no sensitive one away.

Small tables are solved to the least total withheld, as a mixed-integer programme: for each sensitive cell two other
tables that everybody must take for possible, one with more and one with fewer in it, which differ from the true one
only in withheld cells (Fischetti and Salazar, Models and algorithms for optimizing cell suppression in tabular data
with linear constraints, JASA 95, 2000). In larger ones each exposed cell finds the cheapest such table by itself, one
after another, and what was withheld without need is told again at the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, diags_array, eye_array, hstack, kron

from service.disclosure.tables.asking import Asked, exposed, possible, short
from service.disclosure.tables.attack import Attacker
from service.disclosure.tables.table import Flags, Floats, Table, Unsolvable

_EXACT_CELLS, _EXACT_WORK = 40, 400  # cells, and cells times sensitive ones, up to which the least total is found
_EXACT_SECONDS = 2.0
_REACH = 20  # thresholds by which a cell of the exact programme may move
_MOVED = 1e-6
_TIDY = 60  # times that it is tried at the end whether a withheld cell may be told after all, by all readers together


@dataclass(frozen=True, eq=False)
class Task:
    """A table, its sensitive cells, one reader of it, and what is to stay open to that reader."""

    table: Table
    sensitive: Flags
    reader: str | None  # an organisation that sent part of it; None: anybody
    asked: Asked
    room: Floats  # by how much each sensitive cell may rise at most, for all that everybody knows

    @classmethod
    def of(cls, table: Table, sensitive: Flags, reader: str | None) -> Task:
        """Return what to ask: bounds K apart and K high, or what is left of that by what everybody knows anyhow."""
        attacker = _attacker(table, np.zeros_like(sensitive), reader)
        asked = sensitive & ~attacker.known & _concerned(table, reader)
        whole = np.where(asked, table.least, 0).astype(np.float64)
        low, high = possible(attacker, Asked(whole, whole))
        if reader is None:
            for limit, end in zip(table.limits, (low, high), strict=True):
                narrow = short(attacker, Asked(whole, whole), (low, high)) & asked
                limit[narrow] = end[narrow]
        width, upper = np.minimum(whole, high - low), np.minimum(whole, high - attacker.own)
        return cls(table, sensitive, reader, Asked(width, upper), high - table.values)

    def read_by(self, organisation: str) -> Task:
        """Return the same asked of an organisation, which may be more than it leaves open whatever is withheld."""
        known = _attacker(self.table, np.zeros_like(self.sensitive), organisation).known
        left = _concerned(self.table, organisation) & ~known
        asked = Asked(self.asked.width * left, self.asked.upper * left)
        return replace(self, reader=organisation, asked=asked)

    def exposed(self, withheld: Flags) -> Flags:
        """Return the sensitive cells that this reader can bound too tightly. Raises `Unsolvable`."""
        return exposed(_attacker(self.table, ~withheld, self.reader), self.asked)


def exact(task: Task) -> Flags | None:
    """Return the withheld cells of least total; None where the table is too large, or nothing was found in time."""
    table, size = task.table, len(task.table.values)
    targets = np.flatnonzero(task.asked.width > 0)
    if size > _EXACT_CELLS or size * len(targets) > _EXACT_WORK:
        return None
    if not len(targets):
        return task.sensitive
    reach, others = _REACH * int(table.least.max()), 2 * len(targets)  # one table with more, one with fewer
    moves = others * size
    every = eye_array(moves)
    zero = csr_array((others * len(table.sums), size))
    held_up = kron(np.ones((others, 1)), diags_array(np.full(size, float(reach))))
    held_down = kron(np.ones((others, 1)), diags_array(np.minimum(table.values, reach).astype(float)))
    more, fewer = 2 * np.arange(len(targets)) * size + targets, (2 * np.arange(len(targets)) + 1) * size + targets
    at = np.arange(len(targets))
    rises = csr_array((np.ones(len(at)), (at, more)), shape=(len(at), moves))
    falls = csr_array((np.ones(len(at)), (at, fewer)), shape=(len(at), moves))
    none = csr_array((len(at), size))
    constraints = [
        LinearConstraint(hstack([zero, kron(eye_array(others), table.matrix)]), 0, 0),
        LinearConstraint(hstack([-held_up, every]), -np.inf, 0),
        LinearConstraint(hstack([-held_down, -every]), -np.inf, 0),
        LinearConstraint(hstack([none, rises - falls]), task.asked.width[targets], np.inf),
        LinearConstraint(hstack([none, rises]), task.asked.upper[targets] - table.values[targets], np.inf),
    ]
    found = milp(
        np.concatenate([_cost(table), np.zeros(moves)]),
        integrality=np.concatenate([np.ones(size), np.zeros(moves)]),
        bounds=Bounds(
            np.concatenate([task.sensitive.astype(float), np.full(moves, -reach)]),
            np.concatenate([(task.sensitive | ~table.closed).astype(float), np.full(moves, reach)]),
        ),
        constraints=constraints,
        options={"time_limit": _EXACT_SECONDS},
    )
    return np.asarray(np.round(found.x[:size]) > 0) if found.status == 0 else None


def found_one_by_one(task: Task, withheld: Flags) -> Flags:
    """Return withheld cells, these and further ones, beside which this reader bounds no sensitive cell too tightly.

    Raises `Unsolvable`.
    """
    withheld = withheld.copy()
    tried = np.zeros_like(withheld)
    while (left := task.exposed(withheld) & ~tried).any():
        for place in sorted(np.flatnonzero(left), key=lambda at: (-task.table.values[at], at)):
            withheld |= _moved(task, withheld, int(place))
        tried |= left
    return withheld


def tidied(tasks: Sequence[Task], withheld: Flags) -> Flags:
    """Return the withheld cells without those that can be told after all, the greatest tried first."""
    withheld = withheld.copy()
    needed = tasks[0].sensitive | tasks[0].table.mask(tasks[0].table.unlisted)
    secondary = np.flatnonzero(withheld & ~needed)
    for place in sorted(secondary, key=lambda at: (-tasks[0].table.values[at], at))[: max(_TIDY // len(tasks), 1)]:
        withheld[place] = False
        withheld[place] = any(task.exposed(withheld).any() for task in tasks)
    return withheld


def _concerned(table: Table, reader: str | None) -> Flags:
    """Return the cells that an organisation may know more of than anybody: those that hang together with its own."""
    if reader is None:
        return np.ones(len(table.values), np.bool_)
    component = Attacker.outside(table, np.zeros_like(table.closed)).component
    return np.isin(component, component[table.held[reader] > 0])


def _attacker(table: Table, told: Flags, reader: str | None) -> Attacker:
    told = told & ~table.mask(table.unlisted)
    return Attacker.outside(table, told) if reader is None else Attacker.inside(table, told, reader)


def _cost(table: Table) -> Floats:
    """Return what it costs to withhold each cell: its people, and one for the cell."""
    cost: Floats = table.values.astype(np.float64) + 1.0
    cost[list(table.unlisted)] = 0.0
    return cost


def _moved(task: Task, withheld: Flags, place: int) -> Flags:
    """Return the cells that differ from the truth in the cheapest other tables that leave this cell open."""
    value, own = float(task.table.values[place]), _attacker(task.table, ~withheld, task.reader).own[place]
    upper, width = float(task.asked.upper[place]), float(task.asked.width[place])
    rise = max(min(width, float(task.room[place])), upper + own - value, 0.0)
    found = np.zeros_like(withheld)
    for sign, amount in ((1.0, rise), (-1.0, width - rise)):
        if amount > 0:
            found |= _cheapest(task, withheld | found, (place, sign * amount))
    return found


def _cheapest(task: Task, withheld: Flags, move: tuple[int, float]) -> Flags:
    """Return the cells of the cheapest change of the table by which one cell rises or falls by so many."""
    table, (place, amount) = task.table, move
    reader = _attacker(table, np.zeros_like(withheld), task.reader)
    free = np.flatnonzero(~reader.known)
    at = int(np.searchsorted(free, place))
    cost = np.where(withheld[free], _MOVED, _cost(table)[free])
    up = np.where(np.arange(len(free)) == at, max(amount, 0.0), np.inf)
    down = (table.values - reader.own)[free].astype(float)
    low_up, low_down = np.zeros((2, len(free)))
    low_up[at], low_down[at] = max(amount, 0.0), max(-amount, 0.0)
    down[at] = max(-amount, 0.0)
    matrix = csr_array(table.matrix[:, free])
    found = linprog(
        np.concatenate([cost, cost]),
        A_eq=hstack([matrix, -matrix]),
        b_eq=np.zeros(len(table.sums)),
        bounds=np.column_stack([np.concatenate([low_up, low_down]), np.concatenate([up, down])]),
        method="highs",
    )
    if found.status != 0:
        raise Unsolvable(found.message)
    moved = np.zeros_like(withheld)
    moved[free] = (found.x[: len(free)] - found.x[len(free) :]) ** 2 > _MOVED**2
    return moved
