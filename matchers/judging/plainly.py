"""Which matched records and entries can have their counts compared as columns, and those columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from geodata.counts.coverage import NOTHING_DECLARED, CountCoverage
from matchers.counting.additivity import mismatches
from matchers.counting.definitions import left_out
from matchers.counting.frame import Setting
from matchers.counting.single import Plain, PlainPairs, Whose, plain_pairs, plainly_read
from matchers.judging.accounts import Accounts
from matchers.pairs import Flags, Rows

FEW = 3  # records that give counts up to which the general comparison is cheaper than columns
_DRIVERS = frozenset({"drivers", "driver"})  # headers of what drove people away


@dataclass(frozen=True)
class Plainly:
    """Matched pairs, by position, of which some are no more than one number of persons on either side."""

    accounts: Accounts
    setting: Setting
    record: Rows
    entry: Rows  # row of the official list

    @cached_property
    def counting(self) -> Flags:
        """Whether a record gives any count."""
        counts = self.accounts.task.records.places.column("counts")
        if counts.null_count == len(counts):
            return np.zeros(len(self.record), np.bool_)
        return np.asarray(np.diff(counts.offsets.to_numpy(zero_copy_only=False))[self.record] > 0)

    @cached_property
    def left_out(self) -> Flags:
        """Whether the list's counts leave out by rule what a record is."""
        if not self._declared.leaves_out:
            return np.zeros(len(self.record), np.bool_)
        kinds = self.accounts.column("kind")
        said = [left_out({"kind": kinds[record]}, self._declared) for record in self.record.tolist()]
        return np.array([term is not None for term in said], np.bool_)

    def read(self, but: Flags) -> tuple[Rows, PlainPairs | None]:
        """Return the positions of plain pairs, and their numbers, None where none is sought; none of those in `but`."""
        asked = np.flatnonzero(self.counting & ~but & ~self.left_out)
        asked = asked[self._ordinary(asked)] if len(asked) > FEW and plainly_read(self.setting) else asked[:0]
        if not len(asked):
            return asked, None
        mine, listed = self._mine(asked), self.setting.official.index.places
        reference = pa.repeat(pa.scalar(self.setting.reference, pa.date32()), len(mine.at))
        theirs = Plain.of(listed, self.entry[asked[mine.at]], reference, self.setting.today)
        mine = mine.take(theirs.at)
        found = asked[mine.at]
        return found, plain_pairs(mine, theirs, self._whose(found), self.setting)

    def one_sided(self, but: Flags) -> Rows:
        """Return the positions of records that give one plain number where the entry gives no count; none in `but`."""
        counts = self.setting.official.index.places.column("counts")
        begin = counts.offsets.to_numpy(zero_copy_only=False)
        asked = np.flatnonzero(self.counting & ~but & (begin[self.entry + 1] == begin[self.entry]))
        if len(asked) <= FEW or self.setting.known.sigma_floor:  # which may make a number too vague to be one
            return asked[:0]
        return asked[self._mine(asked).at]

    def _mine(self, asked: Rows) -> Plain:
        """Return the numbers of records that give one plainly, and more than nobody."""
        places = self.accounts.task.records.places
        observed = places.column("observed").take(pa.array(self.record[asked]))
        mine = Plain.of(places, self.record[asked], observed, self.setting.today)
        return mine.take(np.flatnonzero(mine.value > 0))

    def _ordinary(self, asked: Rows) -> Flags:
        """Return for which of some pairs nothing but two numbers and their days bears on the comparison."""
        task, known = self.accounts.task, self.setting.known
        records, places = task.records, task.records.places
        special = places.column("founded").is_valid().to_numpy(zero_copy_only=False)
        if told := known.sigma_floor.keys() | known.spread_years.keys():
            special = special | np.array([record in told for record in places.ids], np.bool_)
        special = special.copy()  # Arrow's own memory is read-only
        special[[entry.row for entry in records.attributes if entry.header in _DRIVERS]] = True
        if self._declared.boundary is None:  # else neither polygons nor codes say anything about it
            special |= places.column("area").is_valid().to_numpy(zero_copy_only=False)
            special[[entry.row for entry in records.units if "code" in entry.header]] = True
        countries = [whose.country for whose in self._whose(asked)]
        local = {country: any(rate.unit for rate in self.setting.rates_of(country)) for country in set(countries)}
        found = special[self.record[asked]] | np.array([local[country] for country in countries], np.bool_)
        if apart := mismatches(self.setting.official):
            ids = self.setting.official.index.places.column("id").take(pa.array(self.entry[asked]))
            found |= np.array([entry in apart for entry in ids.to_pylist()], np.bool_)
        return np.asarray(~found)

    def _whose(self, at: Rows) -> list[Whose]:
        """Return of whose growth some pairs ask: the record's country, or else the entry's."""
        country, kind = self.accounts.column("country"), self.accounts.column("kind")
        listed = self.setting.official.index.places.column("country")
        return [
            Whose(country[record] or listed[entry].as_py(), kind[record])
            for record, entry in zip(self.record[at].tolist(), self.entry[at].tolist(), strict=True)
        ]

    @property
    def _declared(self) -> CountCoverage:
        return self.setting.official.coverage.counts or NOTHING_DECLARED
