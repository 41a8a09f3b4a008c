"""The records of a run, read some at a time: every row once, with its number and its id as the file writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.files.columns import read_places
from geodata.files.streaming import open_tables
from geodata.geoparquet import NotPlaces, groups_of, is_geoparquet
from geodata.places import Places
from geodata.rows import RowProblem
from service.errors import INVALID, Problem
from service.importing.identity import Seen
from service.offline.inputs import written_ids


@dataclass(frozen=True)
class Batch:
    """Some rows of the file, in its order."""

    places: Places  # with identifiers that no other row of the file has
    rows: NDArray[np.int64]  # original numbers
    written: Sequence[str]  # identifiers as the file writes them
    problems: tuple[RowProblem, ...] = ()

    @property
    def lost(self) -> dict[int, str]:
        """The rows that could not be read as rows, with the reason."""
        kept = set(self.rows.tolist())
        fatal = [problem for problem in self.problems if problem.fatal and problem.row and problem.row not in kept]
        return {problem.row: problem.sentence() for problem in fatal if problem.row}


def batches(path: Path, mapping: Mapping[str, str]) -> Iterator[Batch]:
    """Yield the rows of a file, which never stands in memory as a whole where it is CSV or our own GeoParquet.

    Raises `UnreadableTable`, or `UnknownColumn` where `mapping` (field -> header) names what is not there; `Problem`
    (invalid) where a file of ours is damaged.
    """
    seen = Seen()
    for batch in _ours(path) if is_geoparquet(path) else _read(path, mapping):
        before = seen.add(batch.places.ids)
        yield batch if not before.any() else _told_apart(batch, before > 0)


def _ours(path: Path) -> Iterator[Batch]:
    first = 1  # rows of Parquet are numbered from one
    with path.open("rb") as file:
        try:
            for places in groups_of(file):
                yield Batch(places, np.arange(first, first + len(places)), places.ids)
                first += len(places)
        except NotPlaces as error:
            detail = f"{path.name} cannot be read: {error}."
            raise Problem(INVALID, detail) from error


def _read(path: Path, mapping: Mapping[str, str]) -> Iterator[Batch]:
    for table in open_tables(path):
        read = read_places(table, mapping=mapping)
        yield Batch(read.places, read.rows, written_ids(read, table), read.problems)


def _told_apart(batch: Batch, repeated: NDArray[np.bool_]) -> Batch:
    """Add the number of its row to each identifier that stood in an earlier part of the file."""
    ids = [
        f"{own}#{row}" if again else own
        for own, row, again in zip(batch.places.ids, batch.rows.tolist(), repeated.tolist(), strict=True)
    ]
    table = batch.places.table
    field = table.schema.field("id")
    told = [
        RowProblem(row, "id", None, "the id is used before; its row was added to it", "give it its own id", fatal=False)
        for row in batch.rows[repeated].tolist()
    ]
    places = Places(table.set_column(table.schema.get_field_index("id"), field, pa.array(ids, pa.string())))
    return Batch(places, batch.rows, batch.written, (*batch.problems, *told))
