"""Tagging: what the fields of one record evidence, by the rules in force. Pure, and never by inference.

A label that neither the taxonomy of groups nor the declared words know gives no tag, nor does a group that is only
probably meant. Names of communities are not among the facts, so that nothing can be concluded from them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geodata.kinds import kind_of, lineage
from geodata.names.folding import fold
from geodata.tags import goals
from geodata.tags.reading import Sheet
from geodata.tags.rule import Field, Rules, Term
from geodata.tags.rules import rules as read_rules
from geodata.tags.rules import spoken
from geodata.tags.tag import Basis, Tag, TagKind
from geodata.taxonomy import Dimension, Taxonomy, in_force


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says in fields that rules may read."""

    country: str | None = None  # ISO 3166-1 alpha-3
    kind: str | None = None
    groups: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()  # groups whose people it counts
    methods: tuple[str, ...] = ()  # by which it counts
    drivers: tuple[str, ...] = ()
    sdg: tuple[str, ...] = ()  # as declared
    flagged: bool = False


def tags_of(facts: Facts, by: Rules | None = None) -> frozenset[Tag]:
    """Return every tag that a field of the record evidences; the same code on two bases is two tags."""
    return _tags_of(facts, by or rules_in_force())


@lru_cache(maxsize=20_000)
def _tags_of(facts: Facts, by: Rules) -> frozenset[Tag]:
    """Return the same; many records say the same of themselves."""
    given: set[Tag] = set()
    for term, basis in _terms(facts):
        if term.field is Field.GROUP:
            given.add(Tag(term.said, TagKind.GROUP, basis))
        for rule in by.of(term, facts.country):
            if basis is not Basis.GROUPS or not rule.counted:
                given |= rule.tags(basis)
    for code in facts.sdg:
        given |= {Tag(code, TagKind.SDG, Basis.SDG), Tag(goals.current(code), TagKind.SDG, Basis.SDG)}
    return frozenset(given)


def codes(tags: frozenset[Tag], kind: TagKind) -> frozenset[str]:
    """Return the codes of one kind among tags."""
    return frozenset(tag.code for tag in tags if tag.kind is kind)


def of_any_flag(by: Rules | None = None) -> frozenset[Tag]:
    """Return the tags that every flag evidences by being one."""
    return tags_of(Facts(flagged=True), by)


def install(*extra: Path) -> None:
    """Make the shipped rules with those of further files the ones in force, in this process, from now on.

    They are read for the groups of people in force then. Raises `InvalidRules`; then those before stay in force.
    """
    sheets = tuple(map(Sheet.of, extra))
    _rules(sheets, in_force())
    _Installed.sheets = sheets


def rules_in_force() -> Rules:
    """Return the rules of this installation, for the groups of people in force."""
    return _rules(_Installed.sheets, in_force())


def digest() -> str:
    """Return the digest of everything tags follow from: with the same one, the same record has the same tags."""
    return _digest(rules_in_force(), in_force())


class _Installed:
    """The further files of this process."""

    sheets: tuple[Sheet, ...] = ()


@lru_cache(maxsize=8)
def _rules(sheets: tuple[Sheet, ...], taxonomy: Taxonomy) -> Rules:
    return read_rules(taxonomy, sheets)


@lru_cache(maxsize=8)
def _digest(by: Rules, taxonomy: Taxonomy) -> str:
    return hashlib.sha256(f"{by.sha256} {taxonomy.sha256}".encode()).hexdigest()[:16]


def _terms(facts: Facts) -> Iterator[tuple[Term, Basis]]:
    if facts.flagged:
        yield Term(Field.FLAGGED, ""), Basis.VERDICT
    kind = kind_of(facts.kind)
    for one in lineage(kind) if kind else ():
        yield Term(Field.KIND, one), Basis.KIND
    for field, basis, phrases in (
        (Field.DRIVER, Basis.DRIVERS, facts.drivers),
        (Field.METHOD, Basis.METHOD, facts.methods),
    ):
        for phrase in phrases:
            yield Term(field, fold(phrase)), basis
    taxonomy = in_force()
    for basis, labels in ((Basis.GROUPS, facts.groups), (Basis.COUNTED, facts.counted)):
        for label in labels:
            for term in _meant(label, facts.country, taxonomy):
                yield term, basis


@lru_cache(maxsize=20_000)
def _meant(label: str, country: str | None, taxonomy: Taxonomy) -> tuple[Term, ...]:
    """Return what the name of a group says to rules: the word itself, and the group that it surely means."""
    said = [Term(Field.WORD, spoken(label))]
    group = taxonomy.group_of(label, country)
    if group is not None:
        said.append(Term(Field.DIMENSION, group.dimension))
        for meant in (group, *map(taxonomy.__getitem__, sorted(taxonomy.broader(group.id)))):
            said.append(Term(Field.GROUP, meant.id))
            if meant.dimension is Dimension.ETHNIC:
                said += [Term(Field.CITED, source.key) for source in meant.sources]
    return tuple(said)
