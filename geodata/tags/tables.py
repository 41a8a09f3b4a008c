"""The rules as tables for people, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.tags import goals
from geodata.tags.rule import Field, Rule, Rules
from geodata.tags.tag import TagKind

#: What of a record a term of each kind is found in.
_FOUND_IN = {
    Field.KIND: "`kind`",
    Field.DIMENSION: "`groups`",
    Field.GROUP: "`groups`",
    Field.CITED: "`groups`",
    Field.WORD: "`groups`",
    Field.DRIVER: "`drivers`",
    Field.METHOD: "`counts.method`",
    Field.FLAGGED: "verdict",
}


def tables(by: Rules) -> str:
    """Return the rules, and the themes and seed groups, as two tables."""
    plain = [rule for rule in by.rules if not rule.definition]  # themes and seed groups are defined
    named = [rule for rule in by.rules if rule.definition]
    first = [
        (
            rule.label,
            _found_in(rule),
            _codes(rule, TagKind.SDG),
            _codes(rule, TagKind.DIMENSION),
            _codes(rule, TagKind.FACTOR),
        )
        for rule in plain
    ]
    second = [(_kind(rule), f"`{rule.id}`", rule.label, rule.definition, _found_in(rule)) for rule in named]
    return (
        _table(("what the record says", "in", "goals and indicators", "dimensions", "factors"), first)
        + "\n"
        + _table(("kind", "code", "label", "who", "in"), second)
    )


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (header, tuple("---" for _ in header), *rows)
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _kind(rule: Rule) -> str:
    return rule.gives[0][0].value


def _found_in(rule: Rule) -> str:
    fields = {_FOUND_IN[term.field] for term in rule.terms}
    if "`groups`" in fields:
        fields = fields - {"`groups`"} | ({"`counts.group`"} if rule.counted else {"`groups`", "`counts.group`"})
    return ", ".join(sorted(fields))


def _codes(rule: Rule, kind: TagKind) -> str:
    found = [code for one, code in rule.gives if one is kind]
    return ", ".join(sorted(found, key=goals.order) if kind is TagKind.SDG else found)
