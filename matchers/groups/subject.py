"""The two sides of a comparison of groups: what a record says about groups, and what a list says about them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geodata.coverage import CoverageManifest
from geodata.kinds import fineness
from geodata.taxonomy import Dimension
from geodata.taxonomy.declared import Category, GroupCoverage, Role, Variable, role_of
from geodata.taxonomy.naming import name_key

Count = Mapping[str, Any]  # a struct of `geodata.places.COUNT`

_COUNTRYWIDE = frozenset({"national", "nation", "country", "countrywide"})


@dataclass(frozen=True, slots=True)
class Claim:
    """What a record says about groups."""

    labels: tuple[str, ...]  # who lives there, as written
    country: str | None
    counts: Sequence[Count] = ()
    itself: bool = False  # the record is about a group, so that counts of nobody in particular are the group's


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says about groups where the record was found in it."""

    coverage: CoverageManifest
    counts: Sequence[Count] = ()  # of the entry that was matched
    level: str | None = None  # of that entry, in the publisher's word
    rows: tuple[Cell, ...] | None = None  # of a list whose rows are groups, its categories

    @property
    def declared(self) -> GroupCoverage:
        """What the manifest declares about groups; nothing where it is silent."""
        return self.coverage.groups or GroupCoverage()


@dataclass(frozen=True, slots=True)
class Cell:
    """A category of a list, its variable, and what is published of it for the entry."""

    category: Category
    variable: Variable | None = None  # None: not declared, but published for the entry
    counts: tuple[Count, ...] = ()

    @property
    def numbers(self) -> list[float]:
        """The numbers published for it."""
        return [float(count["value"]) for count in self.counts if count["value"] is not None]

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """Where only bounds are published, as "<10", between which numbers the count lies."""
        return [
            (float(count["low"] or 0), float(count["high"]))
            for count in self.counts
            if count["value"] is None and count["high"] is not None
        ]

    @property
    def suppressed(self) -> bool:
        """Whether the number is withheld without so much as a bound."""
        withheld = any(count["status"] == "suppressed" for count in self.counts)
        return withheld and not self.numbers and not self.bounds

    @property
    def published_at(self) -> str | None:
        """The lowest level it is published for, None where that is not said."""
        own = self.category.lowest_level
        return own if own is not None or self.variable is None else self.variable.lowest_level


def cells_of(listed: Listed) -> tuple[Cell, ...]:
    """Return the categories of a list with what is published of each for the entry: those declared, then others."""
    return tuple(_cells(listed)) if listed.rows is None else listed.rows


def _cells(listed: Listed) -> Iterator[Cell]:
    by_key: dict[str, list[Count]] = {}
    for count in listed.counts:
        if count["group"]:
            by_key.setdefault(name_key(count["group"]).key, []).append(count)
    taken: set[str] = set()
    for variable in listed.declared.variables:
        for category in variable.categories if variable.collected else ():
            keys = {name_key(name).key for name in (category.label, category.code) if name}
            taken |= keys
            yield Cell(category, variable, tuple(count for key in sorted(keys) for count in by_key.get(key, ())))
    for key, counts in by_key.items():
        if key not in taken:
            label = counts[0]["group"]
            yield Cell(Category(label, role=role_of(label)), None, tuple(counts))


def below(level: str | None, published: str | None) -> bool:
    """Return whether a level is finer than the lowest one something is published for; False where that is not known."""
    fine, coarse = _fineness(level), _fineness(published)
    return -1 not in {fine, coarse} and fine > coarse


def _fineness(level: str | None) -> int:
    return 0 if level is not None and level.strip().casefold() in _COUNTRYWIDE else fineness(level)


def asked(cells: Sequence[Cell], dimension: Dimension | None) -> tuple[Cell, ...]:
    """Return the cells of the question a dimension is told apart by, with those that belong to no declared question."""
    return tuple(cell for cell in cells if cell.variable is None or dimension in cell.variable.dimensions)


def residual(cells: Sequence[Cell], role: Role) -> float | None:
    """Return what a question counts as "other", or as not stated, beside its groups; None where it publishes none."""
    numbers = [number for cell in cells if cell.category.role is role for number in cell.numbers[:1]]
    return sum(numbers) if numbers else None
