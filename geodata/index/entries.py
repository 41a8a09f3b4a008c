"""The entries of a map column (`admin`, `attributes`), one after the other."""

from __future__ import annotations

from typing import NamedTuple

import pyarrow as pa

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
    written = [(row, *entry) for row, entries in enumerate(maps.to_pylist()) for entry in entries or ()]
    headers = folded([header for _, header, _ in written])
    return [Entry(row, header, text) for (row, _, text), header in zip(written, headers, strict=True)]


def folded(texts: list[str | None]) -> list[str]:
    """Return each text folded, None as empty; repeated texts are folded once."""
    distinct = list(dict.fromkeys(text or "" for text in texts))
    plain = map(fold, distinct) if len(distinct) <= _FEW else fold_column(pa.array(distinct)).to_pylist()
    fold_of = dict(zip(distinct, plain, strict=True))
    return [fold_of[text or ""] for text in texts]
