"""What people decided about pairs of a record and an official entry, so that nobody is asked twice.

"It is that entry" makes the record's names names of the entry; "it is another place" leaves the entry out. Either holds
while both sides say what they said then (`matchers.memory.facts`); what was not shown then was not decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.names import form
from geodata.places import Places
from matchers.memory.facts import Facts, facts_of

#: No entry has another identifier than before.
NO_RECODINGS: Mapping[str, str] = MappingProxyType({})


class Answer(StrEnum):
    """Whether a record and an entry are one place. `unsure` takes an earlier answer back."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Ruling:
    """One decision by identifiers alone."""

    record_id: str
    official_id: str
    answer: Answer
    on: date


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision with what it rests on. A record that says exactly the same later is the same question."""

    ruling: Ruling
    entry_name: str  # as the list wrote it then
    record: Facts
    entry: Facts
    names: tuple[str, ...] = ()  # of the record; where it is that entry, they are names of the entry from then on


@dataclass(frozen=True)
class Memory:
    """The decisions about one list that stand, in the order they were taken."""

    decisions: tuple[Decided, ...] = ()
    recodings: Mapping[str, str] = field(default_factory=dict)  # later identifier of an entry, by the earlier one

    @classmethod
    def of(cls, decisions: Iterable[Decided], recodings: Mapping[str, str] = NO_RECODINGS) -> Memory:
        """Keep what stands of decisions, the oldest first: the latest about each pair, one entry per record.

        `recodings` are the later identifiers of entries that the list has under another one by now.
        """
        latest: dict[tuple[str, str], Decided] = {}
        for decided in decisions:
            ruling = decided.ruling
            if ruling.answer is Answer.SAME:
                latest = {pair: old for pair, old in latest.items() if not _same(old, ruling.record_id)}
            pair = (ruling.record_id, codes_of(ruling.official_id, recodings)[-1])
            latest.pop(pair, None)  # so that the order stays that of the decisions that stand
            latest[pair] = decided
        return cls(tuple(one for one in latest.values() if one.ruling.answer is not Answer.UNSURE), recodings)

    def __bool__(self) -> bool:
        """Return whether anything is remembered."""
        return bool(self.decisions)

    @cached_property
    def by_record(self) -> dict[str, list[int]]:
        """Decisions by the record they were taken about."""
        found: dict[str, list[int]] = {}
        for number, decided in enumerate(self.decisions):
            found.setdefault(decided.ruling.record_id, []).append(number)
        return found

    @cached_property
    def by_name(self) -> dict[str, list[int]]:
        """Decisions by the normal form of each name of their record."""
        found: dict[str, list[int]] = {}
        for number, decided in enumerate(self.decisions):
            for key in dict.fromkeys(key_of(name) for name in decided.names):
                if key:
                    found.setdefault(key, []).append(number)
        return found


NOTHING = Memory()


def codes_of(official_id: str, recodings: Mapping[str, str]) -> list[str]:
    """Return the identifiers an entry had since, its own first."""
    codes = [official_id]
    while (later := recodings.get(codes[-1])) is not None and later not in codes:
        codes.append(later)
    return codes


def key_of(name: str) -> str:
    """Return what names must share to be one name: core, modifiers and number; empty where nothing was written."""
    part = form(name)
    return part.key if part.core else ""


def decide(rulings: Sequence[Ruling], citizen: Places, official: Places) -> list[Decided]:
    """Return decisions resting on what both sides say now. Those about rows that are not there are left out."""
    mine = rows_of(citizen, [ruling.record_id for ruling in rulings])
    theirs = rows_of(official, [ruling.official_id for ruling in rulings])
    known = [ruling for ruling in rulings if ruling.record_id in mine and ruling.official_id in theirs]
    record_rows = [mine[ruling.record_id] for ruling in known]
    entry_rows = [theirs[ruling.official_id] for ruling in known]
    names = [tuple(name["text"] for name in row) for row in citizen.take(record_rows).column("names").to_pylist()]
    listed = official.take(entry_rows).primary_names
    sides = zip(facts_of(citizen, record_rows), facts_of(official, entry_rows), strict=True)
    return [
        Decided(ruling, entry_name, record, entry, own)
        for ruling, entry_name, (record, entry), own in zip(known, listed, sides, names, strict=True)
    ]


def rows_of(places: Places, ids: Sequence[str]) -> dict[str, int]:
    """Return the row of each of these identifiers that is there."""
    wanted = pa.array(ids, pa.string())
    found = np.flatnonzero(pc.is_in(places.column("id"), value_set=wanted).to_numpy(zero_copy_only=False))
    return dict(zip(places.column("id").take(pa.array(found)).to_pylist(), found.tolist(), strict=True))


def _same(decided: Decided, record_id: str) -> bool:
    return decided.ruling.answer is Answer.SAME and decided.ruling.record_id == record_id
