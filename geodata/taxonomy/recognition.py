"""Which group a label means, with a probability: by a name the taxonomy knows, else by spelling.

Each group that the label resembles gets a weight, "none of them" the weight one, and the probability is the share of
the sum. The weights are a design choice: a known name stands 200 to 1, a spelling of resemblance 0.95 30 to 1, and a
group that is not at home in the country a fifteenth of that, so that of two groups of one name the local one is meant.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import numpy as np

from geodata.names import skeleton
from geodata.names.resemblance import Readings, resemblance
from geodata.taxonomy.group import Dimension, Group, GroupName, NameKind
from geodata.taxonomy.naming import name_key, name_parts

#: From here on a label is taken to mean a group without a person's look: 1 - cost_review / cost_false_match.
ACCEPTED = 1 - 0.25 / 3
_KNOWN = 200.0
_ABROAD = 1 / 15
_SPELLING = ((0.95, 30.0), (0.92, 12.0), (0.88, 4.0))  # least resemblance, weight
_SHORT = 5  # letters below which a changed letter is likely to make another name
_LETTERS = 2  # by which a slip of the pen may lengthen or shorten a name
_PART = 0.5  # a label of several names of which one is known

#: Which dimension a name is taken in where it is the name of several (a people and its language).
_ORDER = {dimension: place for place, dimension in enumerate(Dimension)}


class How(StrEnum):
    """By what a label was recognised."""

    LABEL = "label"
    NAME = "name"  # another known name
    RESENTED = "resented"  # a pejorative name, not to be repeated
    PART = "part"  # one of several names in the label
    SPELLING = "spelling"


@dataclass(frozen=True, slots=True)
class Recognised:
    """A group that a label may mean."""

    group: Group
    how: How
    probability: float


@dataclass(frozen=True)
class Recogniser:
    """The names of a taxonomy, ready to be looked up."""

    by_key: Mapping[str, tuple[tuple[Group, GroupName], ...]]
    keys: tuple[str, ...]
    readings: Readings

    @classmethod
    def of(cls, groups: Iterable[Group]) -> Recogniser:
        """Prepare the names of groups."""
        by_key: dict[str, list[tuple[Group, GroupName]]] = defaultdict(list)
        for group in groups:
            for name in group.names:
                if key := name_key(name.text).key:
                    by_key[key].append((group, name))
        keys = tuple(sorted(by_key))
        return cls({key: tuple(found) for key, found in by_key.items()}, keys, Readings.of(keys))

    def recognise(self, label: str, country: str | None, dimensions: frozenset[Dimension]) -> tuple[Recognised, ...]:
        """Return the groups a label may mean, the most probable first.

        Of a people and its language that share a name the one in `dimensions` is meant, else the one that the label's
        own words speak of, else the people.
        """
        return _recognised(self, label, country, dimensions)

    def __hash__(self) -> int:
        """Tell recognisers apart by identity: they are built once and kept."""
        return id(self)

    def weights(self, label: str, country: str | None) -> dict[str, tuple[float, Group, How]]:
        """Return the groups that a label resembles by id, with weight and manner."""
        key = name_key(label).key
        if not key:
            return {}
        if key in self.by_key:
            return _best(((_KNOWN, group, _manner(name)) for group, name in self.by_key[key]), country)
        parts = [part for part in name_parts(label) if name_key(part).key in self.by_key]
        if parts:
            named = [found for part in parts for found in self.by_key[name_key(part).key]]
            return _best(((_KNOWN * _PART, group, How.PART) for group, _ in named), country)
        return _best(self._spelt(key), country)

    def _spelt(self, key: str) -> list[tuple[float, Group, How]]:
        alike = resemblance(Readings.of([key]), self.readings, np.zeros(len(self.keys), np.int64))
        found = []
        for position in np.flatnonzero(alike >= _SPELLING[-1][0]).tolist():
            other = self.keys[position]
            if not _a_slip(key, other):
                continue
            short = min(len(key), len(other)) < _SHORT
            level = next(place for place, (least, _) in enumerate(_SPELLING) if alike[position] >= least) + short
            if level < len(_SPELLING):
                found += [(_SPELLING[level][1], group, How.SPELLING) for group, _ in self.by_key[other]]
        return found


@lru_cache(maxsize=50_000)
def _recognised(
    recogniser: Recogniser, label: str, country: str | None, dimensions: frozenset[Dimension]
) -> tuple[Recognised, ...]:
    found = recogniser.weights(label, country)
    hint = name_key(label).hint

    def place(entry: tuple[float, Group, How]) -> tuple[float, bool, bool, int, str]:
        weight, group, _ = entry
        wanted = not dimensions or group.dimension in dimensions
        return -weight, group.dimension is not hint, not wanted, _ORDER[group.dimension], group.id

    ranked = sorted(found.values(), key=place)
    if not ranked:
        return ()
    # The people and its language are not rivals: they are one name, seen along two dimensions.
    meant = ranked[0]
    ranked = [one for one in ranked if one[1].dimension == meant[1].dimension or one[0] != meant[0]]
    total = 1 + sum(weight for weight, _, _ in ranked)
    return tuple(Recognised(group, how, round(weight / total, 6)) for weight, group, how in ranked)


def _best(found: Iterable[tuple[float, Group, How]], country: str | None) -> dict[str, tuple[float, Group, How]]:
    best: dict[str, tuple[float, Group, How]] = {}
    for weight, group, how in found:
        abroad = country is not None and bool(group.countries) and country not in group.countries
        weighed = weight * _ABROAD if abroad else weight
        if group.id not in best or weighed > best[group.id][0]:
            best[group.id] = (weighed, group, how)
    return best


def _a_slip(one: str, other: str) -> bool:
    """Return whether two spellings may be one name: "women" is no short form of "women in shelters"."""
    sounds = skeleton(one)[:1], skeleton(other)[:1]
    return sounds[0] == sounds[1] and one.count(" ") == other.count(" ") and abs(len(one) - len(other)) <= _LETTERS


def _manner(name: GroupName) -> How:
    return {NameKind.LABEL: How.LABEL, NameKind.PEJORATIVE: How.RESENTED}.get(name.kind, How.NAME)
