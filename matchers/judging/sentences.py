"""What each feature of a candidate says, in one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from rapidfuzz.distance import OSA

from geodata.distance import R95_PER_SIGMA
from geodata.index.entries import entries_at
from geodata.texts import Texts
from matchers.judging.accounts import units_of
from matchers.judging.wording import NAMES, PLACES, Saying, of_edits, of_kinds, of_units, sharing
from matchers.model import Task, Weighed
from matchers.pairs import Flags, Rows
from matchers.picking import picked
from matchers.rounding import rounded

_BITS = 6  # decimals of evidence
_FEW = 32  # texts up to which one by one is quicker
_CONFIRMED = "A reviewer decided that they are one place"
_QUALIFIER, _SIZE, _DECISION = 4, 5, 6  # positions of features; the last only where a decision is remembered


@dataclass(frozen=True)
class Said:
    """What one feature says about some of the shortlist; columns by position among those."""

    feature: str
    at: Rows  # positions in the shortlist
    citizen: Sequence[str | None]  # what the record says
    official: Sequence[str | None]  # what the list says
    sentence: Sequence[str]


@dataclass(frozen=True)
class Speaker:
    """Words for the shortlist of one comparison; columns by its positions."""

    task: Task
    weighed: Weighed
    units: list[dict[str, str]]  # of the records, as written (`matchers.judging.accounts.units_of`)

    @cached_property
    def features(self) -> tuple[Said, ...]:
        """What every feature says; those that few lists know are told only where they say anything."""
        places = range(len(self.weighed.shortlist.row))
        every = np.arange(len(places))
        told = [
            self._column("name", every, map(self._name, places)),
            self._column("place", every, map(self._place, places)),
            self._column("admin", every, map(self._admin, places)),
            self._column("kind", every, map(self._kind, places)),
        ]
        for feature, name, speak in self._told_apart():
            at = np.flatnonzero(self.known(feature))
            told += [self._column(name, at, map(speak, at.tolist()))] if len(at) else []
        return tuple(told)

    @staticmethod
    def _column(feature: str, at: Rows, said: Iterable[Saying]) -> Said:
        citizen, official, sentence = zip(*said, strict=True) if len(at) else ((), (), ())
        return Said(feature, at, citizen, official, sentence)

    def known(self, feature: int) -> Flags:
        """Return for which candidates a feature says anything."""
        of = self.weighed.features[feature]
        return np.asarray(of.level[self.weighed.shortlist.pair] != of.levels.index("not_available"))

    @cached_property
    def levels(self) -> list[list[str]]:
        """The level of each feature, by feature."""
        return [feature.labels(self.weighed.shortlist.pair) for feature in self.weighed.features]

    @cached_property
    def bits(self) -> list[list[float]]:
        """The evidence of each feature, by feature."""
        pair, features = self.weighed.shortlist.pair, self.weighed.features
        return [(rounded(feature.bits[pair], _BITS) + 0.0).tolist() for feature in features]

    def first(self, at: int) -> tuple[str, ...]:
        """Return the sentence on a candidate's names, and that on the other feature that weighs most."""
        heaviest = max(
            (feature for feature in range(1, len(self.levels)) if self.levels[feature][at] != "not_available"),
            key=lambda feature: abs(self.bits[feature][at]),
            default=None,
        )
        name = self.features[0].sentence[at]
        return (name,) if heaviest is None else (name, self._sentence(heaviest, at))

    def written(self, at: int) -> tuple[str, str] | None:
        """Return the two names that were compared as written, None where a side has none."""
        return self._written[at] if self._named[at] else None

    def _sentence(self, feature: int, at: int) -> str:
        if feature < _QUALIFIER:
            return self.features[feature].sentence[at]
        of = next(said for said in self.features if said.feature == self.weighed.features[feature].name)
        return of.sentence[int(np.searchsorted(of.at, at))]

    def _told_apart(self) -> Iterator[tuple[int, str, Callable[[int], Saying]]]:
        """Yield the features that are told only where they say anything."""
        yield _QUALIFIER, "qualifier", self._qualifier
        yield _SIZE, "size", self._size
        if len(self.weighed.features) > _DECISION:
            yield _DECISION, "decision", lambda _at: (None, None, _CONFIRMED)

    @cached_property
    def _which(self) -> tuple[Rows, Rows]:
        """The names compared, as positions of distinct names on either side; of no meaning where a side has none."""
        pair, name = self.weighed.shortlist.pair, self.weighed.name
        sides = (
            (self.task.records.names.which, name.citizen_name[pair]),
            (self.task.official.index.names.which, name.official_name[pair]),
        )
        first, second = (which[np.maximum(at, 0)] if len(which) else np.zeros_like(at) for which, at in sides)
        return first, second

    @cached_property
    def _named(self) -> Flags:
        """Whether there were names to compare."""
        return np.asarray(self.weighed.name.citizen_name[self.weighed.shortlist.pair] >= 0)

    @cached_property
    def _by_operator(self) -> list[bool]:
        mine = self.weighed.name.citizen_name[self.weighed.shortlist.pair]
        operator = self.task.records.is_operator
        own = operator[np.maximum(mine, 0)] if len(operator) else np.zeros(len(mine), np.bool_)
        flags: list[bool] = (own & (mine >= 0)).tolist()
        return flags

    @cached_property
    def _written(self) -> list[tuple[str, str]]:
        """The two names compared as written; of no meaning where a side has none."""
        sides = ((self.task.records.names, 0), (self.task.official.index.names, 1))
        return list(zip(*(_taken(names.texts, self._which[side]) for names, side in sides), strict=True))

    @cached_property
    def _edits(self) -> dict[int, int]:
        """How many edits lie between two names, where the sentence about them says so."""
        told = {*NAMES, "shared_words"}
        named = self._named.tolist()
        at = [at for at, level in enumerate(self.levels[0]) if named[at] and level not in told]
        sides = ((self.task.records.names, 0), (self.task.official.index.names, 1))
        letters = (_taken(names.letters, self._which[side][at]) for names, side in sides)
        return dict(zip(at, map(OSA.distance, *letters), strict=True))

    def _name(self, at: int) -> Saying:
        level, operator, (a, b) = self.levels[0][at], self._by_operator[at], self._written[at]
        if not self._named[at]:
            return None, None, "No names can be compared"
        if level == "shared_words":
            records, listed = self.task.records.names, self.task.official.index.names
            mine, theirs = (int(which[at]) for which in self._which)
            said = sharing(records.parts[mine].core, listed.parts[theirs].core)
        else:
            said = NAMES.get(level) or of_edits(self._edits[at])
        sentence = f"{said}: {a if a == b else f'{a} / {b}'}"
        if operator:
            sentence = f"Taking the name of the operator: {sentence[0].lower()}{sentence[1:]}"
        return a, b, sentence

    def _place(self, at: int) -> Saying:
        level = self.levels[1][at]
        if level in PLACES:
            return None, None, f"{PLACES[level]} (as of {self.task.official.vintage})"
        if level == "not_available":
            silent = "record" if np.isnan(self.task.records.places.lat[self._record[at]]) else "list"
            return None, None, f"The {silent} gives no coordinates"
        km, ours, theirs = self._far[at]
        apart = f"{km:.2f} km apart; the two locations are uncertain by {ours:.2f} and {theirs:.2f} km"
        return f"± {ours:.2f} km", f"± {theirs:.2f} km", apart

    @cached_property
    def _far(self) -> list[tuple[float, float, float]]:
        """How far the locations are apart, and how uncertain those of the record and the list are, in km."""
        short, reach = self.weighed.shortlist, self.weighed.reach
        ours, theirs = reach.citizen_m[short.record], reach.official_m[short.row]
        apart = self.weighed.pairs.distance_m[short.pair] / 1000
        columns = (apart, ours * R95_PER_SIGMA / 1000, theirs * R95_PER_SIGMA / 1000)
        return list(zip(*(column.tolist() for column in columns), strict=True))

    @cached_property
    def _record(self) -> list[int]:
        records: list[int] = self.weighed.shortlist.record.tolist()
        return records

    @cached_property
    def _listed(self) -> tuple[list[dict[str, str]], list[str | None]]:
        """The units of each candidate as written, and the publisher's own word for its level."""
        places, rows = self.task.official.index.places, self.weighed.shortlist.row
        said = entries_at(places.column("admin"), rows)
        return units_of(picked(places.column("country"), rows), said), picked(places.column("level"), rows)

    def _admin(self, at: int) -> Saying:
        mine, theirs = self.units[self._record[at]], self._listed[0][at]
        for unit in self.task.profile.units:
            a, b = mine.get(unit.column), theirs.get(unit.column)
            if a is not None and b is not None:
                return of_units(self.levels[2][at], unit.column, a, b)
        return None, None, "No administrative unit can be compared"

    def _kind(self, at: int) -> Saying:
        mine = self.task.records.kinds[self._record[at]]
        theirs = self.task.profile.kinds.of_row(int(self.weighed.shortlist.row[at]))
        return of_kinds(mine, theirs, self._listed[1][at])

    def _qualifier(self, at: int) -> Saying:
        listed = self.task.profile.qualifiers
        theirs = listed.texts[int(listed.row[self.weighed.shortlist.row[at]])]
        agree = "agrees with" if self.levels[_QUALIFIER][at] == "same" else "contradicts"
        return None, theirs, f"What the list adds in brackets, {theirs}, {agree} what the record says"

    def _size(self, at: int) -> Saying:
        mine, theirs = self.task.records.sizes.log, self.task.profile.sizes.log
        record, row = self._record[at], int(self.weighed.shortlist.row[at])
        both = sorted(mine.keys() & theirs.keys())
        unit = next(unit for unit in both if np.isfinite(mine[unit][record] - theirs[unit][row]))
        own, listed = (f"{np.exp(log[unit][place]):,.0f}" for log, place in ((mine, record), (theirs, row)))
        return own, listed, f"The record says {own} {unit}, the list {listed}"


def _taken(texts: Texts, rows: Rows) -> list[str]:
    """Return the texts at some positions; nothing but empty ones where there are no texts."""
    if len(rows) <= _FEW:
        return [texts[row] for row in rows.tolist()] if len(texts) else [""] * len(rows)
    return texts.take(rows).tolist() if len(texts) else [""] * len(rows)
