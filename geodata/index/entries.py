"""The entries of a map column (`admin`, `attributes`), one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.index.groups import repeated
from geodata.names.folding import fold, fold_column

_FEW = 64  # texts up to which folding them one by one is quicker than as a column


class Entry(NamedTuple):
    """One entry of a row's map: its header folded, its text as written."""

    row: int
    header: str
    text: str | None


@dataclass(frozen=True, eq=False)
class Entries:
    """The entries of a map column as columns, in row order."""

    row: NDArray[np.int64]
    headers: list[str]  # folded; several that were written differently may fold to one
    header: NDArray[np.int64]  # of each entry, its position in `headers`
    texts: pa.Array  # as written, null where none is

    @classmethod
    def of(cls, maps: pa.MapArray) -> Entries:
        """Take the entries of a map column; a null map has none."""
        if maps.null_count == len(maps):
            return cls(np.zeros(0, np.int64), [], np.zeros(0, np.int64), pa.array([], pa.string()))
        begins = np.asarray(maps.offsets).astype(np.int64)
        sizes = np.where(np.asarray(maps.is_valid()), np.diff(begins), 0)
        row, at = repeated(begins[:-1], sizes)
        keys, texts = (child.take(pa.array(at)) for child in (maps.keys, maps.items))
        coded = pc.dictionary_encode(keys)
        return cls(row, folded(coded.dictionary.to_pylist()), np.asarray(coded.indices).astype(np.int64), texts)


def entries_of(maps: pa.MapArray) -> list[Entry]:
    """Return the entries of a map column in row order; a null map has none."""
    if maps.null_count == len(maps):
        return []
    written = [(row, *entry) for row, entries in enumerate(maps.to_pylist()) for entry in entries or ()]
    headers = folded([header for _, header, _ in written])
    return [Entry(row, header, text) for (row, _, text), header in zip(written, headers, strict=True)]


def entries_at(maps: pa.MapArray, rows: NDArray[np.int64]) -> Iterator[Entry]:
    """Return the entries of some rows of a map column, in the order asked; their rows are the places in that order."""
    if len(rows) <= _FEW:
        written = [(at, *entry) for at, row in enumerate(rows.tolist()) for entry in maps[row].as_py() or ()]
        headers = folded([header for _, header, _ in written])
        return (Entry(at, header, text) for (at, _, text), header in zip(written, headers, strict=True))
    entries = Entries.of(maps.take(pa.array(rows)))
    headers = [entries.headers[at] for at in entries.header.tolist()]
    return map(Entry, entries.row.tolist(), headers, entries.texts.to_pylist())


def folded(texts: list[str | None]) -> list[str]:
    """Return each text folded, None as empty; repeated texts are folded once."""
    distinct = list(dict.fromkeys(text or "" for text in texts))
    plain = map(fold, distinct) if len(distinct) <= _FEW else fold_column(pa.array(distinct)).to_pylist()
    fold_of = dict(zip(distinct, plain, strict=True))
    return [fold_of[text or ""] for text in texts]
