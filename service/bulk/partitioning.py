"""Cut both tables into parts: each file is read once (the list's points twice), and memory goes by a batch.

A part is a cell of the ground with the entries of its halo and the records in it. Which entries and which records'
answers a part holds follows from the list and each record alone, so that other records of the file change nothing but
who else claims an entry.
"""

from __future__ import annotations

import math
import shutil
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import file_digest
from pathlib import Path

import numpy as np

from geodata.coverage import to_dict
from geodata.partition import Partition
from matchers.bulk.crowds import COMPANY_M
from matchers.parameters import Parameters
from service.bulk.laying import Layout, Step, Told
from service.bulk.listing import Listing
from service.bulk.plan import Part, Plan, key_of, read_plan
from service.bulk.request import Request
from service.running.release import release

GROUPS = "groups.toml"

_SAMPLE = 1_000_000  # points that the ground is cut by, evenly spaced in the list


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
        layout = Layout(self.request, self.listing, self.parameters, partition)
        told = Told(problems=len(self.listing.problems))
        own, guests = layout.records(told, step)
        held = unplaced <= self.request.partition_rows // 4 or partition.cells == 1
        entries = layout.official(own > 0, (held, official), step)
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


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None  # reading it says what is wrong
