"""What each feature of a pair says, in one plain sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz.distance import OSA

from geodata.distance import R95_PER_SIGMA
from geodata.names.folding import fold
from matchers.model import Task, Weighed

_COUNTING = ("no", "one letter", "two letters", "three letters")


@dataclass(frozen=True)
class Speaker:
    """Words for the evidence of one comparison."""

    task: Task
    weighed: Weighed

    def evidence(self, pair: int) -> list[dict[str, Any]]:
        """Return the evidence of one pair as structs of `matchers.base.CANDIDATES`."""
        said = (self.name(pair), self.place(pair), self.admin(pair), self.kind(pair), self.qualifier(pair))
        return [
            {
                "feature": feature.name,
                "level": feature.label(pair),
                "bits": round(float(feature.bits[pair]), 6) + 0.0,
                "citizen": mine,
                "official": theirs,
                "sentence": sentence,
            }
            for feature, (mine, theirs, sentence) in zip(self.weighed.features, said, strict=True)
            if feature.name != "qualifier" or feature.level[pair]
        ]

    def name(self, pair: int) -> tuple[str | None, str | None, str]:
        """Return both names and how they differ."""
        found = self.weighed.name
        mine, theirs = int(found.citizen_name[pair]), int(found.official_name[pair])
        if mine < 0:
            return None, None, "No names can be compared"
        records, index = self.task.records, self.task.official.index
        a, b = records.names.texts[records.names.which[mine]], index.names.texts[index.names.which[theirs]]
        sentence = self._name_sentence(found.feature.label(pair), (mine, theirs), a if a == b else f"{a} / {b}")
        if records.is_operator[mine]:
            sentence = f"Taking the name of the operator: {sentence[0].lower()}{sentence[1:]}"
        return a, b, sentence

    def _name_sentence(self, level: str, at: tuple[int, int], both: str) -> str:
        mine, theirs = self.task.records.names[at[0]], self.task.official.index.names[at[1]]
        fixed = {
            "exact": f"The names are the same: {both}",
            "number_conflict": f"The numbers differ: {both}",
            "modifier_conflict": f"The names say opposite things: {both}",
            "one_sided": f"Only one of the names carries a number, direction or the like: {both}",
            "unlike": f"The names are not alike: {both}",
        }
        if level in fixed:
            return fixed[level]
        if level == "shared_words":
            shared = [
                word for word in mine.core.split() if word.rstrip("s") in {w.rstrip("s") for w in theirs.core.split()}
            ]
            return f"The names share “{' '.join(shared)}”: {both}"
        edits = OSA.distance(mine.letters, theirs.letters)
        if 0 < edits < len(_COUNTING):
            return f"The names differ by {_COUNTING[edits]}: {both}"
        return f"The names are similar: {both}"

    def place(self, pair: int) -> tuple[str | None, str | None, str]:
        """Return how far apart the two lie, and how sure either location is."""
        pairs, level = self.weighed.pairs, self.weighed.features[1].label(pair)
        record, row = int(pairs.record[pair]), int(pairs.row[pair])
        if level == "inside":
            return None, None, "The location lies inside its official boundary"
        if level == "edge":
            return None, None, "The location lies just outside its official boundary, within its uncertainty"
        if level == "outside":
            return None, None, "The location lies outside its official boundary"
        if level == "not_available":
            silent = "record" if np.isnan(self.task.records.places.lat[record]) else "list"
            return None, None, f"The {silent} gives no coordinates"
        radii = self.weighed.reach.citizen_m[record], self.weighed.reach.official_m[row]
        ours, theirs = (f"{radius * R95_PER_SIGMA / 1000:.2f}" for radius in radii)
        apart = f"{pairs.distance_m[pair] / 1000:.2f} km apart"
        return (
            f"± {ours} km",
            f"± {theirs} km",
            f"{apart}; the two locations are uncertain by {ours} and {theirs} km",
        )

    def admin(self, pair: int) -> tuple[str | None, str | None, str]:
        """Return the finest unit both sides name."""
        record, row = int(self.weighed.pairs.record[pair]), int(self.weighed.pairs.row[pair])
        mine, theirs = self._units(0, record), self._units(1, row)
        for unit in self.task.profile.units:
            a, b = mine.get(unit.column), theirs.get(unit.column)
            if a is None or b is None:
                continue
            level = self.weighed.features[2].label(pair)
            if level == "same":
                return a, b, f"Both lie in {unit.column} {a}"
            nearby = ", within the same larger unit" if level == "sibling" else ""
            return a, b, f"The record says {unit.column} {a}, the list {unit.column} {b}{nearby}"
        return None, None, "No administrative unit can be compared"

    def kind(self, pair: int) -> tuple[str | None, str | None, str]:
        """Return both kinds."""
        mine = self.task.records.kinds[int(self.weighed.pairs.record[pair])]
        theirs = self.task.profile.kinds.by_row[int(self.weighed.pairs.row[pair])]
        if mine is None or theirs is None:
            return mine, theirs, "The kinds of place cannot be compared"
        if mine == theirs:
            return mine, theirs, f"Both are a {spoken(mine)}"
        return mine, theirs, f"The record says {spoken(mine)}, the list {spoken(theirs)}"

    def qualifier(self, pair: int) -> tuple[str | None, str | None, str]:
        """Return what stands in brackets behind the official name."""
        listed, row = self.task.profile.qualifiers, int(self.weighed.pairs.row[pair])
        theirs = listed.texts[int(listed.row[row])] if listed.row[row] >= 0 else ""
        agree = "agrees with" if self.weighed.features[4].label(pair) == "same" else "contradicts"
        return None, theirs, f"What the list adds in brackets, {theirs}, {agree} what the record says"

    def _units(self, side: int, row: int) -> dict[str, str]:
        table = (self.task.records.places, self.task.official.index.places)[side].table
        admin, country = (table.column(name)[row].as_py() for name in ("admin", "country"))
        units = {fold(header): value for header, value in admin or () if value}
        return {"country": country, **units} if country else units


def spoken(term: str) -> str:
    """Return a term of a vocabulary as words."""
    return term.replace("_", " ")
