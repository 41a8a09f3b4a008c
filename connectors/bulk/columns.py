"""Columns of text brought to columns of places: codes to words, degrees to points, each id once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from connectors.bulk.problems import Problems
from geodata.coordinates import check_points
from geodata.rows import RowProblem

NULL = pa.scalar(None, pa.string())
_DEGREES = r"^-?\d{1,3}(\.\d+)?$"


def whole(table: pa.Table, name: str) -> pa.Array:
    """Return a column as one array."""
    return table.column(name).combine_chunks()


def filled(cells: pa.Array) -> pa.Array:
    """Return the cells with null for an empty one."""
    return pc.if_else(pc.equal(cells, ""), NULL, cells)


def mapped(cells: pa.Array, words: Callable[[str], str | None]) -> pa.Array:
    """Return what each cell stands for; every distinct cell is asked about once."""
    encoded = cells.dictionary_encode()
    found = [None if text is None else words(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(found, type=pa.string()).take(encoded.indices)


def each_once(rows: pa.Table, key: str, problems: Problems) -> pa.Table:
    """Return rows sorted by a key with the first of each key; the others are told."""
    keys = np.asarray(whole(rows, key))
    again = np.concatenate(([False], keys[1:] == keys[:-1])) if len(keys) else np.zeros(0, dtype=bool)
    for one in keys[again].tolist():
        problems.add(RowProblem(None, key, str(one), "stands twice", "the later row was left out"))
    return rows.filter(pa.array(~again)) if again.any() else rows


def points(
    rows: pa.Table, key: str, names: tuple[str, str], problems: Problems
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return latitudes and longitudes, NaN where they cannot be or are zero, which is told with the row's key."""
    ids = whole(rows, key)
    lat, lon = (_degrees(whole(rows, name)) for name in names)
    doubts = [(row, "the point cannot be read") for row in np.flatnonzero(np.isnan(lat) | np.isnan(lon)).tolist()]
    doubts += [(row, doubt.message) for row, doubt in check_points(lat, lon, [None] * len(rows))]
    for row, message in doubts:
        shown = ", ".join(str(rows.column(name)[row]) for name in names)
        hint = f"see {key} {ids[row]}; the place is kept without a point"
        problems.add(RowProblem(None, " and ".join(names), shown, message, hint, fatal=False))
        lat[row] = lon[row] = np.nan
    return lat, lon


def _degrees(cells: pa.Array) -> NDArray[np.float64]:
    plain = pc.if_else(pc.match_substring_regex(cells, _DEGREES), cells, NULL)
    return np.array(plain.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
