"""A rule: which terms of which fields give which codes. Rules are data (`rules.toml`, `themes.toml`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from geodata.tags.tag import Basis, Tag, TagKind


class Field(StrEnum):
    """What a rule looks at."""

    KIND = "kind"  # of place, or a broader one
    DIMENSION = "dimension"  # of a group that the record names, by the taxonomy
    GROUP = "group"  # such a group itself, or a broader one
    CITED = "cited"  # a source that the entry of an ethnic group, or a broader one, rests on
    WORD = "word"  # a group's name as declared, where the taxonomy holds no such group
    DRIVER = "driver"
    METHOD = "method"  # of a count
    FLAGGED = "flagged"


class Term(NamedTuple):
    """Something a field may say."""

    field: Field
    said: str


@dataclass(frozen=True)
class Rule:
    """One entry of a rules file: any of the terms is enough, and gives all of the codes."""

    id: str
    label: str
    definition: str
    terms: frozenset[Term]
    gives: tuple[tuple[TagKind, str], ...]
    countries: frozenset[str] = frozenset()  # ISO 3166-1 alpha-3 where it holds; empty: anywhere
    counted: bool = False  # only of groups whose people are counted

    def holds_in(self, country: str | None) -> bool:
        """Return whether the rule holds in a country."""
        return not self.countries or country in self.countries

    def tags(self, basis: Basis) -> frozenset[Tag]:
        """Return the tags it gives on a basis."""
        return self._tags[basis]

    @cached_property
    def _tags(self) -> dict[Basis, frozenset[Tag]]:
        return {basis: frozenset(Tag(code, kind, basis) for kind, code in self.gives) for basis in Basis}


@dataclass(frozen=True, eq=False)
class Rules:
    """All rules of an installation. Immutable; safe to share between threads."""

    rules: tuple[Rule, ...]
    labels: Mapping[TagKind, Mapping[str, str]]  # what codes other than those of the 2030 Agenda are called
    sha256: str  # of the files they were read from
    people: tuple[tuple[str, str, tuple[str, ...]], ...] = ()  # id, label and words of the people declared

    def of(self, term: Term, country: str | None) -> Iterable[Rule]:
        """Return the rules that a term sets off in a country."""
        return (rule for rule in self._by_term.get(term, ()) if rule.holds_in(country))

    @cached_property
    def _by_term(self) -> dict[Term, tuple[Rule, ...]]:
        by_term: dict[Term, list[Rule]] = defaultdict(list)
        for rule in self.rules:
            for term in rule.terms:
                by_term[term].append(rule)
        return {term: tuple(rules) for term, rules in by_term.items()}
