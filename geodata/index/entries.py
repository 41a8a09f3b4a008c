"""The entries of a map column (`admin`, `attributes`), one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from geodata.index.groups import repeated
from geodata.names.folding import fold, fold_column

_FEW = 64  # texts up to which folding them one by one is quicker than as a column


class Entry(NamedTuple):
    """One entry of a row's map: its header folded, its text as written."""

    row: int
    header: str
    text: str | None


def entries_of(maps: pa.MapArray) -> list[Entry]:
    """Return the entries of a map column in row order; a null map has none."""
    if maps.null_count == len(maps):
        return []
    begins = np.asarray(maps.offsets, dtype=np.int64)
    rows, at = repeated(begins[:-1], np.where(maps.is_valid(), np.diff(begins), 0))
    held = pa.array(at)
    headers = folded(maps.keys.take(held).to_pylist())
    return list(map(Entry._make, zip(rows.tolist(), headers, maps.items.take(held).to_pylist(), strict=True)))


def folded(texts: list[str | None]) -> list[str]:
    """Return each text folded, None as empty; repeated texts are folded once."""
    distinct = list(dict.fromkeys(text or "" for text in texts))
    plain = map(fold, distinct) if len(distinct) <= _FEW else fold_column(pa.array(distinct)).to_pylist()
    fold_of = dict(zip(distinct, plain, strict=True))
    return [fold_of[text or ""] for text in texts]
