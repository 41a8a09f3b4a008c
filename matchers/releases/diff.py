"""What changed from one release of a list to the next, entry by entry.

Entries are the same by their identifier; one that only got another identifier is recognised (`recoding`), not taken for
a loss and an addition. Rows that say the very same are passed over in whole columns, however long the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import pyarrow as pa

from geodata.distance import haversine_m
from geodata.places import SCHEMA, Places
from matchers.memory.facts import Facts, facts_of
from matchers.releases.recoding import recoded


class Change(StrEnum):
    """What became of an entry. One entry may be recoded, renamed, moved and counted anew at once."""

    ADDED = "added"
    REMOVED = "removed"
    RECODED = "recoded"
    RENAMED = "renamed"
    MOVED = "moved"
    COUNTS_CHANGED = "counts_changed"
    REDESCRIBED = "redescribed"  # its kind, units, groups or other particulars


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry that is not as it was."""

    changes: tuple[Change, ...]
    before: int | None  # row of the earlier list; None: it was not there
    after: int | None  # row of the later list; None: it is not there any more
    moved_m: float | None = None  # how far its point moved, in metres; None where it did not, or had none


@dataclass(frozen=True)
class Diff:
    """All entries that changed between two lists: those of the later list in its order, then those that went."""

    before: Places
    after: Places
    entries: tuple[Entry, ...]

    @cached_property
    def counted(self) -> dict[Change, int]:
        """How many entries each change befell; all changes are named."""
        found = Counter(change for entry in self.entries for change in entry.changes)
        return {change: found[change] for change in Change}

    @cached_property
    def recodings(self) -> dict[str, str]:
        """The later identifier by the earlier one, of entries that only got another."""
        return {
            self.before.ids[entry.before]: self.after.ids[entry.after]
            for entry in self.entries
            if Change.RECODED in entry.changes and entry.before is not None and entry.after is not None
        }

    @property
    def rows(self) -> tuple[list[int], list[int]]:
        """The rows that changed, of the earlier and of the later list."""
        before = [entry.before for entry in self.entries if entry.before is not None]
        return before, [entry.after for entry in self.entries if entry.after is not None]


def diff(before: Places, after: Places) -> Diff:
    """Return what changed from one table of an official list to another; of an identifier listed twice, the first."""
    before, after = (Places(places.table.combine_chunks()) for places in (before, after))
    old, new = _rows(before), _rows(after)
    gone = [row for row_id, row in old.items() if row_id not in new]
    come = [row for row_id, row in new.items() if row_id not in old]
    renumbered = recoded((before, gone), (after, come))
    kept = [(old[row_id], row) for row_id, row in new.items() if row_id in old]
    differing = _differing(before, after, kept) if kept else set()
    pairs = [pair for pair in kept if pair[1] in differing]
    said = _entries(before, after, [*pairs, *renumbered.items()])
    said += [Entry((Change.ADDED,), None, row) for row in come if row not in set(renumbered.values())]
    said.sort(key=lambda entry: entry.after or 0)
    lost = [Entry((Change.REMOVED,), row, None) for row in gone if row not in renumbered]
    return Diff(before, after, (*said, *lost))


def _rows(places: Places) -> dict[str, int]:
    rows: dict[str, int] = {}
    for row, row_id in enumerate(places.ids):
        rows.setdefault(row_id, row)
    return rows


def _differing(before: Places, after: Places, kept: list[tuple[int, int]]) -> set[int]:
    """Return the rows of the later list that say anything else than the earlier one, column by column."""
    one, other = before.take([old for old, _ in kept]), after.take([new for _, new in kept])
    found = {
        at
        for name in SCHEMA.names
        if name not in {"id", "observed"}
        for at in _unequal(one.column(name), other.column(name), 0)
    }
    return {kept[at][1] for at in found}


def _unequal(one: pa.Array, other: pa.Array, start: int) -> list[int]:
    """Return where two columns differ, by halves: equal halves are not looked at again."""
    if one.equals(other):
        return []
    if len(one) == 1:
        return [start]
    half = len(one) // 2
    return _unequal(one[:half], other[:half], start) + _unequal(one[half:], other[half:], start + half)


def _entries(before: Places, after: Places, pairs: list[tuple[int, int]]) -> list[Entry]:
    one, other = before.take([old for old, _ in pairs]), after.take([new for _, new in pairs])
    moved = haversine_m(one.lat, one.lon, other.lat, other.lon).tolist()
    facts = zip(facts_of(one, range(len(pairs))), facts_of(other, range(len(pairs))), strict=True)
    rows = zip(pairs, facts, one.table.to_pylist(), other.table.to_pylist(), moved, strict=True)
    found = []
    for (old, new), sides, first, second, metres in rows:
        changes = _changes(sides, first, second)
        away = metres if Change.MOVED in changes and metres == metres else None  # noqa: PLR0124 - not a number
        found.append(Entry(changes, old, new, away))
    return [entry for entry in found if entry.changes]


def _changes(facts: tuple[Facts, Facts], first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[Change, ...]:
    earlier, later = facts
    particulars = ("kind", "level", "admin", "parent", "country", "groups", "founded", "attributes", "r95_m", "area")
    told = {
        Change.RECODED: first["id"] != second["id"],
        Change.RENAMED: _names(first) != _names(second),
        Change.MOVED: (first["lat"], first["lon"]) != (second["lat"], second["lon"])
        and earlier.location != later.location,
        Change.COUNTS_CHANGED: first["counts"] != second["counts"],
        Change.REDESCRIBED: any(first[name] != second[name] for name in particulars),
    }
    return tuple(change for change, holds in told.items() if holds)


def _names(row: Mapping[str, Any]) -> set[str]:
    return {name["text"] for name in row["names"]}
