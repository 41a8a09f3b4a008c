"""Names out of two files, joined into one column: every text of a place once, where it stands first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.files.arrays import lists_from
from geodata.places import NAME


def rows_of(keys: pa.Array, ids: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return for each key at which row of the sorted `ids` it stands, and whether it stands there at all."""
    sought, held = np.asarray(keys), np.asarray(ids)
    at = np.searchsorted(held, sought)
    if not len(held):
        return at, np.zeros(len(sought), bool)
    return at, (at < len(held)) & (held[np.minimum(at, len(held) - 1)] == sought)


def each_once(rows: NDArray[np.int64], texts: pa.Array, languages: pa.Array, length: int) -> pa.Array:
    """Return the column of names of `length` places from texts, the rows they belong to, and their languages.

    Empty texts are no names, and of a text that a row repeats the first is kept.
    """
    codes = np.asarray(texts.dictionary_encode().indices).astype(np.int64)
    _, first = np.unique(rows * (int(codes.max(initial=0)) + 1) + codes, return_index=True)
    keep = np.sort(first)
    keep = keep[np.asarray(pc.not_equal(texts.take(pa.array(keep)), ""))]
    kept: Any = pa.array(keep, type=pa.int64())
    script = pa.nulls(len(keep), pa.string())
    names = pa.StructArray.from_arrays([texts.take(kept), languages.take(kept), script], fields=list(NAME))
    return lists_from(rows[keep], names, length)
