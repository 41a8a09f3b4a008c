"""Rows set aside by key, so that two files too large for memory are joined a small part at a time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

#: Bytes up to which one bucket does, packed or not; above, so many that each is a small part of what memory holds.
_ONE = 8 << 20
_MANY = 64


class Buckets:
    """Tables of one schema, divided by a whole-number key into files of a folder."""

    def __init__(self, folder: Path, schema: pa.Schema, count: int) -> None:
        """Open `count` files; the schema has the key first."""
        self.count = count
        self.rows = 0
        self._paths = [folder / f"{number}.arrow" for number in range(count)]
        folder.mkdir()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._files = [pa.ipc.new_file(path, schema, options=options) for path in self._paths]
        self._key = schema.names[0]

    def add(self, table: pa.Table) -> None:
        """Set rows aside."""
        self.rows += table.num_rows
        number: NDArray[Any] = np.asarray(table.column(self._key).combine_chunks()) % self.count
        order = np.argsort(number, kind="stable")
        ordered = table.take(pa.array(order)).combine_chunks()
        edges = np.searchsorted(number[order], np.arange(self.count + 1))
        for file, first, last in zip(self._files, edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            if last > first:
                file.write_table(ordered.slice(first, last - first))

    def take(self, number: int) -> pa.Table:
        """Return a bucket sorted by key, rows of one key in the order they came; its file is removed."""
        self._files[number].close()
        with pa.OSFile(str(self._paths[number])) as file:
            table = pa.ipc.open_file(file).read_all().combine_chunks()
        self._paths[number].unlink()
        keys = np.asarray(table.column(self._key).combine_chunks())
        return table.take(pa.array(np.argsort(keys, kind="stable"))).combine_chunks()


def enough(size: int) -> int:
    """Return how many buckets a file of so many bytes asks for."""
    return 1 if size <= _ONE else _MANY
