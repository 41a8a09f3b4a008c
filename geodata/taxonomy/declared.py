"""What an official list says about the groups it counts: variables, categories, levels, and their concordance.

Declared in the manifest of a list, under `[coverage.groups]`; see `docs/groups.md`. What is not declared is not known,
and nothing is concluded from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from geodata.taxonomy.group import Dimension
from geodata.taxonomy.naming import name_key


class Role(StrEnum):
    """What a category of a variable holds."""

    GROUP = "group"
    OTHER = "other"  # everybody the other categories leave over ("other", not elsewhere classified)
    NOT_STATED = "not_stated"
    TOTAL = "total"


class Relation(StrEnum):
    """How an official category stands to the group a record speaks of."""

    EXACT = "exact"
    NARROWER = "narrower"  # all its people are of the group
    BROADER = "broader"  # it holds the group and others
    OVERLAP = "overlap"  # it holds some of the group, and others


@dataclass(frozen=True, slots=True)
class Category:
    """One answer of a variable, as published."""

    label: str
    code: str | None = None
    group: str | None = None  # id of the taxonomy, where the label does not say it
    role: Role = Role.GROUP
    lowest_level: str | None = None  # where it is published less finely than its variable


@dataclass(frozen=True, slots=True)
class Variable:
    """One question about groups."""

    dimensions: frozenset[Dimension]
    title: str | None = None
    collected: bool = True
    lowest_level: str | None = None  # publisher's word for the lowest level it is published for
    categories: tuple[Category, ...] = ()  # none: not declared


@dataclass(frozen=True, slots=True)
class Correspondence:
    """One row of a concordance: what somebody found out about a group and a category."""

    group: str  # id of the taxonomy, or a label as records write it
    category: str  # code or label
    relation: Relation
    share: float | None = None  # of the category's people who are of the group, 0..1
    source: str | None = None
    reviewer: str | None = None


@dataclass(frozen=True, slots=True)
class GroupCoverage:
    """What one official list says about groups."""

    variables: tuple[Variable, ...] = ()
    not_collected: frozenset[Dimension] = frozenset()  # dimensions that nobody was asked about
    complete: bool = False  # the variables are all there were; else what is not named is not known
    rows: Dimension | None = None  # the rows of the list are themselves categories of this dimension, not places
    concordance: tuple[Correspondence, ...] = ()

    def collected(self, dimension: Dimension) -> bool | None:
        """Return whether a dimension was asked for; None where the list does not say."""
        asked = [variable.collected for variable in self.variables if dimension in variable.dimensions]
        if any(asked) or self.rows == dimension:
            return True
        return False if asked or self.complete or dimension in self.not_collected else None


def role_of(label: str) -> Role:
    """Return what a category holds, told by its label."""
    key = name_key(label).key
    return next((role for role, words in _ROLES.items() if key in words), Role.GROUP)


#: Labels of categories that are no group, as `name_key` has them, in the words of census tables.
_ROLES = {
    Role.OTHER: frozenset(
        (
            *("other", "all other", "any other", "other specify", "other not elsewhere classified", "other nec"),
            *("nec", "n e c", "not elsewhere classified", "rest"),
            *("otro", "otra", "otros", "autre", "outro", "outra", "lainnya", "nyingine"),
        )
    ),
    Role.NOT_STATED: frozenset(
        (
            *("not stated", "unstated", "unknown", "not known", "undeclared", "not declared", "refused", "missing"),
            *("no response", "no answer", "don t know", "dont know", "prefer not to say"),
            *("non declare", "no declarado", "nao declarado", "no especificado", "ignorado", "sin datos"),
        )
    ),
    Role.TOTAL: frozenset(("total", "all", "everybody", "total population")),
}
