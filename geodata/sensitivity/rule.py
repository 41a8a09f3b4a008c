"""A rule: which communities call for which class, by group, country, kind of place and what drives their exclusion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from geodata.kinds import BROADER, kind_of, lineage
from geodata.names.folding import fold
from geodata.taxonomy import SensitivityClass


@dataclass(frozen=True, slots=True)
class Subject:
    """What a rule may look at of one community."""

    country: str | None = None  # ISO 3166-1 alpha-3; None: not known, so that every country's rules hold
    kind: str | None = None  # of place, as written
    drivers: tuple[str, ...] = ()  # why it is left out, or what happened there, as written
    groups: frozenset[str] = frozenset()  # ids of the taxonomy, broader groups among them


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of a policy file. What it does not name may be anything; what it names has to hold together."""

    id: str
    label: str
    sensitivity: SensitivityClass
    why: str
    groups: frozenset[str] = frozenset()  # any of these
    countries: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()  # terms of `geodata.kinds`, or words of the kind as written, folded
    drivers: frozenset[str] = frozenset()  # words of a driver as written, folded

    def holds(self, subject: Subject) -> bool:
        """Return whether a community is one of those it speaks of."""
        return (
            (not self.countries or subject.country in {None, *self.countries})
            and (not self.groups or not self.groups.isdisjoint(subject.groups))
            and (not self.kinds or _is_a(subject.kind, self.kinds))
            and (not self.drivers or any(_says(text, self.drivers) for text in subject.drivers))
        )

    def covers(self, other: Rule) -> bool:
        """Return whether it holds wherever another does."""
        criteria = ((getattr(self, name), getattr(other, name)) for name in ("groups", "countries", "kinds", "drivers"))
        return all(not mine or (theirs and theirs <= mine) for mine, theirs in criteria)

    @property
    def terms(self) -> dict[str, list[str]]:
        """What it names, in order, without what may be anything."""
        named = {name: sorted(getattr(self, name)) for name in ("groups", "countries", "kinds", "drivers")}
        return {name: said for name, said in named.items() if said}


def highest(rules: Iterable[Rule], subject: Subject) -> SensitivityClass:
    """Return the highest class that a rule calls for, S0 where none holds."""
    return max((rule.sensitivity for rule in rules if rule.holds(subject)), default=SensitivityClass.S0)


def _is_a(kind: str | None, wanted: frozenset[str]) -> bool:
    term = kind_of(kind)
    if term is not None and not wanted.isdisjoint(lineage(term)):
        return True
    return kind is not None and _says(kind, wanted - BROADER.keys())


def _says(text: str, phrases: frozenset[str]) -> bool:
    """Return whether one of some folded phrases stands in a text, word for word or in the plural."""
    words = _words(text)
    return any(_stands(tuple(phrase.split()), words) for phrase in phrases)


def _stands(phrase: Sequence[str], words: Sequence[str]) -> bool:
    size, plural = len(phrase), (*phrase[:-1], f"{phrase[-1]}s")
    return any(tuple(words[start : start + size]) in {tuple(phrase), plural} for start in range(len(words) - size + 1))


@lru_cache(maxsize=20_000)
def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(text.replace("_", " ")).split())
