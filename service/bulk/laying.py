"""Both tables laid out on disk by the parts that their rows belong to: one pass of each, a batch at a time."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.partition import Partition
from geodata.places import SCHEMA, Places
from geodata.rows import RowProblem
from matchers.bulk.crowds import COMPANY_M
from matchers.bulk.reach import WIDER, Looked, entry_reach_m, looked, middles
from matchers.parameters import Parameters
from service.bulk.listing import Listing
from service.bulk.plan import part_for, parts_of
from service.bulk.recordfile import Batch, batches
from service.bulk.request import Request
from service.bulk.spread import SpreadWriter
from service.errors import INVALID, Problem

OFFICIAL, RECORDS, LOST, PROBLEMS = "official", "records", "lost.arrow", "problems.csv"

#: Rows of the records' table: as in `geodata.places`, and where each stood in its file.
RECORD_COLUMNS = pa.schema([*SCHEMA, ("row", pa.int64()), ("written", pa.string()), ("part", pa.int64())])
LOST_COLUMNS = pa.schema([("row", pa.int64()), ("reason", pa.string())])

_BATCH = 250_000  # rows sorted and written together

Step = Callable[[int, int | None, str], None]
Rows = NDArray[np.int64]


@dataclass
class Told:
    """What was met on the way."""

    records: int = 0
    looked: Counter[str] = field(default_factory=Counter)
    lost: dict[int, str] = field(default_factory=dict)
    problems: int = 0


@dataclass(frozen=True)
class Layout:
    """The two tables of a run, and the cells that their rows are laid out by."""

    request: Request
    listing: Listing
    parameters: Parameters
    partition: Partition

    def records(self, told: Told, step: Step) -> tuple[Rows, Rows]:
        """Write the records, and return how many each part answers for, and how many it only weighs."""
        parts = parts_of(self.partition.cells)
        own = np.zeros(parts, np.int64)
        with (
            SpreadWriter(self.request.work / RECORDS, RECORD_COLUMNS, parts) as out,
            (self.request.work / PROBLEMS).open("w", encoding="utf-8", newline="") as mended,
        ):
            problems = csv.writer(mended)
            problems.writerow(["file", "row", "column", "message", "hint"])
            problems.writerows(map(_cells, ["official"] * len(self.listing.problems), self.listing.problems))
            for batch in self._batches(told):
                how = self._how(batch.places, told)
                home = np.maximum(self.partition.home(batch.places.lat, batch.places.lon), 0)  # nowhere: only if whole
                part = part_for(self.partition.cells, home, how)
                out.add(_rows(batch, part), *_members(self.partition, batch.places, part))
                own += np.bincount(part, minlength=parts)
                told.records += len(part)
                told.problems += len(batch.problems)
                problems.writerows(map(_cells, ["records"] * len(batch.problems), batch.problems))
                step(told.records, None, "records read")
        lost = pa.table([list(told.lost), list(told.lost.values())], schema=LOST_COLUMNS)
        with pa.ipc.new_file(str(self.request.work / LOST), lost.schema) as file:
            file.write_table(lost)
        guests = out.held - own
        cells = self.partition.cells
        guests[cells : 2 * cells] += out.held[:cells]  # records that are looked for wide are weighed beside the others
        return own, guests

    def _how(self, places: Places, told: Told) -> Rows:
        how = looked(places, self.request.halo_m, self.parameters.geography)
        if self.partition.cells == 1:  # nothing lies beyond, and who has no location is looked for by name
            how[:] = Looked.NEAR
        numbers, counts = np.unique(how, return_counts=True)
        told.looked.update(
            {Looked(number).name.casefold(): int(count) for number, count in zip(numbers, counts, strict=True)}
        )
        return how

    def _batches(self, told: Told) -> Iterator[Batch]:
        """Yield the records' file in larger batches, so that a part's rows lie together."""
        waiting: list[Batch] = []
        for batch in batches(self.request.records, self.request.record_columns):
            told.lost.update(batch.lost)
            waiting.append(batch)
            if sum(len(one.rows) for one in waiting) >= _BATCH:
                yield _joined(waiting)
                waiting = []
        if waiting:
            yield _joined(waiting)
        if not told.records and not told.lost:
            detail = f"{self.request.records.name} holds no rows."
            raise Problem(INVALID, detail)

    def official(self, wanted: NDArray[np.bool_], of: tuple[bool, int], step: Step) -> Rows:
        """Write the entries that any part with records needs, and return how many each holds."""
        cells, (held, total) = self.partition.cells, of
        usual = self.listing.coverage.location_r95_m or self.parameters.geography.r95_official_m
        done = 0
        with SpreadWriter(self.request.work / OFFICIAL, SCHEMA, parts_of(cells)) as out:
            for places in _larger(self.listing.places()):
                lat, lon = middles(places)
                known = np.isfinite(lat) & np.isfinite(lon)
                pairs = [_everywhere(np.flatnonzero(~known), wanted[: 2 * cells])] if held else []
                for first, halo_m in ((0, self.request.halo_m), (cells, WIDER * self.request.halo_m)):
                    if wanted[first : first + cells].any():
                        reach_m = entry_reach_m(places, usual, halo_m, self.parameters.geography)
                        row, cell = self.partition.reached(lat, lon, reach_m)
                        pairs.append((row, cell + first))
                row, part = (np.concatenate(column) for column in zip(*pairs, strict=True)) if pairs else _NO_PAIRS
                kept = wanted[part]
                out.add(places.table, row[kept], part[kept])
                done += len(places)
                step(done, total, "entries laid out")
        return out.held


_NO_PAIRS = np.zeros(0, np.int64), np.zeros(0, np.int64)


def _members(partition: Partition, places: Places, part: Rows) -> tuple[Rows, Rows]:
    """Return (row, part) for the part that answers for each record and those that it is weighed in beside."""
    row, cell = partition.reached(places.lat, places.lon, np.full(len(places), COMPANY_M))
    near = part[row] < partition.cells
    wide = (part[row] >= partition.cells) & (part[row] < 2 * partition.cells)
    first = np.where(wide, partition.cells, 0)
    guest = (near | wide) & (cell + first != part[row])
    return np.concatenate((np.arange(len(places)), row[guest])), np.concatenate((part, (cell + first)[guest]))


def _everywhere(rows: NDArray[np.int64], wanted: NDArray[np.bool_]) -> tuple[Rows, Rows]:
    parts = np.flatnonzero(wanted)
    return np.repeat(rows, len(parts)), np.tile(parts, len(rows))


def _rows(batch: Batch, part: Rows) -> pa.Table:
    columns = [*batch.places.table.columns, pa.array(batch.rows), pa.array(batch.written, pa.string()), pa.array(part)]
    return pa.Table.from_arrays(columns, schema=RECORD_COLUMNS)


def _joined(some: list[Batch]) -> Batch:
    return Batch(
        places=Places(Places.concat([one.places for one in some]).table.combine_chunks()),
        rows=np.concatenate([one.rows for one in some]),
        written=[own for one in some for own in one.written],
        problems=tuple(problem for one in some for problem in one.problems),
    )


def _larger(some: Iterator[Places]) -> Iterator[Places]:
    waiting: list[Places] = []
    for places in some:
        waiting.append(places)
        if sum(map(len, waiting)) >= _BATCH:
            yield Places(Places.concat(waiting).table.combine_chunks())
            waiting = []
    if waiting:
        yield Places(Places.concat(waiting).table.combine_chunks())


def _cells(file: str, problem: RowProblem) -> list[object]:
    return [file, problem.row, problem.column, problem.message, problem.hint]
