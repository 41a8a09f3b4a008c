"""What the counts of matched records come to: verdicts and numbers for all of them, words for whom they are asked.

A record that gives no count, and a pair that gives one plain number on either side, are decided as columns. Only what
says more (groups, several counts, ranges, definitions) is asked about one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from geodata.counts.coverage import NOTHING_DECLARED
from geodata.places import Places
from matchers.base import COUNTED
from matchers.counting.comparability import Comparable, Incomparable, comparable
from matchers.counting.frame import COLUMNS, Frame, Row, Setting
from matchers.counting.growth import DAYS
from matchers.counting.reading import Count
from matchers.counting.single import PlainPairs
from matchers.groups.outcome import Matched, Told
from matchers.judging.accounts import Accounts
from matchers.judging.counted import struct_of, tested_reason
from matchers.judging.plainly import Plainly
from matchers.judging.reasons import incomparable_reason
from matchers.judging.tested import NO_TESTS, Tests, plain_tests, tests_of
from matchers.judging.verdict import Counted, count_verdict, uncounted, untested
from matchers.pairs import Flags, Rows
from matchers.picking import picked

_NO_COUNT = Incomparable("the record gives no count")
_NONE_LISTED = Incomparable("the list gives no count")


@dataclass(frozen=True)
class Counts:
    """Matched records and their entries, by position, and what becomes of their counts."""

    accounts: Accounts
    setting: Setting
    record: Rows
    entry: Rows  # row of the official list

    @cached_property
    def outcomes(self) -> list[Counted | Matched]:
        """What the counts of each pair came to, or its groups and its counts together."""
        found: list[Counted | Matched] = [*self._silent]
        if self._asked:
            for at, tests in ((self._plain, self._plain_tests), (self._several, self._several_tests)):
                for position, counted in zip(at.tolist(), tests.counted, strict=True):
                    found[position] = counted
            for position, counts in self._compared.items():
                if isinstance(counts, Incomparable):
                    found[position] = uncounted(counts, self._frame(position))
        for position, matched in self._grouped.items():
            found[position] = matched
        return found

    @cached_property
    def struct(self) -> pa.StructArray:
        """The numbers of each pair that was tested, as `matchers.base.COUNTED`; null where none was."""
        grouped = {at: matched.counted for at, matched in self._grouped.items() if matched.counted is not None}
        if not self._asked and not grouped:
            return pa.nulls(len(self.record), COUNTED)
        at = np.concatenate((self._plain, self._several, np.array([*grouped], np.int64)))
        if not len(at):
            return pa.nulls(len(self.record), COUNTED)
        structs = (self._plain_tests.struct, self._several_tests.struct, pa.array([*grouped.values()], COUNTED))
        place = np.full(len(self.record), -1)
        place[at] = np.arange(len(at))
        return pa.concat_arrays(structs).take(pa.array(place, mask=place < 0))

    def reason(self, at: int) -> str:
        """Return what the counts and groups of a pair say, in words."""
        if at in self._grouped:
            return self._grouped[at].reason
        if not self._asked:
            return incomparable_reason(_NO_COUNT)
        place = int(self._place[at])
        if place >= 0:
            declared = self.setting.official.coverage.counts or NOTHING_DECLARED
            assert self._plain_pairs[1] is not None  # noqa: S101 - it has a place among them
            return _told(self._plain_pairs[1].pair(place, declared), self._plain_tests, place)
        counts = self._compared.get(at, _NONE_LISTED if at in self._one_sided else _NO_COUNT)
        if isinstance(counts, Incomparable):
            return incomparable_reason(counts)
        return _told(counts, self._several_tests, int(np.searchsorted(self._several, at)))

    @cached_property
    def _asked(self) -> bool:
        """Whether any counts are to be compared at all, beside those of groups."""
        return bool(self._plainly.counting.any() or self._plainly.left_out.any())

    @cached_property
    def _silent(self) -> list[Counted]:
        """What follows where a record or its entry gives no count."""
        reference, today = self.setting.reference, self.setting.today
        if reference is None:
            return [untested(_NO_COUNT, old=False)] * len(self.record)
        observed, most = self.accounts.column("observed"), self.setting.counting.stale_years * DAYS
        return [
            untested(_NO_COUNT, old=((observed[record] or today) - reference).days > most)
            for record in self.record.tolist()
        ]

    @cached_property
    def _grouped(self) -> dict[int, Matched]:
        """By position, what came of the groups that a record speaks of, and of its other counts."""
        return (
            {at: self._in_groups(at) for at in np.flatnonzero(self._grouping).tolist()} if self._grouping.any() else {}
        )

    def _in_groups(self, at: int) -> Matched:
        groups, frame = self.accounts.groups, self._frame(at)
        grouped = groups.in_entry(int(self.record[at]), int(self.entry[at]), frame)
        taken = grouped.taken if grouped else ()
        counts = self._compare([count for count in self._mine(at) if count not in taken], at)
        if isinstance(counts, Incomparable):
            return Matched.of(Told(uncounted(counts, frame), incomparable_reason(counts)), grouped)
        counting = self.setting.counting
        found, least = counts.coverage(counting), counts.detectable(counting)
        counted = count_verdict(found, counts, counting)
        reason = tested_reason(counts, found, counted, least)
        return Matched.of(Told(counted, reason, struct_of(counts, found, least)), grouped)

    @cached_property
    def _compared(self) -> dict[int, Comparable | Incomparable]:
        """By position, the counts that are no plain pair, as they can be compared."""
        return {at: self._compare(self._mine(at), at) for at in np.flatnonzero(self._general).tolist()}

    @cached_property
    def _general(self) -> Flags:
        """Whether the counts of a pair are compared one by one."""
        general = (self._plainly.counting | self._plainly.left_out) & ~self._grouping & (self._place < 0)
        general[list(self._one_sided)] = False
        return general

    @cached_property
    def _one_sided(self) -> frozenset[int]:
        """Positions of records that give one plain number where the entry gives no count."""
        return frozenset(self._plainly.one_sided(but=self._grouping).tolist())

    @cached_property
    def _several(self) -> Rows:
        """Positions of those of them that can be compared."""
        return np.array([at for at, counts in self._compared.items() if isinstance(counts, Comparable)], np.int64)

    @cached_property
    def _several_tests(self) -> Tests:
        pairs = (self._compared[at] for at in self._several.tolist())
        found = [pair for pair in pairs if isinstance(pair, Comparable)]
        return tests_of(found, self.setting.counting) if found else NO_TESTS

    @cached_property
    def _plain_tests(self) -> Tests:
        pairs = self._plain_pairs[1]
        return NO_TESTS if pairs is None else plain_tests(pairs, self.setting.counting)

    @property
    def _plain(self) -> Rows:
        return self._plain_pairs[0]

    @cached_property
    def _plain_pairs(self) -> tuple[Rows, PlainPairs | None]:
        return self._plainly.read(but=self._grouping)

    @cached_property
    def _place(self) -> Rows:
        """Of each position its place among the plain pairs, -1 where it is none."""
        place = np.full(len(self.record), -1)
        place[self._plain] = np.arange(len(self._plain))
        return place

    @cached_property
    def _grouping(self) -> Flags:
        """Whether a record speaks of groups."""
        return self.accounts.groups.asking[self.record]

    @cached_property
    def _plainly(self) -> Plainly:
        return Plainly(self.accounts, self.setting, self.record, self.entry)

    def _compare(self, mine: Sequence[Count], at: int) -> Comparable | Incomparable:
        return comparable(mine, self._entry(at)["counts"] or (), self._frame(at))

    def _mine(self, at: int) -> Sequence[Count]:
        return self._rows[at][0]["counts"] or ()

    def _frame(self, at: int) -> Frame:
        return self.setting.frame(*self._rows[at])

    def _entry(self, at: int) -> Row:
        return self._rows[at][1]

    @cached_property
    def _rows(self) -> dict[int, tuple[Row, Row]]:
        """By position, the accounts and entries that are compared one by one, as frames of counts read them."""
        asked = np.flatnonzero((self._general | self._grouping) if self._asked else self._grouping)
        both = (self.accounts.task.records.places, self.setting.official.index.places)
        sides = (_read(places, rows[asked]) for places, rows in zip(both, (self.record, self.entry), strict=True))
        return dict(zip(asked.tolist(), zip(*sides, strict=True), strict=True))


def _read(places: Places, rows: Rows) -> list[Row]:
    """Return some rows of a table, as frames of counts read them."""
    columns = (picked(places.column(name), rows) for name in COLUMNS)
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]


def _told(pair: Comparable, tests: Tests, at: int) -> str:
    least = float(tests.detectable[at])
    return tested_reason(pair, tests.found(at), tests.counted[at], None if np.isnan(least) else least)
