"""A long table on disk from which the rows of any part are taken, without reading the others.

::

    FOLDER/NAME.arrow    the rows, batch after batch, each batch in order of the parts its rows belong to
    FOLDER/NAME.members  the positions of each part's rows in a batch, batch after batch, part after part
    FOLDER/NAME.begin    where the positions of each batch and part begin in that

A row may belong to several parts and is written once. Writing is one pass, and memory goes by a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Rows = NDArray[np.int64]

_POSITION = np.dtype("<u4")
_BEGIN = np.dtype("<u8")


class SpreadWriter:
    """Writes a table and which rows belong to which part. To be used in a `with` block, which closes the files."""

    def __init__(self, path: Path, schema: pa.Schema, parts: int) -> None:
        """Begin a table of the columns of `schema` at `path` (without ending), for parts 0 … `parts` - 1."""
        self._file = pa.OSFile(str(path.with_suffix(".arrow")), "wb")
        self._writer = pa.ipc.new_file(self._file, schema)
        self._members = path.with_suffix(".members").open("wb")
        self._begin = path.with_suffix(".begin").open("wb")
        self._parts = parts
        self._written = 0
        self.held = np.zeros(parts, np.int64)  # rows of each part so far

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what files of this kind end with."""
        self._begin.write(np.array([self._written], _BEGIN).tobytes())
        self._writer.close()
        for file in (self._file, self._members, self._begin):
            file.close()

    def add(self, table: pa.Table, row: Rows, part: Rows) -> None:
        """Write the rows of a table that belong to any part: `row` belongs to `part`, pair by pair."""
        order = np.lexsort((row, part))
        row, part = row[order], part[order]
        kept, first = np.unique(row, return_index=True)
        kept = kept[np.argsort(first, kind="stable")]  # by the first part that each belongs to
        position = np.zeros(table.num_rows, np.int64)
        position[kept] = np.arange(len(kept))
        for batch in table.take(pa.array(kept)).combine_chunks().to_batches() if len(kept) else []:
            self._writer.write_batch(batch)
            counted = np.bincount(part, minlength=self._parts)
            begin = self._written + np.cumsum(counted) - counted
            self._begin.write(begin.astype(_BEGIN).tobytes())
            self._members.write(position[row].astype(_POSITION).tobytes())
            self._written += len(row)
            self.held += counted


@dataclass(frozen=True)
class Spread:
    """What such files hold. Rows are read from the mapped file as they are asked for."""

    path: Path  # without ending
    parts: int

    def rows(self, parts: Sequence[int]) -> pa.Table:
        """Return the rows that belong to any of some parts, each once, in the order of the file."""
        begin = np.fromfile(self.path.with_suffix(".begin"), _BEGIN).astype(np.int64)
        starts, ends = begin[:-1].reshape(-1, self.parts), begin[1:].reshape(-1, self.parts)
        members = self.path.with_suffix(".members")
        held = np.memmap(members, _POSITION, "r") if members.stat().st_size else np.zeros(0, _POSITION)
        with pa.memory_map(str(self.path.with_suffix(".arrow"))) as source:
            reader = pa.ipc.open_file(source)
            found = [pa.Table.from_batches([], reader.schema)]
            for batch in range(reader.num_record_batches):
                of = [held[starts[batch, part] : ends[batch, part]] for part in parts]
                wanted = np.unique(np.concatenate(of))
                if len(wanted):
                    found.append(pa.Table.from_batches([reader.get_batch(batch)]).take(pa.array(wanted)))
            return pa.concat_tables(found).combine_chunks()
