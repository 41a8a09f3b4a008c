"""The `[coverage.groups]` table of a manifest: from plain values to `GroupCoverage`, and back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from geodata.taxonomy.declared import Category, Correspondence, GroupCoverage, Relation, Role, Variable, role_of
from geodata.taxonomy.group import Dimension


class InvalidGroups(ValueError):
    """What a manifest says about groups cannot be read; the message names the key and the way to mend it."""


def groups_from(plain: Any) -> GroupCoverage:
    """Read what a manifest says under `[coverage.groups]`. Raises `InvalidGroups`."""
    table = _table(plain, "groups", _GROUPS)
    return GroupCoverage(
        variables=tuple(_variable(item) for item in _list(table.get("variables", ()), "variables")),
        not_collected=_dimensions(table.get("not_collected", ()), "not_collected"),
        complete=_flag(table.get("complete", False), "complete"),
        rows=_dimension(table["rows"], "rows") if "rows" in table else None,
        concordance=tuple(_correspondence(item) for item in _list(table.get("concordance", ()), "concordance")),
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
    table = _table(plain, "variables", _VARIABLE)
    if "dimension" not in table:
        msg = f"groups: a variable needs its dimension, one of {', '.join(Dimension)}"
        raise InvalidGroups(msg)
    said = table["dimension"]
    return Variable(
        dimensions=_dimensions([said] if isinstance(said, str) else said, "dimension"),
        title=_optional(table, "title"),
        collected=_flag(table.get("collected", True), "collected"),
        lowest_level=_optional(table, "lowest_level"),
        categories=tuple(_category(item) for item in _list(table.get("categories", ()), "categories")),
    )


def _category(plain: Any) -> Category:
    if isinstance(plain, str):
        return Category(_text(plain, "categories"), role=role_of(plain))
    table = _table(plain, "categories", _CATEGORY)
    label = _text(table.get("label"), "label")
    code = table.get("code")
    return Category(
        label=label,
        code=str(code) if isinstance(code, int) and not isinstance(code, bool) else _optional(table, "code"),
        group=_optional(table, "group"),
        role=_term(Role, table["role"], "role") if "role" in table else role_of(label),
        lowest_level=_optional(table, "lowest_level"),
    )


def _correspondence(plain: Any) -> Correspondence:
    table = _table(plain, "concordance", _CORRESPONDENCE)
    share = table.get("share")
    if share is not None and (isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1):
        msg = f"groups: share = {share!r} cannot be read; give a number from 0 to 1"
        raise InvalidGroups(msg)
    return Correspondence(
        group=_text(table.get("group"), "group"),
        category=_text(str(table.get("category", "")), "category"),
        relation=_term(Relation, table.get("relation"), "relation"),
        share=None if share is None else float(share),
        source=_optional(table, "source"),
        reviewer=_optional(table, "reviewer"),
    )


_GROUPS = frozenset({"variables", "not_collected", "complete", "rows", "concordance"})
_VARIABLE = frozenset({"dimension", "title", "collected", "lowest_level", "categories"})
_CATEGORY = frozenset({"label", "code", "group", "role", "lowest_level"})
_CORRESPONDENCE = frozenset({"group", "category", "relation", "share", "source", "reviewer"})


def _table(value: Any, key: str, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        msg = f"groups: {key} is to be a table with {', '.join(sorted(known))}"
        raise InvalidGroups(msg)
    if unknown := sorted(set(value) - known):
        msg = f"groups: {', '.join(unknown)} is not known in {key}; known are {', '.join(sorted(known))}"
        raise InvalidGroups(msg)
    return value


def _list(value: Any, key: str) -> list[Any]:
    if not isinstance(value, list | tuple):
        msg = f"groups: {key} is to be a list"
        raise InvalidGroups(msg)
    return list(value)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = f"groups: {key} is to be a text"
        raise InvalidGroups(msg)
    return value.strip()


def _optional(table: Mapping[str, Any], key: str) -> str | None:
    return None if table.get(key) is None else _text(table[key], key)


def _flag(value: Any, key: str) -> bool:
    if not isinstance(value, bool):
        msg = f"groups: {key} is to be true or false"
        raise InvalidGroups(msg)
    return value


def _dimensions(value: Any, key: str) -> frozenset[Dimension]:
    return frozenset(_dimension(item, key) for item in _list(value, key))


def _dimension(value: Any, key: str) -> Dimension:
    found: Dimension = _term(Dimension, value, key)
    return found


def _term(terms: type[StrEnum], value: Any, key: str) -> Any:
    if value not in set(terms):
        msg = f"groups: {key} = {value!r} is not known; give one of {', '.join(terms)}"
        raise InvalidGroups(msg)
    return terms(value)
