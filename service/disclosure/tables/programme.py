"""How tightly a cell is bounded by ranges that a reader knows: by linear programming, where sums cross one another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from service.disclosure.tables.table import Sum

_DIGITS = 6  # of a number of people, for a solver of real numbers
_OPTIMAL, _UNBOUNDED = 0, 3


def crossing(sums: Sequence[Sum]) -> bool:
    """Return whether sums go in a circle: from one to another by a cell, and back by another cell."""
    group: dict[int, int] = {}
    for number, one in enumerate(sums):
        places = (one.whole, *one.parts)
        met = [group[place] for place in places if place in group]
        if len(set(met)) < len(met):
            return True
        group = {place: -1 - number if at in met else at for place, at in group.items()}
        group |= dict.fromkeys(places, -1 - number)
    return False


def possible_width(sums: Sequence[Sum], bounds: tuple[Sequence[float], Sequence[float]], place: int) -> float:
    """Return how far apart the least and the greatest value of a cell are, given ranges of all and the sums between.

    Where the solver gives no answer it is 0: a table that nobody could check is not to be told.
    """
    rows = [at for at, one in enumerate(sums) for _ in range(len(one.parts) + 1)]
    columns = [at for one in sums for at in (*one.parts, one.whole)]
    signs = [sign for one in sums for sign in (*(1.0,) * len(one.parts), -1.0)]
    matrix = csr_array((signs, (rows, columns)), shape=(len(sums), len(bounds[0])))
    ranges = [(low, None if math.isinf(high) else high) for low, high in zip(*bounds, strict=True)]
    ends = []
    for sign in (1.0, -1.0):
        goal = np.zeros(len(ranges))
        goal[place] = sign
        found = linprog(goal, A_eq=matrix, b_eq=np.zeros(len(sums)), bounds=ranges, method="highs")
        if found.status == _UNBOUNDED:
            return math.inf
        if found.status != _OPTIMAL:
            return 0.0
        ends.append(sign * found.fun)
    return float(round(ends[1] - ends[0], _DIGITS))
