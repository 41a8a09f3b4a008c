"""Which records a new release of a list may concern, so that only these are verified again.

A verdict about a record rests on entries, on the ground around it, and on how usual names, kinds and units are in the
whole list. A release concerns a record where

- an entry that came, went or changed weighs otherwise with it, by place, name, unit or boundary;
- one is called much like it, which makes its name less telling, or shares a word with it that became rarer or less so;
- what must hold before it is called absent holds otherwise than before.

For all others only the list as a whole moved: `drift` measures how far, and `matchers.releases.borderline` says which
of them stand so near a threshold that it may carry them across.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np

from geodata.distance import R95_PER_SIGMA
from geodata.index import PlaceIndex
from geodata.places import Places
from matchers.base import OfficialList
from matchers.candidates import Reach, paired, propose
from matchers.features.stems import stems_of
from matchers.judging.preconditions import Neighbourhood
from matchers.model import Ground, Task, weigh, weigh_pairs
from matchers.pairs import Flags, Floats, Rows
from matchers.parameters import Parameters
from matchers.priors import prior_of
from matchers.profile import profile_of
from matchers.records import Records
from matchers.releases.diff import Change, Diff, diff

_FELT = 0.001  # odds against absence from which an entry may move a verdict: a fiftieth of those at the threshold
_ALSO = 0.05  # share by which an entry may weigh otherwise because the whole list moved: a fourteenth of a bit
_ALIKE = 0.88  # resemblance of names from which one more of them makes each less telling
_RARER = 0.25  # bits by which a word must have become rarer or more common to be news
_NEAR = 3.0  # bits of place from which an entry is nearer than others
_TOO_MANY = 1 / 3  # of the list: beyond, everything is compared anew
_NONE = 2.0**-20  # probability below which it makes no difference how much smaller it is


@dataclass(frozen=True)
class Release:
    """Two states of one official list, and what lies between them."""

    before: OfficialList
    after: OfficialList
    parameters: Parameters

    @cached_property
    def diff(self) -> Diff:
        """What changed, entry by entry."""
        return diff(self.before.index.places, self.after.index.places)

    @cached_property
    def whole(self) -> str | None:
        """Why every record has to be compared anew, None where the release concerns only some."""
        profiles = [profile_of(official, self.parameters) for official in (self.before, self.after)]
        claims = [replace(official.coverage, reference_date=None, notes=()) for official in (self.before, self.after)]
        if claims[0] != claims[1]:
            return "the list says otherwise what it covers"
        if profiles[0].list_type != profiles[1].list_type:
            return "the list became one of another type"
        if len(self.diff.entries) > _TOO_MANY * len(self.after.index.places):
            return "too much of the list changed"
        return None

    @property
    def redated(self) -> bool:
        """Whether the list speaks of another day, on which all counts and ages depend."""
        days = [official.coverage.reference_date or official.reference_date for official in (self.before, self.after)]
        return days[0] != days[1]

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Identifiers of the entries that changed, and of the wholes and parts whose sums they change."""
        sides = zip((self.before.index.places, self.after.index.places), self.diff.rows, strict=True)
        found: set[str] = set()
        for places, rows in sides:
            parents = places.texts("parent")
            changed = {places.ids[row] for row in rows}
            names = changed | {places.primary_names[row] for row in rows}
            above = {parents[row] for row in rows} - {None}
            whole = zip(places.ids, places.primary_names, parents, strict=True)
            found |= changed | {own for own, name, parent in whole if parent in names or own in above or name in above}
        return frozenset(found)

    def concerns(self, records: Places) -> Flags:
        """Return which records the release concerns, by the entries that changed and the ground around each."""
        if not self.diff.entries or not len(records):
            return np.zeros(len(records), np.bool_)
        tasks = [Task.of(records, official, self.parameters) for official in (self.before, self.after)]
        grounds = [Ground.of(task) for task in tasks]
        found = _stand(tasks[0], grounds[0]) != _stand(tasks[1], grounds[1])
        concerned = np.asarray(found.any(axis=0)) | self._worded(tasks[0].records)
        asked = zip(tasks, grounds, self._proposed(tasks[0].records, grounds), self._entry_of, strict=True)
        before, after = (_felt(*each) for each in asked)
        felt = before, after
        concerned[_changed(felt, len(self.diff.entries))] = True
        for side in felt:
            concerned[side.record[(side.similarity >= _ALIKE) & self._named_anew[side.entry]]] = True
        return concerned

    def drift(self, records: Places) -> float:
        """Return by how many bits the odds of these records moved at most, though the release does not concern them."""
        if not len(records):
            return 0.0
        sides = [weigh(Task.of(records, official, self.parameters)) for official in (self.before, self.after)]
        odds = [_odds(weighed.posterior.absent) for weighed in sides]
        return float(np.abs(odds[0] - odds[1]).max())

    @cached_property
    def _changed(self) -> PlaceIndex:
        """The entries that changed, as they were and then as they are."""
        before, after = self.diff.rows
        return PlaceIndex.build(Places.concat([self.diff.before.take(before), self.diff.after.take(after)]))

    @cached_property
    def _words(self) -> frozenset[str]:
        """Words that became rarer or more common in the list."""
        one, other = (_rarities(official, self.parameters) for official in (self.before, self.after))
        usual = max((*one.values(), *other.values()), default=0.0)
        return frozenset(
            word for word in one.keys() | other.keys() if abs(one.get(word, usual) - other.get(word, usual)) > _RARER
        )

    def _worded(self, records: Records) -> Flags:
        """Return which records bear a word whose rarity changed."""
        bears = np.array([not self._words.isdisjoint(stems_of(part)) for part in records.names.parts], np.bool_)
        found = np.zeros(len(records.places), np.bool_)
        if len(bears):
            found[records.name_rows[bears[records.names.which]]] = True
        return found

    @cached_property
    def _entry_of(self) -> tuple[dict[int, int], dict[int, int]]:
        """The position of each changed entry, by its row in the earlier and in the later list."""
        sides = [(entry.before, entry.after) for entry in self.diff.entries]
        before, after = (
            {row: at for at, row in enumerate(rows) if row is not None} for rows in zip(*sides, strict=True)
        )
        return before, after

    @cached_property
    def _named_anew(self) -> Flags:
        """Which of the changed entries change how many bear a name."""
        anew = {Change.ADDED, Change.REMOVED, Change.RENAMED}
        return np.array([not anew.isdisjoint(entry.changes) for entry in self.diff.entries], np.bool_)

    def _proposed(self, records: Records, grounds: list[Ground]) -> Iterator[_Proposed]:
        """Yield for either list the pairs with changed entries that place, name, unit or boundary suggests."""
        radius = np.fmax(*(ground.reach.radius_m(self.parameters.geography) for ground in grounds))
        margin = Reach.of(records.places, np.zeros(0), 0.0, self.parameters.geography).citizen_m * R95_PER_SIGMA
        holding = self._changed.areas.holding(records.places.lat, records.places.lon, margin)
        pairs = propose(records, self._changed, radius, holding)
        start = 0
        for rows in self.diff.rows:
            mine = (pairs.row >= start) & (pairs.row < start + len(rows))
            yield _Proposed(pairs.record[mine], np.array(rows, np.int64)[pairs.row[mine] - start])
            start += len(rows)


class _Proposed(NamedTuple):
    """Pairs of a record and a row of one list."""

    record: Rows
    row: Rows


class _Felt(NamedTuple):
    """How much changed entries weigh with records in one list; columns by pair."""

    record: Rows
    entry: Rows  # position in the entries of the diff
    odds: Floats  # against absence
    similarity: Floats  # of the names, 0..1; NaN where a side has none


def _stand(task: Task, ground: Ground) -> Flags:
    """Return what must hold before each record is called absent, one row for each condition."""
    around = Neighbourhood.of(task, ground)
    return np.stack(
        (around.unit_listed, around.parent_listed, around.silent, around.enclosed, around.near, around.vague)
    )


def _felt(task: Task, ground: Ground, proposed: _Proposed, entry_of: Mapping[int, int]) -> _Felt:
    """Weigh some pairs; `entry_of` is the entry of the diff by the row of this list."""
    places = task.official.index.places
    pairs = paired(proposed.record, proposed.row, (task.records.places, places))
    evidence = weigh_pairs(task, pairs, ground)
    q = prior_of(task.official.coverage.completeness, task.profile.list_type, task.parameters.absence)
    # An entry of an unlike name that is no nearer than many weighs as much among those that are not proposed.
    elsewhere = np.where(evidence.features[1].bits > _NEAR, 0.0, task.parameters.names.m_unlike)
    ratio = np.abs(np.exp2(evidence.bits) - elsewhere * np.exp2(evidence.geographic))
    odds = ratio * (1 - q) / (max(q, _NONE) * max(len(places), 1))
    entry = np.array([entry_of[row] for row in pairs.row.tolist()], np.int64)
    return _Felt(pairs.record, entry, odds, evidence.name.similarity)


def _changed(felt: tuple[_Felt, _Felt], entries: int) -> Rows:
    """Return the records with which changed entries weigh otherwise than before."""
    before, after = (side.record * entries + side.entry for side in felt)
    keys, at = np.unique(np.concatenate((before, after)), return_inverse=True)
    odds = [np.bincount(at[: len(before)], felt[0].odds, minlength=len(keys))]
    odds.append(np.bincount(at[len(before) :], felt[1].odds, minlength=len(keys)))
    apart = np.abs(odds[0] - odds[1])
    apart[apart < _ALSO * np.fmax(*odds)] = 0.0  # as the whole list moved
    weight = np.bincount(keys // entries, apart)
    return np.flatnonzero(weight >= _FELT)


def _rarities(official: OfficialList, parameters: Parameters) -> dict[str, float]:
    """Return how rare each word is in a list, in bits."""
    rarity = profile_of(official, parameters).rarity
    return dict(zip(rarity.words, np.log2(rarity.word_chance).tolist(), strict=True))


def _odds(absent: Floats) -> Floats:
    """Return log2 odds of absence."""
    safe = np.clip(absent, _NONE, 1 - _NONE)
    return np.asarray(np.log2(safe / (1 - safe)))
