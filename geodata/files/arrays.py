"""Build the nested columns of `Places` (lists and maps per row) out of flat columns, without a loop over rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def lists_of(columns: Sequence[pa.Array]) -> pa.ListArray:
    """Return for each row the list of its cells that are not null, in the order of the columns."""
    offsets, _, values = _by_row(columns)
    return pa.ListArray.from_arrays(offsets, values)


def maps_of(columns: Mapping[str, pa.Array]) -> pa.MapArray:
    """Return for each row the map from column name to cell, without the cells that are null."""
    offsets, which, values = _by_row(list(columns.values()))
    names = pa.array(list(columns), type=pa.string())
    return pa.MapArray.from_arrays(offsets, names.take(pa.array(which)), values)


def joined_of(columns: Sequence[pa.Array], mark: str) -> pa.Array:
    """Return for each row its texts that are not null, joined by a mark; null where nothing is left.

    Arrow's own join leaves out rows in which all texts are null, and the rows below move up. So each row has an empty
    text before its own.
    """
    joined = pc.binary_join_element_wise(pa.scalar(""), *columns, mark, null_handling="skip")
    texts = pc.utf8_slice_codeunits(joined, len(mark))
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


def lists_from(rows: NDArray[np.int64], values: pa.Array, length: int) -> pa.ListArray:
    """Return `length` lists; `values[i]` belongs to row `rows[i]`, and within a row the order is kept."""
    order = np.argsort(rows, kind="stable")
    counts = np.bincount(rows, minlength=length)
    return pa.ListArray.from_arrays(_offsets(counts), values.take(pa.array(order)))


def _by_row(columns: Sequence[pa.Array]) -> tuple[pa.Array, NDArray[np.int64], pa.Array]:
    stacked = pa.concat_arrays(columns)
    valid = np.asarray(stacked.is_valid()).reshape(len(columns), -1).T  # rows by columns
    row, column = np.nonzero(valid)
    values = stacked.take(pa.array(column * len(valid) + row))
    return _offsets(valid.sum(axis=1)), column, values


def _offsets(counts: NDArray[Any]) -> pa.Array:
    return pa.array(np.concatenate(([0], np.cumsum(counts))), type=pa.int32())
