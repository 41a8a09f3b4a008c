"""What memory says about the records at hand: which pairs are settled, which are left out, which names are known.

One step of `matchers.model.weigh`. A record that no decision speaks of and that bears no confirmed name goes through
untouched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from geodata.index import PlaceIndex
from matchers.candidates import paired
from matchers.features.names import NameEvidence
from matchers.features.rarity import Rarity
from matchers.memory.applied import Applied, Pair, apply
from matchers.memory.decisions import Memory
from matchers.pairs import Feature, Flags, Floats, Pairs, Rows, log2
from matchers.parameters import NameLevels
from matchers.records import Records

DECISION = "decision"  # the feature
LEVELS = ("not_available", "confirmed")
ALIAS = "alias"  # the level of a name that people confirmed
_ERRS = 0.01  # share of confirmations taken to be mistaken: a person's word is strong, not absolute


class Told(NamedTuple):
    """What a finding says of decisions."""

    attributes: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Recall:
    """What memory says about one block of records and one list."""

    records: Records
    index: PlaceIndex
    applied: dict[Pair, Applied]  # by record and row
    aliases: tuple[tuple[int, int], ...]  # position in `Records.names`, row that is known by that name; in order

    @classmethod
    def of(cls, memory: Memory, records: Records, index: PlaceIndex) -> Recall:
        """Find what is remembered of these records."""
        return cls(records, index, *apply(memory, records, index))

    @cached_property
    def settled(self) -> dict[int, int]:
        """The entry that each record is where people said so and nothing changed since."""
        return {record: row for (record, row), one in self.applied.items() if one.stands and one.same}

    def pairs(self, proposed: Pairs) -> Pairs:
        """Return the pairs to weigh: none that people ruled out, and those that a confirmed name suggests."""
        if not self.applied and not self.aliases:
            return proposed
        known = [(int(self.records.name_rows[name]), row) for name, row in self.aliases] + [*self.settled.items()]
        added = np.array(known, np.int64).reshape(-1, 2)
        record, row = np.concatenate((proposed.record, added[:, 0])), np.concatenate((proposed.row, added[:, 1]))
        kept = self._open(record, row)
        return paired(record[kept], row[kept], (self.records.places, self.index.places))

    def names(self, pairs: Pairs, spelled: NameEvidence, rarity: Rarity, levels: NameLevels) -> NameEvidence:
        """Return what the names say, where a name that people confirmed may say more than its spelling."""
        if not self.aliases:
            return spelled
        name, row = (np.array([pair[side] for pair in self.aliases], np.int64) for side in (0, 1))
        at = _position(pairs, self.records.name_rows[name], row)
        # An entry that the list leaves nameless is called nothing by it, and nothing can be shown beside the name.
        held, first = self.index.names_of(row)
        listed = np.full(len(row), -1, np.int64)
        listed[held[::-1]] = first[::-1]
        name, at, listed = (column[(at >= 0) & (listed >= 0)] for column in (name, at, listed))
        says = self._bits(name, rarity, levels)
        order = np.argsort(says, kind="stable")
        better = order[says[order] > spelled.feature.bits[at[order]]]
        if not len(better):
            return spelled
        by = spelled.feature
        feature = Feature(by.name, (*by.levels, ALIAS), by.level.copy(), by.bits.copy())
        feature.level[at[better]], feature.bits[at[better]] = len(by.levels), says[better]
        mine, theirs = spelled.citizen_name.copy(), spelled.official_name.copy()
        mine[at[better]], theirs[at[better]] = name[better], listed[better]
        return replace(spelled, feature=feature, citizen_name=mine, official_name=theirs)

    def decision(self, pairs: Pairs, bits: Floats) -> Feature:
        """Return what people's confirmations add to the evidence of the pairs they stand for."""
        level, adds = np.zeros(len(pairs), np.int64), np.zeros(len(pairs))
        if self.settled:
            settled = np.array([*self.settled.items()], np.int64)
            at = _position(pairs, settled[:, 0], settled[:, 1])
            level[at] = 1
            adds[at] = np.maximum(np.log2(len(self.index.places) * (1 - _ERRS) / _ERRS) - bits[at], 0.0)
        return Feature(DECISION, LEVELS, level, adds)

    def told(self, record: int, shown: Collection[int]) -> Told:
        """Return what the finding of a record says of decisions; `shown` are the rows of its candidates."""
        mine = [(row, one) for (at, row), one in self.applied.items() if at == record] if self.applied else []
        stand = [one for _, one in mine if one.stands]
        reopened = [one for row, one in mine if not one.stands and (one.same or row in shown)]
        attributes = (*(("remembered",) if stand else ()), *(("reopened",) if reopened else ()))
        return Told(attributes, (*_standing(stand), *map(_reopened, reopened)))

    def _open(self, record: Rows, row: Rows) -> Flags:
        """Return which pairs are still a question: not ruled out, and not of a record whose entry is known."""
        span = max(len(self.index.places), 1)
        out = [at * span + entry for (at, entry), one in self.applied.items() if one.stands and not one.same]
        entry = np.full(len(self.records.places), -1, np.int64)
        entry[list(self.settled)] = list(self.settled.values())
        still: Flags = ~np.isin(record * span + row, out) & ((entry[record] < 0) | (entry[record] == row))
        return still

    def _bits(self, name: Rows, rarity: Rarity, levels: NameLevels) -> Floats:
        """Return the evidence of a confirmed name: as of the same name, for the share of accounts that will use it."""
        number = self.index.cores.numbers(self.records.names.letters)[self.records.names.which[name]]
        bearers = np.where(number >= 0, self.index.cores.sizes[number], 0) + 1 if len(self.index.cores.number) else 1
        chance = rarity.same_chance(np.broadcast_to(bearers, name.shape), levels.same_rarity)
        return log2(levels.alias * levels.m_exact / chance)


def _position(pairs: Pairs, record: Rows, row: Rows) -> Rows:
    """Return where among the pairs each of these stands, -1 where it does not."""
    span = int(max(pairs.row.max(initial=0), row.max(initial=0))) + 1
    keys, wanted = pairs.record * span + pairs.row, record * span + row
    at = np.searchsorted(keys, wanted)
    found = at < len(keys)
    found[found] = keys[at[found]] == wanted[found]
    return np.where(found, at, -1)


def _standing(decisions: Sequence[Applied]) -> Iterator[str]:
    """Say what was decided and holds, day by day."""
    told = sorted((one.decided.ruling.on, not one.same, one.decided.entry_name) for one in decisions)
    for (day, different), group in groupby(told, key=itemgetter(0, 1)):
        names = [f"“{name}”" for _, _, name in group]
        entries = " and ".join([", ".join(names[:-1]), names[-1]] if names[1:] else names)
        others = f"{entries} {'are other places' if names[1:] else 'is another place'}"
        yield f"A reviewer decided on {day} that {others if different else f'it is {entries}'}."


def _reopened(one: Applied) -> str:
    sides = (("the record's", one.record_changed), ("the entry's", one.entry_changed))
    changed = " and ".join(f"{whose} {', '.join(parts)}" for whose, parts in sides if parts)
    what = f"it is “{one.decided.entry_name}”" if one.same else f"“{one.decided.entry_name}” is another place"
    return f"A reviewer decided on {one.decided.ruling.on} that {what}; {changed} changed since, so it is asked again."
