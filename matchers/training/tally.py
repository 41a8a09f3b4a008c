"""What pairs known to be true, or thought to be, say: how many at each level, how far apart, how many absent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from geodata.coverage import Completeness
from geodata.places import Places
from matchers.base import OfficialList
from matchers.evaluation.outcomes import Known
from matchers.model import Task, Weighed, weigh
from matchers.pairs import Flags, Rows
from matchers.parameters import Parameters
from matchers.priors import ListType
from matchers.training.levels import SCALES, by_level, column
from matchers.training.locations import Separations

Claim = tuple[Completeness, ListType]  # what a list claims and what it lists: the two that set the prior of absence

_BLOCK = 1_000  # records weighed at once, which bounds memory


@dataclass(frozen=True)
class Labelled:
    """Citizen accounts, the list they are held against, and what is known of each account, if anything."""

    citizen: Places
    official: OfficialList
    known: tuple[Known | None, ...]  # by record

    def only(self, which: Flags) -> Labelled:
        """Return the same with labels on some records only."""
        kept = (one if keep else None for one, keep in zip(self.known, which.tolist(), strict=True))
        return Labelled(self.citizen, self.official, tuple(kept))

    @cached_property
    def labelled(self) -> Flags:
        """Whether each record is labelled."""
        return np.array([one is not None for one in self.known], np.bool_)

    @cached_property
    def absent(self) -> Flags:
        """Whether each record is labelled hidden."""
        return np.array([one is not None and one.hidden for one in self.known], np.bool_)

    @cached_property
    def entries(self) -> list[list[int]]:
        """Rows of the list that each record truly is; none where it is hidden, or nobody noted which."""
        position = {entry: row for row, entry in enumerate(self.official.index.places.ids)}
        named = ([] if one is None else sorted(one.entries) for one in self.known)
        return [[position[entry] for entry in entries if entry in position] for entries in named]


@dataclass(frozen=True)
class Tally:
    """Counts that can be added up over several lists."""

    matches: float = 0.0  # true pairs
    levels: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # feature -> level -> true pairs
    absent: Mapping[Claim, tuple[float, float]] = field(default_factory=dict)  # absent records, and records
    apart: tuple[Separations, ...] = ()

    @classmethod
    def total(cls, parts: Sequence[Tally]) -> Tally:
        """Add up."""
        levels: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        absent: dict[Claim, tuple[float, float]] = {}
        for part in parts:
            for feature, counts in part.levels.items():
                for level, count in counts.items():
                    levels[feature][level] += count
            for kind, (hidden, records) in part.absent.items():
                before = absent.get(kind, (0.0, 0.0))
                absent[kind] = (before[0] + hidden, before[1] + records)
        apart = tuple(separations for part in parts for separations in part.apart)
        return cls(sum(part.matches for part in parts), levels, absent, apart)


def from_labels(known: Labelled, parameters: Parameters) -> Tally:
    """Count the labelled pairs of one list, compared under these parameters.

    A true pair that was never proposed counts as unlike in name, and nowhere else: the model treats it so.
    """
    rows = np.flatnonzero(known.labelled)
    return Tally.total([_of_block(known, rows[at : at + _BLOCK], parameters) for at in range(0, len(rows), _BLOCK)])


def _of_block(known: Labelled, rows: Rows, parameters: Parameters) -> Tally:
    task = Task.of(known.citizen.take(rows), known.official, parameters)
    weighed = weigh(task)
    entries = [known.entries[row] for row in rows.tolist()]
    true = _true_pairs(entries, weighed)
    listed = sum(map(bool, entries))
    learned = {scale.feature for scale in SCALES}
    levels = {
        feature.name: by_level(feature, column(feature)[true], np.ones(len(true)))
        for feature in weighed.features
        if feature.name in learned
    }
    levels["name"]["unlike"] += listed - len(true)
    claim = (known.official.coverage.completeness, task.profile.list_type)
    absent = {claim: (float(known.absent[rows].sum()), float(len(rows)))}
    return Tally(float(listed), levels, absent, (_apart(task, weighed, true),))


def _true_pairs(entries: list[list[int]], weighed: Weighed) -> Rows:
    """Return the pair of each record with its true entry; with the best of them where it has several."""
    pairs, span = weighed.pairs, int(weighed.pairs.row.max(initial=0)) + 1
    true = [at * span + row for at, rows in enumerate(entries) for row in rows if row < span]
    found = np.flatnonzero(np.isin(pairs.record * span + pairs.row, true))
    bits = np.sum([feature.bits[found] for feature in weighed.features], axis=0)
    found = found[np.lexsort((pairs.row[found], -bits, pairs.record[found]))]
    return found[np.flatnonzero(np.diff(pairs.record[found], prepend=-1))]


def _apart(task: Task, weighed: Weighed, true: Rows) -> Separations:
    """Return how far apart the true pairs lie that are compared by distance."""
    pairs, places = weighed.pairs, task.records.places
    place = next(feature for feature in weighed.features if feature.name == "place")
    by_distance = np.array([level in {"within", "beyond", "far"} for level in place.levels])
    true = true[by_distance[place.level[true]]]
    record = pairs.record[true]
    states_none = np.isnan(places.r95_m) & places.column("area").is_null().to_numpy(zero_copy_only=False)
    return Separations(
        metres=pairs.distance_m[true],
        sigma_m=weighed.reach.combined_m(pairs)[true],
        crowd=weighed.around.density_km2[record] / max(len(task.official.index.points.rows), 1),
        unsaid=states_none[record],
    )
