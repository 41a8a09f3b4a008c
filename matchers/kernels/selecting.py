"""Which pairs of each record may matter, in compiled code (`matchers.company.joint.hopeful`)."""

from __future__ import annotations

from typing import Any

import numpy as np

from geodata.kernels.jit import compiled
from matchers.pairs import Flags, Floats, Rows


@compiled
def leading(record: Rows, bits: Floats, order: Rows, top: int) -> Flags:
    """Return the `top` pairs of each record with most evidence, those first in `order` among equals.

    Pairs are given in order of records.
    """
    kept = np.zeros(len(record), np.bool_)
    best = np.zeros(top, np.int64)
    held, before = 0, np.int64(-1)
    for pair in range(len(record)):
        if record[pair] != before:
            held, before = 0, record[pair]
        place = held
        while place > 0 and _comes_first(pair, best[place - 1], bits, order):
            place -= 1
        if place == top:
            continue
        if held == top:
            kept[best[top - 1]] = False
        else:
            held += 1
        for later in range(held - 1, place, -1):
            best[later] = best[later - 1]
        best[place] = pair
        kept[pair] = True
    return kept


@compiled
def _comes_first(one: int, other: int, bits: Floats, order: Rows) -> Any:
    return bits[one] > bits[other] or (bits[one] == bits[other] and order[one] < order[other])
