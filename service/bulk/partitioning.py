"""Cut both tables into parts: each file is read once (the list's points twice), and memory goes by a batch.

A part is a cell of the ground with the entries of its halo and the records in it. Which entries and which records'
answers a part holds follows from the list and each record alone, so that other records of the file change nothing but
who else claims an entry.
"""

from __future__ import annotations

import csv
import math
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from hashlib import file_digest
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.coverage import to_dict
from geodata.partition import Partition
from geodata.places import SCHEMA, Places
from geodata.rows import RowProblem
from matchers.bulk.crowds import COMPANY_M
from matchers.bulk.reach import WIDER, Looked, entry_reach_m, looked, middles
from matchers.parameters import Parameters
from service.bulk.listing import Listing
from service.bulk.plan import Part, Plan, key_of, part_for, parts_of, read_plan
from service.bulk.recordfile import Batch, batches
from service.bulk.request import Request
from service.bulk.spread import SpreadWriter
from service.errors import INVALID, Problem
from service.release import release

OFFICIAL, RECORDS, LOST, PROBLEMS, GROUPS = "official", "records", "lost.arrow", "problems.csv", "groups.toml"

#: Rows of the records' table: as in `geodata.places`, and where each stood in its file.
RECORD_COLUMNS = pa.schema(
    [*SCHEMA, pa.field("row", pa.int64()), pa.field("written", pa.string()), ("part", pa.int64())]
)
LOST_COLUMNS = pa.schema([pa.field("row", pa.int64()), pa.field("reason", pa.string())])

_SAMPLE = 1_000_000  # points that the ground is cut by, evenly spaced in the list
_BATCH = 250_000  # rows sorted and written together

Step = Callable[[int, int | None, str], None]


@dataclass
class _Told:
    """What was met on the way."""

    records: int = 0
    looked: Counter[str] = field(default_factory=Counter)
    lost: dict[int, str] = field(default_factory=dict)
    problems: int = 0


@dataclass(frozen=True)
class Cutting:
    """A run about to be cut."""

    request: Request
    listing: Listing
    parameters: Parameters
    taxonomy: Path | None  # groups of people beside the shipped ones

    def planned(self, today: date, step: Step) -> Plan:
        """Return the plan of this run; cut anew, unless the folder holds what was cut for the very same before.

        A run that is taken up again keeps the day on which it began. Raises as reading the two files does.
        """
        folder, key = self.request.work, self._key()
        before = read_plan(folder)
        if before is not None and before.key == key:
            return before
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if self.taxonomy is not None:
            shutil.copyfile(self.taxonomy, folder / GROUPS)
        partition, official, unplaced = self._ground(step)
        told = _Told(problems=len(self.listing.problems))
        own, guests = self._records(partition, told, step)
        held = unplaced <= self.request.partition_rows // 4 or partition.cells == 1
        entries = self._official(partition, own > 0, (held, official), step)
        parts = [Part(int(at), int(own[at]), int(guests[at]), int(entries[at])) for at in np.flatnonzero(own)]
        provenance = self.listing.provenance
        plan = Plan(
            key=key,
            today=today,
            source=provenance.source,
            title=provenance.title,
            snapshot=self.listing.snapshot,
            vintage=provenance.vintage,
            coverage=to_dict(self.listing.coverage),
            parameters=self.parameters.to_json(),
            cells=partition.cells,
            halo_m=self.request.halo_m,
            parts=tuple(sorted(parts, key=lambda part: (-part.cost, part.number))),
            explain=tuple(sorted(self.request.explain)),
            records=told.records + len(told.lost),
            lost=len(told.lost),
            official=official,
            unplaced=unplaced,
            held=held,
            looked=dict(sorted(told.looked.items())),
            problems=told.problems,
        )
        plan.write(folder)
        return plan

    def _key(self) -> str:
        """Return the sha256 over everything that decides what the results are, except the day."""
        return key_of(
            {
                "release": release(),
                "records": _digest(self.request.records),
                "official": self.listing.snapshot,
                "coverage": to_dict(self.listing.coverage),
                "columns": [dict(self.request.record_columns), dict(self.request.official_columns)],
                "parameters": asdict(self.parameters),
                "groups": _digest(self.taxonomy) if self.taxonomy else None,
                "cut": [self.request.partition_rows, self.request.halo_m, COMPANY_M],
                "explain": sorted(self.request.explain),
            }
        )

    def _ground(self, step: Step) -> tuple[Partition, int, int]:
        """Return the cells, how many entries the list has, and how many of them have no point."""
        rows = known = 0
        lat, lon = [np.zeros(0)], [np.zeros(0)]
        stride = 1
        for some_lat, some_lon in self.listing.points():
            at = np.arange(rows, rows + len(some_lat)) % stride == 0
            lat.append(some_lat[at])
            lon.append(some_lon[at])
            rows += len(some_lat)
            known += int((np.isfinite(some_lat) & np.isfinite(some_lon)).sum())
            if sum(map(len, lat)) > 2 * _SAMPLE:
                stride *= 2
                lat, lon = ([np.concatenate(values)[::2]] for values in (lat, lon))
            step(rows, None, "points read")
        cells = math.ceil(rows / self.request.partition_rows)
        return Partition.of(np.concatenate(lat), np.concatenate(lon), cells), rows, rows - known

    def _records(self, partition: Partition, told: _Told, step: Step) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Write the records, and return how many each part answers for, and how many it only weighs."""
        parts = parts_of(partition.cells)
        own = np.zeros(parts, np.int64)
        with (
            SpreadWriter(self.request.work / RECORDS, RECORD_COLUMNS, parts) as out,
            (self.request.work / PROBLEMS).open("w", encoding="utf-8", newline="") as mended,
        ):
            problems = csv.writer(mended)
            problems.writerow(["file", "row", "column", "message", "hint"])
            problems.writerows(map(_cells, ["official"] * len(self.listing.problems), self.listing.problems))
            for batch in self._batches(told):
                how = self._how(partition, batch.places, told)
                home = np.maximum(partition.home(batch.places.lat, batch.places.lon), 0)  # nowhere: only if whole
                part = part_for(partition.cells, home, how)
                out.add(_rows(batch, part), *_members(partition, batch.places, part))
                own += np.bincount(part, minlength=parts)
                told.records += len(part)
                told.problems += len(batch.problems)
                problems.writerows(map(_cells, ["records"] * len(batch.problems), batch.problems))
                step(told.records, None, "records read")
        lost = pa.table([list(told.lost), list(told.lost.values())], schema=LOST_COLUMNS)
        with pa.ipc.new_file(str(self.request.work / LOST), lost.schema) as file:
            file.write_table(lost)
        guests = out.held - own
        guests[partition.cells : 2 * partition.cells] += out.held[: partition.cells]  # who is near is weighed there too
        return own, guests

    def _how(self, partition: Partition, places: Places, told: _Told) -> NDArray[np.int64]:
        how = looked(places, self.request.halo_m, self.parameters.geography)
        if partition.cells == 1:  # nothing lies beyond, and who has no location is looked for by name
            how[:] = Looked.NEAR
        numbers, counts = np.unique(how, return_counts=True)
        told.looked.update(
            {Looked(number).name.casefold(): int(count) for number, count in zip(numbers, counts, strict=True)}
        )
        return how

    def _batches(self, told: _Told) -> Iterator[Batch]:
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

    def _official(
        self, partition: Partition, wanted: NDArray[np.bool_], of: tuple[bool, int], step: Step
    ) -> NDArray[np.int64]:
        """Write the entries that any part with records needs, and return how many each holds."""
        cells, (held, total) = partition.cells, of
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
                        row, cell = partition.reached(lat, lon, reach_m)
                        pairs.append((row, cell + first))
                row, part = (np.concatenate(column) for column in zip(*pairs, strict=True)) if pairs else _NO_PAIRS
                kept = wanted[part]
                out.add(places.table, row[kept], part[kept])
                done += len(places)
                step(done, total, "entries laid out")
        return out.held


_NO_PAIRS = np.zeros(0, np.int64), np.zeros(0, np.int64)


def _members(
    partition: Partition, places: Places, part: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (row, part) for the part that answers for each record and those that it is weighed in beside."""
    row, cell = partition.reached(places.lat, places.lon, np.full(len(places), COMPANY_M))
    near = part[row] < partition.cells
    wide = (part[row] >= partition.cells) & (part[row] < 2 * partition.cells)
    first = np.where(wide, partition.cells, 0)
    guest = (near | wide) & (cell + first != part[row])
    return np.concatenate((np.arange(len(places)), row[guest])), np.concatenate((part, (cell + first)[guest]))


def _everywhere(rows: NDArray[np.int64], wanted: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    parts = np.flatnonzero(wanted)
    return np.repeat(rows, len(parts)), np.tile(parts, len(rows))


def _rows(batch: Batch, part: NDArray[np.int64]) -> pa.Table:
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


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None  # reading it says what is wrong
