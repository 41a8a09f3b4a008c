"""What a block of records says of itself, read once, as far as verdicts rest on it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.coverage import CoverageManifest
from geodata.index.entries import Entry
from geodata.names.folding import fold
from matchers.counting.frame import COLUMNS, Row
from matchers.groups.block import GroupBlock
from matchers.judging.mobility import mobile
from matchers.judging.scope import Subject, inside, outside, restricted
from matchers.model import Task
from matchers.pairs import Flags, Floats

_EPOCH = date(1970, 1, 1)
_NEVER = np.iinfo(np.int32).min  # a day before all others, for those who do not say


@dataclass(frozen=True)
class Accounts:
    """The records of one task; columns by record."""

    task: Task
    groups: GroupBlock

    def column(self, name: str) -> list[Any]:
        """Return a column of the records as Python values."""
        if name not in self._columns:
            self._columns[name] = self.task.records.places.column(name).to_pylist()
        return self._columns[name]

    def row(self, record: int) -> Row:
        """Return one account, as frames of counts read it (`matchers.counting.frame.COLUMNS`)."""
        row: Row = self.task.records.places.table.select(COLUMNS).slice(record, 1).to_pylist()[0]
        return row

    def subject(self, record: int) -> Subject:
        """Return what decides whether a list would hold a record."""
        places = self.task.records.places
        persons = float(self._persons[record])
        return Subject(
            kind=self.task.records.kinds[record],
            country=self.column("country")[record],
            admin=self.units[record],
            groups=(*(self.column("groups")[record] or ()), *self.groups.left_out(record)),
            lat=float(places.lat[record]),
            lon=float(places.lon[record]),
            persons=None if np.isnan(persons) else persons,
            founded=self.column("founded")[record],
        )

    def founded_after(self, day: date | None) -> Flags:
        """Return which places are younger than a day."""
        founded = self.task.records.places.column("founded")
        if day is None or founded.null_count == len(founded):
            return np.zeros(len(founded), np.bool_)
        days = pc.fill_null(founded.cast(pa.int32()), pa.scalar(_NEVER, pa.int32()))
        return np.asarray(days.to_numpy(zero_copy_only=False) > (day - _EPOCH).days)

    def outside(self, coverage: CoverageManifest) -> Flags:
        """Return which records a list would not hold by its manifest; each way to lie outside is asked about once."""
        size = len(self.task.records.places)
        if not restricted(coverage):
            return np.zeros(size, np.bool_)
        seen: dict[Hashable, bool] = {}
        found = np.zeros(size, np.bool_)
        for record, key in enumerate(self._likes(coverage)):
            if key not in seen:
                seen[key] = bool(outside(self.subject(record), coverage))
            found[record] = seen[key]
        return found

    @cached_property
    def units(self) -> list[dict[str, str]]:
        """The administrative units as written, the country among them, by folded header."""
        return units_of(self.column("country"), self.task.records.units)

    @cached_property
    def named(self) -> Flags:
        """Whether a record gives a name of its own."""
        records = self.task.records
        named = np.zeros(len(records.places), np.bool_)
        named[records.name_rows[records.names.named & ~records.is_operator]] = True
        return named

    @cached_property
    def located(self) -> Flags:
        """Whether a record says where it lies."""
        return ~np.isnan(self.task.records.places.lat)

    @cached_property
    def mobile(self) -> Flags:
        """Whether its people move."""
        return mobile(self.task.records)

    def _likes(self, coverage: CoverageManifest) -> list[Hashable]:
        """Return for each record what it shares with all that a list would hold or not hold alike."""
        places, records = self.task.records.places, self.task.records
        size = len(places)
        within = inside(places.lat, places.lon, coverage.bbox) if coverage.bbox else np.ones(size, np.bool_)
        small = self._persons < (coverage.minimum_persons or 0)
        units = [fold(column) for column, _ in coverage.admin]
        said = [tuple(own.get(unit) for unit in units) for own in self.units] if units else [()] * size
        groups = [tuple(own) if own else () for own in self.column("groups")] if coverage.excludes else [()] * size
        return list(
            zip(
                *(records.kinds, self.column("country"), said, groups, within.tolist(), small.tolist()),
                strict=True,
            )
        )

    @cached_property
    def _persons(self) -> Floats:
        """The greatest number of persons that each record counts, NaN where it counts none."""
        counts = self.task.records.places.column("counts")
        persons = np.full(len(counts), np.nan)
        if counts.null_count == len(counts):
            return persons
        cells = counts.flatten()
        value = cells.field("value").to_numpy(zero_copy_only=False).astype(np.float64)
        said = np.asarray(pc.equal(cells.field("unit"), "persons").fill_null(False))  # noqa: FBT003 - a value
        rows = np.asarray(counts.value_parent_indices())
        told = said & (np.nan_to_num(value) != 0)
        np.fmax.at(persons, rows[told], value[told])
        return persons

    @cached_property
    def _columns(self) -> dict[str, list[Any]]:
        return {}


def units_of(countries: Iterable[str | None], entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Return the administrative units of each row, its country among them; entries as `entries_of` gives them."""
    units = [{"country": country} if country else {} for country in countries]
    for entry in entries:
        if entry.text:
            units[entry.row][entry.header] = entry.text
    return units
