"""Records of one part that are too many to be weighed at once, weighed in crowds of neighbours.

A crowd is a cell of the ground that is cut by the records themselves, with the records about it, because those may
claim the same entries. So memory goes by a crowd, however many records a part has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import ceil

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.partition import Partition
from geodata.places import Places

#: Records this near to one another in metres may claim the same entries: a few times what usual records are uncertain.
COMPANY_M = 10_000.0

#: Records weighed at once, beside those about them.
CROWD = 200_000


def crowds(records: Places, most: int = CROWD) -> Iterator[tuple[NDArray[np.int64], NDArray[np.bool_]]]:
    """Yield the rows of each crowd of about `most` records or fewer, and which of them it answers for.

    Records without a location belong to the first; their rivals elsewhere are not seen.
    """
    lat, lon = records.lat, records.lon
    partition = Partition.of(lat, lon, ceil(len(records) / most))
    if partition.cells == 1:
        yield np.arange(len(records)), np.ones(len(records), np.bool_)
        return
    home = np.maximum(partition.home(lat, lon), 0)
    row, cell = partition.reached(lat, lon, np.full(len(records), COMPANY_M))
    for crowd in range(partition.cells):
        rows = np.union1d(np.flatnonzero(home == crowd), row[cell == crowd])
        yield rows, home[rows] == crowd


def in_crowds(records: Places, compared: Callable[[Places], pa.Table], most: int = CROWD) -> pa.Table:
    """Return what `compared` says of each record, in order, weighing about `most` of them at a time."""
    tables, places = [], []
    for rows, own in crowds(records, most):
        tables.append(compared(records.take(rows)).filter(pa.array(own)))
        places.append(rows[own])
    order = np.argsort(np.concatenate(places), kind="stable")
    return pa.concat_tables(tables).take(pa.array(order))
