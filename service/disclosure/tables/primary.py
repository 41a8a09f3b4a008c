"""Cells that are sensitive by themselves: few people, all but few, or few besides those of one organisation."""

from __future__ import annotations

import numpy as np

from service.disclosure.tables.table import Flags, Table


def primary(table: Table) -> Flags:
    """Return the cells that must not be told: methods §6.3.

    From 1 to K-1 (0 too where zeros are sensitive), those that leave 1 to K-1 of a sum over, and those of which an
    organisation that takes off its own part is left with 1 to K-1. A gap between an official count and ours is a part
    of a sum like any other.
    """
    few = _few(table, table.values, np.arange(len(table.values)))
    found = few | table.mask(table.sensitive)
    for one in table.sums:
        if len(one.parts) > 1:
            parts = np.array(one.parts)
            rest = table.values[one.whole] - table.values[parts]
            found[parts[_few(table, rest, parts) & (table.values[parts] > 0)]] = True
    for own in table.held.values():
        left = table.values - own
        found |= (own > 0) & (left > 0) & (left < table.least)
    return found & ~table.mask(table.unlisted) & ~table.closed


def _few(table: Table, numbers: np.ndarray, places: np.ndarray) -> Flags:
    least, zeros = table.least[places], table.mask(table.zeros)[places]
    return np.asarray((numbers < least) & ((numbers > 0) | zeros))
