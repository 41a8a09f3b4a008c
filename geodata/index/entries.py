"""The entries of a map column (`admin`, `attributes`) as flat columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.names.folding import fold, fold_column
from geodata.places import Places

_PAIRS = pa.list_(pa.struct([("key", pa.string()), ("value", pa.string())]))


_FEW = 64  # texts up to which folding them one by one is quicker than as a column


class Entries(NamedTuple):
    """Every entry of a map column: its row, its header and its text, as written."""

    rows: NDArray[np.int64]
    headers: pa.Array
    values: pa.Array

    @classmethod
    def of(cls, places: Places, column: str) -> Entries:
        """Return the entries of a map column in row order; a null map has none."""
        lists = places.column(column).cast(_PAIRS)
        lengths = np.asarray(pc.fill_null(pc.list_value_length(lists), 0), dtype=np.int64)
        pairs = pc.list_flatten(lists)
        rows = np.repeat(np.arange(len(places), dtype=np.int64), lengths)
        return cls(rows, pc.struct_field(pairs, "key"), pc.struct_field(pairs, "value"))

    def folded(self) -> tuple[list[str], list[str]]:
        """Return headers and values folded; a null value is empty."""
        return folded(self.headers), folded(self.values)


def folded(texts: pa.Array) -> list[str]:
    """Return each text folded, null as empty; repeated texts are folded once."""
    encoded = texts.fill_null("").dictionary_encode()
    few = len(encoded.dictionary) <= _FEW
    distinct = (
        [fold(text) for text in encoded.dictionary.to_pylist()] if few else fold_column(encoded.dictionary).to_pylist()
    )
    return [distinct[i] for i in encoded.indices.to_pylist()]
