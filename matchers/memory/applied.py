"""Which remembered decisions speak of the records at hand, and what changed since they were taken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

from geodata.index import PlaceIndex
from matchers.memory.decisions import Answer, Decided, Memory, codes_of, rows_of
from matchers.memory.facts import UNITS, Facts, facts_of
from matchers.records import Records

Pair: TypeAlias = tuple[int, int]  # a record and a row of the list

#: An entry of which neither is as it was then is another one under an old identifier: it keeps no confirmed name.
_RECOGNISED_BY = frozenset({"names", "location"})


class Applied(NamedTuple):
    """One decision about a record at hand and an entry of the list, and what changed since."""

    decided: Decided
    record_changed: tuple[str, ...]
    entry_changed: tuple[str, ...]

    @property
    def stands(self) -> bool:
        """Whether both sides still say what they said."""
        return not self.record_changed and not self.entry_changed

    @property
    def same(self) -> bool:
        """Whether it was decided that they are one place."""
        return self.decided.ruling.answer is Answer.SAME


def apply(memory: Memory, records: Records, index: PlaceIndex) -> tuple[dict[Pair, Applied], tuple[Pair, ...]]:
    """Return the decisions about pairs at hand, and the confirmed names as (position in `Records.names`, row).

    A decision speaks of the record it was taken about, and of one that says exactly the same. A name that people
    confirmed for an entry speaks of every record that bears it. An entry that was recoded is found under its later
    code. Of entries the list has no more, nothing is said.
    """
    if not memory:
        return {}, ()
    at_hand = _AtHand(memory, records)
    numbers = sorted({*at_hand.own, *at_hand.bearing})  # as taken, so that the latest about a pair holds
    said = [memory.decisions[number] for number in numbers]
    codes = [codes_of(decided.ruling.official_id, memory.recodings) for decided in said]
    entry_of = rows_of(index.places, [code for known in codes for code in known])
    rows = sorted(set(entry_of.values()))
    entries = dict(zip(rows, facts_of(index.places, rows), strict=True))
    applied: dict[Pair, Applied] = {}
    aliases: set[Pair] = set()
    for number, decided, known in zip(numbers, said, codes, strict=True):
        row = next((entry_of[code] for code in known if code in entry_of), None)
        if row is None:
            continue
        since = _since(entries[row], decided, recoded=index.places.ids[row] != decided.ruling.official_id)
        for record, changed in at_hand.spoken_of(number):
            applied[record, row] = Applied(decided, changed, since)
        if decided.ruling.answer is Answer.SAME and not set(since) >= _RECOGNISED_BY:
            aliases.update((name, row) for name in at_hand.bearing.get(number, ()))
    return applied, tuple(sorted(aliases))


def _since(entry: Facts, decided: Decided, *, recoded: bool) -> tuple[str, ...]:
    """Return what changed of an entry. A new code comes with another unit above, and is the same place for all that."""
    changed = entry.changed(decided.entry)
    return tuple(part for part in changed if part != UNITS) if recoded else changed


@dataclass(frozen=True)
class _AtHand:
    memory: Memory
    records: Records

    def spoken_of(self, number: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the records a decision speaks of, each with what it says otherwise than then."""
        decided, own = self.memory.decisions[number], self.own.get(number, ())
        bearers = {int(self.records.name_rows[name]) for name in self.bearing.get(number, ())}
        for record in sorted(bearers.union(own)):
            changed = self.facts[record].changed(decided.record)
            if record in own or not changed:
                yield record, changed

    @cached_property
    def own(self) -> dict[int, list[int]]:
        """By decision, the records it was taken about."""
        found: dict[int, list[int]] = defaultdict(list)
        for record, record_id in enumerate(self.records.places.ids):
            for number in self.memory.by_record.get(record_id, ()):
                found[number].append(record)
        return found

    @cached_property
    def bearing(self) -> dict[int, list[int]]:
        """By decision, the positions in `Records.names` of names that its record bore."""
        names = self.records.names
        of_form = [self.memory.by_name.get(part.key, ()) if part.core else () for part in names.parts]
        found: dict[int, list[int]] = defaultdict(list)
        for name, (which, operator) in enumerate(
            zip(names.which.tolist(), self.records.is_operator.tolist(), strict=True)
        ):
            for number in () if operator else of_form[which]:
                found[number].append(name)
        return found

    @cached_property
    def facts(self) -> dict[int, Facts]:
        """What each record says that a decision may speak of."""
        own = (record for records in self.own.values() for record in records)
        bearing = (int(self.records.name_rows[name]) for names in self.bearing.values() for name in names)
        rows = sorted({*own, *bearing})
        return dict(zip(rows, facts_of(self.records.places, rows), strict=True))
