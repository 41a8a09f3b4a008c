"""The places of a long list that lie in some cells of the ground, read from its file group by group.

The file is gone through once for all cells asked for; of a group only the points are read unless some lie there. So
memory goes by what is found, not by the length of the list.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import IO

import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geodata.degreecells import CELLS, cells_of
from geodata.geoparquet import places_of
from geodata.places import SCHEMA, Places


def counted_by_cell(file: IO[bytes]) -> NDArray[np.int64]:
    """Return how many places of a GeoParquet file lie in each cell (`geodata.degreecells`).

    Raises what pyarrow raises of a file that cannot be read.
    """
    parquet = pq.ParquetFile(file, page_checksum_verification=True)
    found = np.zeros(CELLS, np.int64)
    for group in range(parquet.num_row_groups):
        cells = _cells(parquet, group)
        found += np.bincount(cells[cells >= 0], minlength=CELLS)
    return found


def places_in(file: IO[bytes], wanted: Collection[int]) -> Mapping[int, Places]:
    """Return the places of a GeoParquet file in each cell that is wanted, in the order of the file.

    Raises what pyarrow raises of a file that cannot be read, `NotPlaces` of one that is none of ours.
    """
    parquet = pq.ParquetFile(file, page_checksum_verification=True)
    asked = np.zeros(CELLS + 1, np.bool_)  # the last stands for no cell at all
    asked[list(wanted)] = True
    tables, numbers = [SCHEMA.empty_table()], [np.zeros(0, np.int64)]
    for group in range(parquet.num_row_groups):
        cells = _cells(parquet, group)
        rows = np.flatnonzero(asked[cells])
        if len(rows):
            tables.append(places_of(parquet.read_row_group(group).take(rows)).table)
            numbers.append(cells[rows])
    found = Places.concat([Places(table) for table in tables])
    number = np.concatenate(numbers)
    order = np.argsort(number, kind="stable")
    ordered = Places(found.take(order).table.combine_chunks())
    bounds = {cell: np.searchsorted(number[order], (cell, cell + 1)).tolist() for cell in wanted}
    return {cell: Places(ordered.table.slice(begin, end - begin)) for cell, (begin, end) in bounds.items()}


def _cells(parquet: pq.ParquetFile, group: int) -> NDArray[np.int64]:
    points = parquet.read_row_group(group, columns=["lat", "lon"])
    lat, lon = (
        np.asarray(points.column(name).to_numpy(), dtype=np.float64) for name in ("lat", "lon")
    )  # a null is read as NaN
    return cells_of(lat, lon)
