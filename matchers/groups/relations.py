"""The concordance: how each category of a list stands to a group, and by what that is known.

A row of a concordance file goes before the taxonomy, the same words before either: a list that has the record's own
word among its categories counts that group, whether or not anybody wrote it down elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geodata.taxonomy import Group, Taxonomy
from geodata.taxonomy.declared import Category, Correspondence, Relation, Role
from geodata.taxonomy.naming import name_key
from matchers.groups.subject import Cell


@dataclass(frozen=True, slots=True)
class Mapped:
    """A category that holds some of a group, or all of it."""

    cell: Cell
    relation: Relation
    share: float | None  # of the category's people who are of the group, 0..1; None unknown
    basis: str  # by what it is known, one clause

    @property
    def own(self) -> bool:
        """Whether people of the group are told apart in it, at least in part."""
        return self.relation is not Relation.BROADER


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a record's label is taken to mean."""

    label: str  # as written
    country: str | None
    group: Group | None  # None: a group the taxonomy does not know
    also: tuple[Group, ...] = ()  # others it may mean, of which the list says the same


def relate(
    meaning: Meaning, cells: Sequence[Cell], concordance: Sequence[Correspondence], taxonomy: Taxonomy
) -> tuple[Mapped, ...]:
    """Return the categories that hold people of a group, in the order given."""
    found = (_mapped(meaning, cell, concordance, taxonomy) for cell in cells if cell.category.role is Role.GROUP)
    return tuple(mapped for mapped in found if mapped is not None)


def _mapped(meaning: Meaning, cell: Cell, concordance: Sequence[Correspondence], taxonomy: Taxonomy) -> Mapped | None:
    for row in concordance:
        if _names_category(row, cell.category) and _names_group(row, meaning):
            by = " and ".join(part for part in (row.source, row.reviewer) if part)
            return Mapped(cell, row.relation, row.share, f"by the concordance{f' ({by})' if by else ''}")
    if name_key(cell.category.label).key == name_key(meaning.label).key:
        return Mapped(cell, Relation.EXACT, None, "by its name")
    if meaning.group is None:
        return None
    other = category_group(cell, meaning.country, taxonomy)
    relation = None if other is None else _relation(meaning.group, other, taxonomy)
    return None if relation is None else Mapped(cell, relation, None, "by the taxonomy")


def category_group(cell: Cell, country: str | None, taxonomy: Taxonomy) -> Group | None:
    """Return the group that a category stands for, None where neither manifest nor taxonomy tells."""
    if cell.category.group is not None:
        return taxonomy.get(cell.category.group)
    dimensions = cell.variable.dimensions if cell.variable else frozenset()
    return taxonomy.group_of(cell.category.label, country, dimensions)


def _relation(group: Group, other: Group, taxonomy: Taxonomy) -> Relation | None:
    if other.id == group.id:
        return Relation.EXACT
    if other.id in taxonomy.narrower(group.id):
        return Relation.NARROWER
    if other.id in taxonomy.broader(group.id):
        return Relation.BROADER
    return Relation.OVERLAP if taxonomy.overlap(group.id, other.id) else None


def _names_category(row: Correspondence, category: Category) -> bool:
    return row.category == category.code or name_key(row.category).key == name_key(category.label).key


def _names_group(row: Correspondence, meaning: Meaning) -> bool:
    group = meaning.group
    if group is not None and row.group == group.id:
        return True
    names = [meaning.label, *([name.text for name in group.names] if group else [])]
    return name_key(row.group).key in {name_key(name).key for name in names}
