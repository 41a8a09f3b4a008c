"""What each feature of a candidate says, in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from rapidfuzz.distance import OSA

from geodata.distance import R95_PER_SIGMA
from geodata.index.entries import Entry, entries_of
from geodata.kinds import kind_of, lineage
from geodata.names import NameForm
from matchers.model import Task, Weighed

_COUNTING = ("no", "one letter", "two letters", "three letters")
_NAME = {
    "exact": "The names are the same: {}",
    "number_conflict": "The numbers differ: {}",
    "modifier_conflict": "The names say opposite things: {}",
    "one_sided": "Only one of the names carries a number, direction or the like: {}",
    "unlike": "The names are not alike: {}",
    "alias": "People confirmed that the one is a name of the other: {}",
}
_CONFIRMED = "A reviewer decided that they are one place"
_QUALIFIER, _SIZE, _DECISION = 4, 5, 6  # positions of features; the last only where a decision is remembered
_PLACE = {
    "inside": "The location lies inside its official boundary",
    "edge": "The location lies nearer to its official boundary than it is certain, so on either side of it",
    "outside": "The location lies outside its official boundary",
}


class Evidence(NamedTuple):
    """One feature of one candidate, the fields of `matchers.base.CANDIDATES`."""

    feature: str
    level: str
    bits: float
    citizen: str | None
    official: str | None
    sentence: str


Said = tuple[str | None, str | None, str]  # what the record says, what the list says, and the sentence


@dataclass(frozen=True)
class Speaker:
    """Words for the shortlist of one comparison; columns by its positions."""

    task: Task
    names: list[tuple[int, int]]  # the names compared, as positions of distinct names on either side; -1 where none
    by_operator: list[bool]
    level: list[list[str]]  # by feature
    bits: list[list[float]]  # by feature
    record: list[int]
    row: list[int]
    apart_km: list[float]
    r95_km: list[tuple[float, float]]
    units: tuple[list[dict[str, str]], list[dict[str, str]]]  # by record, and by position: column -> as written
    level_word: list[str | None]  # the publisher's own word for the level

    @classmethod
    def of(cls, task: Task, weighed: Weighed) -> Speaker:
        """Read what the sentences need off the columns."""
        short, records, index = weighed.shortlist, task.records, task.official.index
        mine, theirs = weighed.name.citizen_name[short.pair], weighed.name.official_name[short.pair]
        named = mine >= 0
        first, second = np.full(len(mine), -1), np.full(len(mine), -1)
        first[named], second[named] = records.names.which[mine[named]], index.names.which[theirs[named]]
        operator = np.zeros(len(mine), np.bool_)
        operator[named] = records.is_operator[mine[named]]
        sigmas = weighed.reach.citizen_m[short.record], weighed.reach.official_m[short.row]
        country, admin, level = (index.places.column(name).take(short.row) for name in ("country", "admin", "level"))
        return cls(
            task=task,
            names=list(zip(first.tolist(), second.tolist(), strict=True)),
            by_operator=operator.tolist(),
            level=[feature.labels(short.pair) for feature in weighed.features],
            bits=[[round(bit, 6) + 0.0 for bit in feature.bits[short.pair].tolist()] for feature in weighed.features],
            record=short.record.tolist(),
            row=short.row.tolist(),
            apart_km=(weighed.pairs.distance_m[short.pair] / 1000).tolist(),
            r95_km=list(zip(*((sigma * R95_PER_SIGMA / 1000).tolist() for sigma in sigmas), strict=True)),
            units=(
                _units(records.places.texts("country"), records.units),
                _units(country.to_pylist(), entries_of(admin)),
            ),
            level_word=level.to_pylist(),
        )

    def evidence(self) -> list[list[Evidence]]:
        """Return the evidence of every candidate of the shortlist, feature by feature."""
        speakers = (("name", self._name), ("place", self._place), ("admin", self._admin), ("kind", self._kind))
        said = [
            [
                Evidence(name, self.level[feature][at], self.bits[feature][at], *speak(at))
                for feature, (name, speak) in enumerate(speakers)
            ]
            for at in range(len(self.row))
        ]
        for feature, name, speak in self._told_apart():
            for at, level in enumerate(self.level[feature]):
                if level != "not_available":
                    said[at].append(Evidence(name, level, self.bits[feature][at], *speak(at)))
        return said

    def _told_apart(self) -> Iterator[tuple[int, str, Callable[[int], Said]]]:
        """Yield the features that are told only where they say anything."""
        yield _QUALIFIER, "qualifier", self._qualifier
        yield _SIZE, "size", self._size
        if len(self.level) > _DECISION:
            yield _DECISION, "decision", lambda _at: (None, None, _CONFIRMED)

    def forms(self, at: int) -> tuple[NameForm, NameForm] | None:
        """Return the two names that were compared, None where a side has none."""
        mine, theirs = self.names[at]
        return None if mine < 0 else (self.task.records.names.parts[mine], self.task.official.index.names.parts[theirs])

    def written(self, at: int) -> tuple[str, str] | None:
        """Return the two names that were compared as written, None where a side has none."""
        mine, theirs = self.names[at]
        return None if mine < 0 else (self.task.records.names.texts[mine], self.task.official.index.names.texts[theirs])

    def _name(self, at: int) -> Said:
        both = self.forms(at)
        if both is None:
            return None, None, "No names can be compared"
        mine, theirs = self.names[at]
        a, b = self.task.records.names.texts[mine], self.task.official.index.names.texts[theirs]
        sentence = _of_names(self.level[0][at], both).format(a if a == b else f"{a} / {b}")
        if self.by_operator[at]:
            sentence = f"Taking the name of the operator: {sentence[0].lower()}{sentence[1:]}"
        return a, b, sentence

    def _place(self, at: int) -> Said:
        level = self.level[1][at]
        if level in _PLACE:
            return None, None, f"{_PLACE[level]} (as of {self.task.official.vintage})"
        if level == "not_available":
            silent = "record" if np.isnan(self.task.records.places.lat[self.record[at]]) else "list"
            return None, None, f"The {silent} gives no coordinates"
        ours, theirs = (f"{r95:.2f}" for r95 in self.r95_km[at])
        apart = f"{self.apart_km[at]:.2f} km apart; the two locations are uncertain by {ours} and {theirs} km"
        return f"± {ours} km", f"± {theirs} km", apart

    def _admin(self, at: int) -> Said:
        mine, theirs = self.units[0][self.record[at]], self.units[1][at]
        for unit in self.task.profile.units:
            a, b = mine.get(unit.column), theirs.get(unit.column)
            if a is None or b is None:
                continue
            level = self.level[2][at]
            if level == "same":
                return a, b, f"Both lie in {unit.column} {a}"
            nearby = ", within the same larger unit" if level == "sibling" else ""
            return a, b, f"The record says {unit.column} {a}, the list {unit.column} {b}{nearby}"
        return None, None, "No administrative unit can be compared"

    def _kind(self, at: int) -> Said:
        mine, theirs = self.task.records.kinds[self.record[at]], self.task.profile.kinds.of_row(int(self.row[at]))
        if mine is None or theirs is None:
            return mine, theirs, "The kinds of place cannot be compared"
        if mine == theirs:
            return mine, theirs, f"Both are a {spoken(mine)}"
        return mine, theirs, f"The record says {spoken(mine)}, the list {_own_word(self.level_word[at], theirs)}"

    def _qualifier(self, at: int) -> Said:
        listed = self.task.profile.qualifiers
        theirs = listed.texts[int(listed.row[self.row[at]])]
        agree = "agrees with" if self.level[_QUALIFIER][at] == "same" else "contradicts"
        return None, theirs, f"What the list adds in brackets, {theirs}, {agree} what the record says"

    def _size(self, at: int) -> Said:
        mine, theirs = self.task.records.sizes.log, self.task.profile.sizes.log
        record, row = self.record[at], self.row[at]
        both = sorted(mine.keys() & theirs.keys())
        unit = next(unit for unit in both if np.isfinite(mine[unit][record] - theirs[unit][row]))
        own, listed = (f"{np.exp(log[unit][place]):,.0f}" for log, place in ((mine, record), (theirs, row)))
        return own, listed, f"The record says {own} {unit}, the list {listed}"


def spoken(term: str) -> str:
    """Return a term of a vocabulary as words."""
    return term.replace("_", " ")


def _own_word(level: str | None, kind: str) -> str:
    """Return the publisher's own word for the level where it says the kind of unit or settlement, else our term."""
    of_level = lineage(kind)[-1] in {"settlement", "administrative_unit"}
    return level if level is not None and of_level and kind_of(level) == kind else spoken(kind)


def _of_names(level: str, both: tuple[NameForm, NameForm]) -> str:
    """Return the sentence about two names, with a gap where they stand."""
    if level in _NAME:
        return _NAME[level]
    mine, theirs = both
    if level == "shared_words":
        stems = {word.rstrip("s") for word in theirs.core.split()}
        return f"The names share “{' '.join(word for word in mine.core.split() if word.rstrip('s') in stems)}”: {{}}"
    edits = OSA.distance(mine.letters, theirs.letters)
    if 0 < edits < len(_COUNTING):
        return f"The names differ by {_COUNTING[edits]}: {{}}"
    return "The names are similar: {}"


def _units(countries: Iterable[str | None], entries: Iterable[Entry]) -> list[dict[str, str]]:
    """Return the administrative units of each row, its country among them."""
    units = [{"country": country} if country else {} for country in countries]
    for entry in entries:
        if entry.text:
            units[entry.row][entry.header] = entry.text
    return units
