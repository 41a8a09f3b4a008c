"""The `[coverage.groups]` table of a manifest: from plain values to `GroupCoverage`, and back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from geodata.section import Section
from geodata.taxonomy.declared import Category, Correspondence, GroupCoverage, Relation, Role, Variable, role_of
from geodata.taxonomy.group import Dimension


class InvalidGroups(ValueError):
    """What a manifest says about groups cannot be read; the message names the key and the way to mend it."""


_SECTION = Section("groups", InvalidGroups)


def groups_from(plain: Any) -> GroupCoverage:
    """Read what a manifest says under `[coverage.groups]`. Raises `InvalidGroups`."""
    table = _SECTION.table(plain, "groups", _GROUPS)
    return GroupCoverage(
        variables=tuple(_variable(item) for item in _SECTION.list(table.get("variables", ()), "variables")),
        not_collected=_dimensions(table.get("not_collected", ()), "not_collected"),
        complete=_SECTION.flag(table.get("complete", False), "complete"),
        rows=_SECTION.term(Dimension, table["rows"], "rows") if "rows" in table else None,
        concordance=tuple(_correspondence(item) for item in _SECTION.list(table.get("concordance", ()), "concordance")),
    )


def groups_plain(groups: GroupCoverage) -> dict[str, Any]:
    """Return the same as plain values, sets sorted, what is not declared left out."""
    plain = {
        "variables": [_variable_plain(variable) for variable in groups.variables],
        "not_collected": sorted(groups.not_collected),
        "complete": groups.complete,
        "rows": groups.rows,
        "concordance": [_said(row, relation=row.relation.value) for row in groups.concordance],
    }
    return {key: value.value if isinstance(value, StrEnum) else value for key, value in plain.items() if value}


def _variable_plain(variable: Variable) -> dict[str, Any]:
    categories = [
        _said(category, role=None if category.role is role_of(category.label) else category.role.value)
        for category in variable.categories
    ]
    plain = _said(variable, dimensions=None, collected=None, categories=categories or None)
    return {"dimension": sorted(variable.dimensions), **({} if variable.collected else {"collected": False}), **plain}


def _said(value: Any, **changed: Any) -> dict[str, Any]:
    told = {name: changed.get(name, getattr(value, name)) for name in value.__dataclass_fields__}
    return {name: part for name, part in told.items() if part is not None}


def _variable(plain: Any) -> Variable:
    table = _SECTION.table(plain, "variables", _VARIABLE)
    if "dimension" not in table:
        _SECTION.refuse(f"a variable needs its dimension, one of {', '.join(Dimension)}")
    said = table["dimension"]
    return Variable(
        dimensions=_dimensions([said] if isinstance(said, str) else said, "dimension"),
        title=_SECTION.optional(table, "title"),
        collected=_SECTION.flag(table.get("collected", True), "collected"),
        lowest_level=_SECTION.optional(table, "lowest_level"),
        categories=tuple(_category(item) for item in _SECTION.list(table.get("categories", ()), "categories")),
    )


def _category(plain: Any) -> Category:
    if isinstance(plain, str):
        return Category(_SECTION.text(plain, "categories"), role=role_of(plain))
    table = _SECTION.table(plain, "categories", _CATEGORY)
    label = _SECTION.text(table.get("label"), "label")
    code = table.get("code")
    return Category(
        label=label,
        code=str(code) if isinstance(code, int) and not isinstance(code, bool) else _SECTION.optional(table, "code"),
        group=_SECTION.optional(table, "group"),
        role=_SECTION.term(Role, table["role"], "role") if "role" in table else role_of(label),
        lowest_level=_SECTION.optional(table, "lowest_level"),
    )


def _correspondence(plain: Any) -> Correspondence:
    table = _SECTION.table(plain, "concordance", _CORRESPONDENCE)
    share = table.get("share")
    if share is not None and (isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1):
        _SECTION.refuse(f"share = {share!r} cannot be read; give a number from 0 to 1")
    return Correspondence(
        group=_SECTION.text(table.get("group"), "group"),
        category=_SECTION.text(str(table.get("category", "")), "category"),
        relation=_SECTION.term(Relation, table.get("relation"), "relation"),
        share=None if share is None else float(share),
        source=_SECTION.optional(table, "source"),
        reviewer=_SECTION.optional(table, "reviewer"),
    )


_GROUPS = frozenset({"variables", "not_collected", "complete", "rows", "concordance"})
_VARIABLE = frozenset({"dimension", "title", "collected", "lowest_level", "categories"})
_CATEGORY = frozenset({"label", "code", "group", "role", "lowest_level"})
_CORRESPONDENCE = frozenset({"group", "category", "relation", "share", "source", "reviewer"})


def _dimensions(value: Any, key: str) -> frozenset[Dimension]:
    return frozenset(_SECTION.term(Dimension, item, key) for item in _SECTION.list(value, key))
